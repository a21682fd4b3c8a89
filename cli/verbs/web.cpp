// `checkerlab web`: the link that signs a browser in. It opens nothing.
#include "cli/client/session.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

class WebVerb final : public Verb {
 public:
  void configure(CLI::App&) override {}

  ExitCode run(Context& context) override {
    Session session = connect(context);
    const rpc::Json link = session.http().post("/api/v1/sign_in_links");
    if (context.options.json) {
      print_document(context.console.out, link);
    } else {
      context.console.out << link.at("url").get<std::string>() << "\n" << std::flush;
      context.console.err << "signs one browser in, until " << link.at("expires_at").get<std::string>() << std::endl;
    }
    return ExitCode::success;
  }
};

}  // namespace

std::unique_ptr<Verb> make_web_verb() {
  return std::make_unique<WebVerb>();
}

}  // namespace checkerlab::cli
