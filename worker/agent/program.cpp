#include "worker/agent/program.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>
#include <thread>
#include <utility>

#include "base/child_process.hpp"
#include "base/gang/tcp.hpp"
#include "base/logging.hpp"
#include "worker/agent/agent.hpp"
#include "worker/agent/command_line.hpp"

namespace checkerlab::worker {
namespace {

namespace asio = boost::asio;

// The machine's cores are shared out among the runners.
int threads_per_runner(int slots) {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / slots);
}

// The runners' name of the device, and how it is used.
void set_device(AgentOptions& options, const std::string& wanted) {
  options.device = options.device_info.type;
  if (options.device_info.type != "cuda") return;
  options.device_load = nvidia_device_load(options.device_info.count);
  if (!wanted.starts_with("cuda:")) return;
  options.device = wanted;
  options.device_load = [all = options.device_load, index = std::stoi(wanted.substr(5))] {
    auto loads = all();
    std::erase_if(loads, [index](const rpc::DeviceLoad& load) { return load.index != index; });
    return loads;
  };
}

AgentOptions agent_options(const CommandLine& line, const Program& program) {
  AgentOptions options;
  options.name = line.name;
  options.slots = line.slots;
  options.prefetch = line.prefetch;
  options.kinds = program.kinds;
  for (const std::string& label : line.labels)
    options.labels[label.substr(0, label.find('='))] = label.substr(label.find('=') + 1);
  options.runner_command = {own_executable().string(), "runner", std::to_string(threads_per_runner(line.slots))};
  options.device_info = program.describe_device(line.device);
  set_device(options, line.device);
  options.gang_host = line.gang_host;
  options.cache_folder = claim_cache_folder(line.cache);
  options.cache_limit_bytes = line.cache_limit;
  return options;
}

// The first signal asks, the second does not.
void stop_on_signal(asio::signal_set& signals, asio::io_context& context, Agent& agent, bool asked = false) {
  signals.async_wait([&signals, &context, &agent, asked](auto error, int) {
    if (error) return;
    if (asked) return context.stop();
    agent.stop();
    stop_on_signal(signals, context, agent, true);
  });
}

// A coordinator that is about to be started, or started again, is waited for where its place was named.
void announce(const EndpointProvider& endpoint, bool may_come_later) {
  try {
    spdlog::info("coordinator {}", endpoint().url());
  } catch (const Error& error) {
    if (!may_come_later || error.code() != ErrorCode::unavailable) throw;
    spdlog::warn("{}; waiting for it", error.what());
  }
}

int run(const CommandLine& line, const Program& program) {
  setup_logging({line.log_level, true, {}});
  std::signal(SIGPIPE, SIG_IGN);
  if (!line.gang_host.empty()) listen_at(line.gang_host);  // a wrong one is told now, not when a training begins
  const auto endpoint = endpoint_provider(line);
  announce(endpoint, !line.data.empty());
  SystemFiles files;
  const SystemClock clock;
  asio::io_context context;
  asio::signal_set signals(context, SIGTERM, SIGINT);
  Agent agent(context, agent_options(line, program),
              {websocket_links(context, endpoint), http_artifacts(endpoint), files, clock});
  for (const int pid : agent.runner_pids())
    spdlog::info("runner started, process {}", pid);
  stop_on_signal(signals, context, agent);
  std::optional<rpc::Problem> refused;
  agent.start([&](const std::optional<rpc::Problem>& problem) {
    refused = problem;
    context.stop();
  });
  context.run();
  if (!refused) return 0;
  std::cerr << "error: the coordinator refused this worker: " << refused->detail << " " << refused->fix << "\n";
  return 1;
}

}  // namespace

int run_worker(int argc, char** argv, const Program& program) {
  const auto parsed = parse_command_line(argc, argv);
  if (!parsed.options) return parsed.exit_code;
  try {
    return run(*parsed.options, program);
  } catch (const Error& error) {
    std::cerr << "error: " << error.full_text() << "\n";
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << "\n";
  }
  return 1;
}

}  // namespace checkerlab::worker
