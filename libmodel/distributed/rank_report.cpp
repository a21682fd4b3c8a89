#include "libmodel/distributed/rank_report.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>

namespace checkerlab::model {
namespace {

using Json = nlohmann::json;

}  // namespace

void send_rank_report(const std::exception& reason) noexcept {
  try {
    const auto* error = dynamic_cast<const Error*>(&reason);
    std::string message = reason.what();
    if (error == nullptr) message = message.substr(0, message.find('\n'));  // LibTorch adds its own call stack
    const Json report{{"code", to_string(error != nullptr ? error->code() : ErrorCode::internal)},
                      {"message", message},
                      {"fix", error != nullptr ? error->fix() : ""}};
    const std::string text = report.dump(-1, ' ', false, Json::error_handler_t::replace);
    [[maybe_unused]] const auto written = ::write(kRankReport, text.data(), text.size());
  } catch (const std::exception&) {
    return;  // the exit code is left to tell
  }
}

std::optional<Error> parse_rank_report(std::string_view text) {
  const Json report = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!report.is_object()) return std::nullopt;
  const auto field = [&](const char* name) {
    return report.contains(name) && report[name].is_string() ? report[name].get<std::string>() : std::string();
  };
  if (field("message").empty()) return std::nullopt;
  return Error(error_code_from(field("code")), field("message"), field("fix"));
}

}  // namespace checkerlab::model
