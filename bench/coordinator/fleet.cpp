#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "bench/coordinator/lab.hpp"
#include "bench/coordinator/measures.hpp"
#include "bench/coordinator/table.hpp"
#include "rpc/messages.hpp"
#include "rpc/websocket_client.hpp"

namespace checkerlab::bench {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr int kWorkers = 1'000;
constexpr auto kWatch = 20s;

// A worker as the coordinator sees it, idle: says hello, then heartbeats as often as it was told to.
class IdleWorker {
 public:
  IdleWorker(asio::io_context& context, const rpc::Endpoint& endpoint, int number, int& welcomed)
      : timer_(context),
        client_(context, endpoint,
                {[this, number] { say_hello(number); },
                 [this, &welcomed](const std::string& text) { take(text, welcomed); },
                 [](const rpc::Problem& problem) {
                   throw std::runtime_error("a worker was cut off: " + problem.detail);
                 }}) {
    client_.open();
  }

 private:
  void say_hello(int number) {
    const std::string name = "idle-" + std::to_string(number);
    client_.send(rpc::encode_text(rpc::WorkerMessage(rpc::Hello{.name = name,
                                                                .instance = name,
                                                                .version = "bench",
                                                                .slots = 1,
                                                                .prefetch = 1,
                                                                .kinds = {"train_model"},
                                                                .device = {"cpu", "none", 0, 1},
                                                                .held = {}})));
  }

  void take(const std::string& text, int& welcomed) {
    for (const auto& message : rpc::decode_coordinator_frame(text)) {
      const auto* welcome = std::get_if<rpc::Welcome>(&message);
      if (welcome == nullptr) continue;
      ++welcomed;
      every_ = std::chrono::milliseconds(static_cast<int>(welcome->heartbeat_seconds * 1'000));
      beat();
    }
  }

  void beat() {
    timer_.expires_after(every_);
    timer_.async_wait([this](auto error) {
      if (error) return;
      client_.send(rpc::encode_text(rpc::WorkerMessage(rpc::Heartbeat{})));
      beat();
    });
  }

  asio::steady_timer timer_;
  rpc::WebSocketClient client_;
  std::chrono::milliseconds every_{};
};

}  // namespace

void measure_fleet(const Setting& setting) {
  const int count = std::max(10, static_cast<int>(kWorkers * setting.scale));
  Row row{fmt::format("coordinator's CPU with {} idle workers and their heartbeats", count), "% core", {}, "<= 10"};
  Lab lab(setting.bin, {"--max-connections", "2048"});
  asio::io_context context;
  std::vector<std::unique_ptr<IdleWorker>> workers;
  int welcomed = 0;
  const auto endpoint = rpc::discover_endpoint(lab.data());
  for (int i = 0; i < count; ++i) {
    workers.push_back(std::make_unique<IdleWorker>(context, endpoint, i, welcomed));
    while (welcomed <= i)
      context.run_one();
  }
  for (int i = 0; i < setting.runs; ++i) {
    const double before = cpu_seconds(lab.coordinator_pid());
    const auto begin = Clock::now();
    context.run_for(kWatch);
    row.values.push_back((cpu_seconds(lab.coordinator_pid()) - before) / seconds_since(begin) * 100);
  }
  print_row(row);
}

}  // namespace checkerlab::bench
