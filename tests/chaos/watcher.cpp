#include "tests/chaos/watcher.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace checkerlab::chaos {

using namespace std::chrono_literals;

namespace {

constexpr auto kLookAgain = 20ms;
constexpr auto kLongest = 60s;
constexpr std::size_t kMostLies = 12;
constexpr std::uint64_t kEveryJob = 10;  // of the events about jobs, one in so many is held against the file

SQLite::Database open(const std::filesystem::path& file) {
  return {file.string(), SQLite::OPEN_READONLY, 10'000};
}

std::int64_t succeeded_on_disk(SQLite::Database& database, const std::string& study) {
  SQLite::Statement query(database,
                          "SELECT COUNT(*) FROM studies s JOIN study_jobs l ON l.study = s.number JOIN jobs j ON "
                          "j.number = l.job AND j.state = 'succeeded' WHERE s.id = ?");
  query.bind(1, study);
  query.executeStep();
  return query.getColumn(0).getInt64();
}

std::string state_on_disk(SQLite::Database& database, const char* sql, const std::string& name) {
  SQLite::Statement query(database, sql);
  query.bind(1, name);
  return query.executeStep() ? query.getColumn(0).getString() : "not there";
}

constexpr const char* kStateOfStudy = "SELECT state FROM studies WHERE id = ?";
constexpr const char* kStateOfJob = "SELECT state FROM jobs WHERE key = ?";

}  // namespace

Watcher::Watcher(rpc::Endpoint endpoint, std::filesystem::path database)
    : endpoint_(std::move(endpoint)),
      file_(std::move(database)),
      told_([this](const std::string& what) { report("told: " + what); }),
      asked_([this](const std::string& what) { report("asked: " + what); }),
      follower_([this](const std::stop_token& stop) { follow(stop); }),
      poller_([this](const std::stop_token& stop) { poll(stop); }) {}

Watcher::~Watcher() = default;

void Watcher::report(const std::string& what) {
  const std::lock_guard lock(mutex_);
  if (lies_.size() < kMostLies) lies_.push_back(what);
}

void Watcher::follow(const std::stop_token& stop) {
  try {
    auto database = open(file_);
    rpc::HttpClient client(endpoint_, {.stop = stop});
    client.read_events("/api/v1/events",
                       [&](const rpc::ServerEvent& event) {
                         take(event, database);
                         return true;
                       },
                       {.last_event_id = "0", .give_up_after = kLongest, .stop = stop});
  } catch (const std::exception& error) {
    if (!stop.stop_requested()) report(std::string("the stream of events ended: ") + error.what());
  }
}

void Watcher::take(const rpc::ServerEvent& event, SQLite::Database& database) {
  const auto number = std::stoull(event.id);
  if (event.type == "reset") return report("the stream lost its place after event " + std::to_string(last_event_));
  if (number <= last_event_) report("event " + event.id + " came after event " + std::to_string(last_event_));
  last_event_ = number;
  ++events_;
  const Json data = Json::parse(event.data);
  if (event.type == "study") {
    told_.show_study(data.at("study"));
    hold_against(database, data.at("study"));
  }
  if (event.type == "jobs") told_.forget_jobs(data.at("study").get<std::string>());
  if (event.type != "job") return;
  const Json& job = data.at("job");
  told_.show_job(job);
  if (job.at("state") != "succeeded" || events_ % kEveryJob != 0) return;
  const auto on_disk = state_on_disk(database, kStateOfJob, job.at("key").get<std::string>());
  if (on_disk != "succeeded") report("told of a job that is " + on_disk + " on disk: " + job.dump());
}

void Watcher::hold_against(SQLite::Database& database, const Json& study) {
  const auto id = study.at("id").get<std::string>();
  const auto on_disk = succeeded_on_disk(database, id);
  if (study.at("jobs").at("succeeded").get<std::int64_t>() > on_disk)
    report("only " + std::to_string(on_disk) + " jobs have succeeded on disk: " + study.dump());
  if (study.at("state") != "succeeded") return;
  const auto state = state_on_disk(database, kStateOfStudy, id);
  if (state != "succeeded") report("the study is " + state + " on disk: " + study.dump());
  const std::lock_guard lock(mutex_);
  ended_ = static_cast<std::size_t>(std::ranges::count_if(
      told_.studies(), [](const auto& entry) { return entry.second.at("state") == "succeeded"; }));
  changed_.notify_all();
}

void Watcher::poll(const std::stop_token& stop) {
  std::mutex mine;
  std::unique_lock lock(mine);
  std::condition_variable_any never;
  auto database = open(file_);
  rpc::HttpClient client(endpoint_, {.stop = stop});
  while (!stop.stop_requested()) {
    try {
      poll_once(client, database);
    } catch (const Error&) {
      // Nobody answers at the moment; the page says so and tries again.
    } catch (const std::exception& error) {
      return report(std::string("a document cannot be read: ") + error.what());
    }
    never.wait_for(lock, stop, kLookAgain, [] { return false; });
  }
}

void Watcher::poll_once(rpc::HttpClient& client, SQLite::Database& database) {
  const Json studies = client.get("/api/v1/studies?limit=1000");
  for (const Json& study : studies.at("items")) {
    asked_.show_study(study);
    // The stream has a thread of its own and counts for itself.
    const auto on_disk = succeeded_on_disk(database, study.at("id").get<std::string>());
    if (study.at("jobs").at("succeeded").get<std::int64_t>() > on_disk)
      report("asked: only " + std::to_string(on_disk) + " jobs have succeeded on disk: " + study.dump());
  }
  const Json jobs = client.get("/api/v1/jobs?limit=200");
  for (const Json& job : jobs.at("items"))
    asked_.show_job(job);
  ++documents_;
}

std::vector<std::string> Watcher::finish(std::size_t studies) {
  bool ended = false;
  std::uint64_t last = 0;
  {
    std::unique_lock lock(mutex_);
    ended = changed_.wait_for(lock, kLongest, [&] { return ended_ >= studies; });
    last = documents_;
  }
  if (!ended) report("the stream did not tell of the end of all studies");
  {
    // One look more, which began when all was over.
    std::unique_lock lock(mutex_);
    while (ended && documents_ < last + 2)
      changed_.wait_for(lock, kLookAgain);
  }
  for (auto* thread : {&follower_, &poller_}) {
    thread->request_stop();
    thread->join();
  }
  compare(told_, "told");
  compare(asked_, "asked");
  return lies_;
}

void Watcher::compare(const PageView& view, const char* whose) {
  auto database = open(file_);
  for (const auto& [id, study] : view.studies()) {
    const auto state = state_on_disk(database, kStateOfStudy, id);
    if (study.at("state") != state || study.at("jobs").at("succeeded") != succeeded_on_disk(database, id))
      report(std::string(whose) + " at the end, and " + state + " on disk: " + study.dump());
  }
  for (const auto& [key, job] : view.jobs()) {
    const auto state = state_on_disk(database, kStateOfJob, key);
    // A page asks for some of the jobs only, and may have asked for these long ago.
    if (job.at("state") != state && std::string_view(whose) == "told")
      report(std::string(whose) + " at the end, and " + state + " on disk: " + job.dump());
  }
}

}  // namespace checkerlab::chaos
