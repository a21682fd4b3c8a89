#include "base/error_text.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/error.hpp"

namespace checkerlab {
namespace {

std::string indented(std::string_view text, const std::string& indent) {
  std::string result = indent;
  for (const char c : text) {
    result += c;
    if (c == '\n') result += indent;
  }
  return result;
}

}  // namespace

std::string error_text(const std::exception& exception) {
  std::string text = std::string("error: ") + exception.what() + "\n";
  const auto* error = dynamic_cast<const Error*>(&exception);
  if (error != nullptr && !error->fix().empty()) text += indented("fix: " + error->fix(), "  ") + "\n";
  return text;
}

nlohmann::json error_json(const std::exception& exception) {
  const auto* error = dynamic_cast<const Error*>(&exception);
  return {{"code", to_string(error == nullptr ? ErrorCode::internal : error->code())},
          {"message", exception.what()},
          {"fix", error == nullptr ? "" : error->fix()}};
}

}  // namespace checkerlab
