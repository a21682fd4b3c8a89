#include "bench/coordinator/lab.hpp"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace checkerlab::bench {
namespace {

using namespace std::chrono_literals;

bool is_ready(const std::filesystem::path& data) {
  if (!rpc::find_endpoint(data)) return false;
  try {
    rpc::HttpClient client(rpc::discover_endpoint(data));
    return client.request(rpc::Method::kGet, "/readyz").status == 200;
  } catch (const rpc::TransportError&) {
    return false;
  }
}

}  // namespace

double cpu_seconds(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream rest(text.substr(text.rfind(')') + 2));
  std::string skipped;
  constexpr int kBeforeTimes = 11;
  for (int i = 0; i < kBeforeTimes; ++i)
    rest >> skipped;
  double user = 0;
  double system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double resident_mib(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

Lab::Lab(std::filesystem::path bin, std::vector<std::string> options)
    : bin_(std::move(bin)), options_(std::move(options)), folder_("checkerlab-bench") {
  start_coordinator();
}

double Lab::start_coordinator() {
  const auto begin = Clock::now();
  ChildOptions start{.arguments = {(bin_ / "checkerlab-coordinator").string(), "--data", data().string(), "--listen",
                                   "127.0.0.1:0", "--log-level", "error"}};
  start.arguments.insert(start.arguments.end(), options_.begin(), options_.end());
  coordinator_ = std::make_unique<ChildProcess>(start);
  while (!is_ready(data())) {
    if (const auto status = coordinator_->wait(2ms))
      throw std::runtime_error("the coordinator ended: " + status->text());
  }
  return seconds_since(begin);
}

void Lab::stop_coordinator() {
  coordinator_->stop(60s);
  coordinator_.reset();
}

void Lab::start_worker(int slots, int prefetch) {
  const auto real = bin_ / "checkerlab-worker";
  const auto program = std::filesystem::exists(real) ? real : bin_ / "noop_worker";
  const std::string cache = (data() / "cache").string();
  workers_.push_back(std::make_unique<ChildProcess>(
      ChildOptions{.arguments = {program.string(), "--data", data().string(), "--name", "bench", "--device", "cpu",
                                 "--slots", std::to_string(slots), "--prefetch", std::to_string(prefetch), "--cache",
                                 cache, "--log-level", "error"}}));
  auto client = this->client();
  while (client.get("/api/v1/workers").at("items").empty()) {
    if (const auto status = workers_.back()->wait(10ms))
      throw std::runtime_error("the worker ended: " + status->text());
  }
}

std::string submit_noop(rpc::HttpClient& client, const std::string& name, int count) {
  return client.post("/api/v1/noop_studies", {{"name", name}, {"count", count}}).at("id").get<std::string>();
}

void await_study(const Lab& lab, const std::string& study) {
  auto client = lab.client();
  std::string state;
  client.read_events("/api/v1/events?study=" + study,
                     [&](const rpc::ServerEvent& event) {
                       if (event.type == "reset") {
                         state = lab.client().get("/api/v1/studies/" + study).at("state").get<std::string>();
                         return state == "queued" || state == "running";
                       }
                       if (event.type != "study") return true;
                       state = rpc::Json::parse(event.data).at("study").at("state").get<std::string>();
                       return state == "queued" || state == "running";
                     },
                     {.last_event_id = "0"});
  if (state != "succeeded") throw std::runtime_error("the study " + study + " ended as " + state);
}

}  // namespace checkerlab::bench
