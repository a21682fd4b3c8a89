#include "cli/errors/report.hpp"

#include <nlohmann/json.hpp>

#include "base/error_text.hpp"
#include "sweeps/issue_text.hpp"

namespace checkerlab::cli {

void report(Console& console, const std::exception& exception, bool json) {
  using Json = nlohmann::json;
  const auto* refused = dynamic_cast<const sweeps::DefinitionRefused*>(&exception);
  if (json) {
    Json error = error_json(exception);
    if (refused != nullptr) error.update(sweeps::issues_json(refused->cause()));
    console.err << Json{{"error", error}}.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
    return;
  }
  console.err << (refused != nullptr ? sweeps::issues_text(refused->cause(), refused->source()) : error_text(exception))
              << std::flush;
}

}  // namespace checkerlab::cli
