// `checkerlab version`: of this program, and of the coordinator where one runs.
#include "base/version.hpp"

#include "base/error.hpp"
#include "cli/client/session.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

using rpc::Json;

class VersionVerb final : public Verb {
 public:
  void configure(CLI::App&) override {}

  ExitCode run(Context& context) override {
    const Json coordinator = coordinator_version(context);
    if (context.options.json) {
      print_document(context.console.out, {{"version", version_string()}, {"coordinator", coordinator}});
      return ExitCode::success;
    }
    context.console.out << "checkerlab  " << version_string() << "\n";
    if (coordinator.is_null()) {
      context.console.out << "coordinator none runs\n";
    } else {
      context.console.out << "coordinator " << coordinator.at("version").get<std::string>() << " at "
                          << coordinator.at("url").get<std::string>() << "\n"
                          << "database    " << coordinator.at("database").get<std::string>() << "\n";
    }
    return ExitCode::success;
  }

 private:
  static Json coordinator_version(const Context& context) {
    const auto endpoint = find_coordinator(context);
    if (!endpoint) return {};
    Json version = Session(*endpoint, context.console.stop).http().get("/api/v1/version");
    version["url"] = endpoint->url();
    return version;
  }
};

}  // namespace

std::unique_ptr<Verb> make_version_verb() {
  return std::make_unique<VersionVerb>();
}

}  // namespace checkerlab::cli
