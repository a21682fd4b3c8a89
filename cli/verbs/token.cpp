// `checkerlab token`: gives tokens out, lists them and ends them.
#include "cli/client/session.hpp"
#include "cli/tables/table.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

using rpc::Json;

std::string text_or(const Json& value, const std::string& otherwise) {
  return value.is_string() && !value.get<std::string>().empty() ? value.get<std::string>() : otherwise;
}

Table token_table(const Json& tokens) {
  Table table({{"Id"}, {"User"}, {"Role"}, {"Label"}, {"Worker"}, {"State"}, {"Expires"}, {"Last used"}});
  for (const auto& token : tokens) {
    table.add_row({token.at("id"), token.at("user"), token.at("role"), text_or(token.at("label"), "–"),
                   text_or(token.at("worker"), token.at("role") == "worker" ? "any" : "–"), token.at("state"),
                   text_or(token.at("expires_at"), "never"), text_or(token.at("last_used_at"), "never")});
  }
  return table;
}

class TokenVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.require_subcommand(1);
    configure_add(*command.add_subcommand("add", "Give out a token; it is printed once and kept nowhere"));
    list_ = command.add_subcommand("list", "List the tokens that were given out");
    configure_revoke(*command.add_subcommand("revoke", "End tokens at once, with what was opened by them"));
    for (auto* sub : {add_, list_, revoke_})
      sub->fallthrough();
  }

  ExitCode run(Context& context) override {
    Session session = connect(context);
    if (add_->parsed()) return add(context, session);
    if (revoke_->parsed()) return revoke(context, session);
    const Json tokens = session.http().get("/api/v1/tokens");
    if (context.options.json) {
      print_document(context.console.out, tokens);
    } else if (tokens.at("items").empty()) {
      context.console.out << "No token was given out; the owner's token file works always.\n";
    } else {
      context.console.out << token_table(tokens.at("items")).to_text();
    }
    return ExitCode::success;
  }

 private:
  void configure_add(CLI::App& command) {
    add_ = &command;
    command.add_option("USER", user_, "Whom it is for")->required()->type_name("NAME");
    command.add_option("--role", role_, "What it allows")
        ->required()
        ->check(CLI::IsMember({"read", "submit", "worker", "admin"}));
    command.add_option("--label", label_, "What tells it from others of the same user")->type_name("TEXT");
    command.add_option("--worker", worker_, "The one name that a worker may have with it")->type_name("NAME");
    command.add_option("--expires", expires_, "How long it lives, such as 12h or 90d (default: until it is revoked)")
        ->transform(CLI::AsNumberWithUnit(
            std::map<std::string, std::int64_t>{{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86'400}, {"w", 604'800}},
            CLI::AsNumberWithUnit::UNIT_REQUIRED))
        ->type_name("TIME");
  }

  void configure_revoke(CLI::App& command) {
    revoke_ = &command;
    command.add_option("ID", ids_, "Ids of tokens, as listed")->required()->type_name("ID");
  }

  ExitCode add(Context& context, Session& session) {
    Json wanted{{"user", user_}, {"role", role_}, {"label", label_}, {"worker", worker_}};
    if (expires_ > 0) wanted["expires_in_seconds"] = expires_;
    const Json token = session.http().post("/api/v1/tokens", wanted);
    if (context.options.json) {
      print_document(context.console.out, token);
    } else {
      context.console.out << token.at("token").get<std::string>() << "\n" << std::flush;
      context.console.err << "id " << token.at("id").get<std::string>() << ", role " << role_ << ", expires "
                          << text_or(token.at("expires_at"), "never") << "; it is not shown again" << std::endl;
    }
    return ExitCode::success;
  }

  ExitCode revoke(Context& context, Session& session) {
    Json revoked = Json::array();
    for (const auto& id : ids_)
      revoked.push_back(session.http().post("/api/v1/tokens/" + rpc::escape_query(id) + "/revoke"));
    if (context.options.json) {
      print_document(context.console.out, {{"items", revoked}});
    } else {
      context.console.out << token_table(revoked).to_text();
    }
    return ExitCode::success;
  }

  CLI::App* add_ = nullptr;
  CLI::App* list_ = nullptr;
  CLI::App* revoke_ = nullptr;
  std::string user_;
  std::string role_;
  std::string label_;
  std::string worker_;
  std::int64_t expires_ = 0;
  std::vector<std::string> ids_;
};

}  // namespace

std::unique_ptr<Verb> make_token_verb() {
  return std::make_unique<TokenVerb>();
}

}  // namespace checkerlab::cli
