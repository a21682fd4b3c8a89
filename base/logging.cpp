#include "base/logging.hpp"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace checkerlab {
namespace {

// One JSON object a line; the message is escaped, whatever it holds.
class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto level = spdlog::level::to_string_view(message.level);
    const nlohmann::json line{{"time", rfc3339(std::chrono::floor<std::chrono::milliseconds>(message.time))},
                              {"level", std::string(level.data(), level.size())},
                              {"text", std::string(message.payload.data(), message.payload.size())}};
    const std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

spdlog::level::level_enum parse_level(const std::string& name) {
  const auto level = spdlog::level::from_str(name);
  if (level == spdlog::level::off && name != "off") {
    throw Error(ErrorCode::invalid_argument, "unknown log level '" + name + "'",
                "Use trace, debug, info, warn, error or off.");
  }
  return level;
}

}  // namespace

void setup_logging(const LoggingOptions& options) {
  const auto level = parse_level(options.level);
  std::vector<spdlog::sink_ptr> sinks;
  if (options.to_stderr) {
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    sink->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
    sinks.push_back(std::move(sink));
  }
  if (!options.json_file.empty()) {
    try {
      auto sink =
          std::make_shared<spdlog::sinks::rotating_file_sink_mt>(options.json_file.string(), std::size_t{16} << 20, 3);
      sink->set_formatter(std::make_unique<JsonFormatter>());
      sinks.push_back(std::move(sink));
    } catch (const spdlog::spdlog_ex& error) {
      throw Error(ErrorCode::io_error, "cannot open the log file " + options.json_file.string() + ": " + error.what());
    }
  }
  auto logger = std::make_shared<spdlog::logger>("checkerlab", sinks.begin(), sinks.end());
  logger->set_level(level);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace checkerlab
