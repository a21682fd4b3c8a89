// `checkerlab results`: what was measured, as table, CSV, JSON or figure; or the answer to any SQL.
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "cli/client/session.hpp"
#include "cli/figure/from_api.hpp"
#include "cli/figure/render.hpp"
#include "cli/results/results_table.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

using rpc::Json;

std::string indented(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

class ResultsVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("STUDY", study_, "Name or id of a study (default: the latest)")->type_name("NAME");
    auto* sql = command.add_option("--sql", sql_, "A read-only query instead; fig_5 is a view of all studies")
                    ->type_name("SQL");
    command.add_option("--format", format_, "How to print")->check(CLI::IsMember({"table", "csv", "json", "svg"}));
    command.add_option("--out", out_, "Write to a file instead of standard output")->type_name("FILE");
    command.add_option("--max-rows", max_rows_, "Most rows of a query (default: the coordinator's limit)")
        ->check(CLI::PositiveNumber)
        ->needs(sql)
        ->type_name("N");
  }

  ExitCode run(Context& context) override {
    if (context.options.json && format_.empty()) format_ = "json";
    if (format_.empty()) format_ = "table";
    if (!sql_.empty() && !study_.empty()) {
      throw Error(ErrorCode::invalid_argument, "--sql asks about all studies: it does not go with a study's name",
                  "Name the study in the query's where clause.");
    }
    if (!sql_.empty() && format_ == "svg") {
      throw Error(ErrorCode::invalid_argument, "the answer to a query has no figure",
                  "Use --format table, csv or json; or name a study without --sql.");
    }
    Session session = connect_to_read(context);
    const std::string text = sql_.empty() ? study_text(session) : query_text(context, session);
    if (out_) {
      SystemFiles().write_atomic(*out_, text, 0644);
    } else {
      context.console.out << text;
    }
    return ExitCode::success;
  }

 private:
  Json study(Session& session) const {
    if (!study_.empty()) return session.http().get("/api/v1/studies/" + rpc::escape_query(study_));
    const Json page = session.http().get("/api/v1/studies?limit=1");
    if (!page.at("items").empty()) return page.at("items").at(0);
    throw Error(ErrorCode::not_found, "there is no study yet", "Start one with: checkerlab run sweeps/demo.yaml");
  }

  std::string study_text(Session& session) const {
    const Json found = study(session);
    const Json document =
        session.http().get("/api/v1/studies/" + rpc::escape_query(found.at("id").get<std::string>()) + "/figure");
    const std::string name = found.at("name");
    const std::string title = found.value("title", "").empty() ? name : found.at("title").get<std::string>();
    if (format_ == "svg") return figure::render_svg(figure::from_api(title, document));
    if (format_ == "csv") return results_csv(result_rows(document)).to_csv();
    if (format_ == "json") {
      return indented({{"id", found.at("id")},
                       {"name", name},
                       {"title", title},
                       {"series", document.at("series")},
                       {"search", document.value("search", Json())}});
    }
    return title + " (" + found.at("state").get<std::string>() + ")\n\n" + results_text(result_rows(document)) +
           search_text(document);
  }

  std::string query_text(Context& context, Session& session) const {
    Json question{{"sql", sql_}};
    if (max_rows_ > 0) question["max_rows"] = max_rows_;
    const Json answer = session.http().post("/api/v1/query", question);
    if (answer.at("truncated").get<bool>()) {
      context.console.err << "note: there are more rows; see --max-rows" << std::endl;
    }
    if (format_ == "json") return indented(answer);
    const Table table = query_table(answer);
    return format_ == "csv" ? table.to_csv() : table.to_text();
  }

  std::string study_;
  std::string sql_;
  std::string format_;
  std::optional<std::filesystem::path> out_;
  long long max_rows_ = 0;
};

}  // namespace

std::unique_ptr<Verb> make_results_verb() {
  return std::make_unique<ResultsVerb>();
}

}  // namespace checkerlab::cli
