// `checkerlab reproduce ITEM`: a table or figure of the paper from the database, beside what the paper prints.
#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/suggestion.hpp"
#include "cli/client/session.hpp"
#include "cli/reproduce/items/inputs.hpp"
#include "cli/reproduce/report/writers.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

using namespace reproduce;

constexpr long long kMostRows = 1'000'000;

const Item& item_named(const std::string& name) {
  std::vector<std::string> names;
  for (const Item& item : all_items()) {
    if (item.name == name) return item;
    names.emplace_back(item.name);
  }
  const auto nearest = nearest_name(name, names);
  throw Error(ErrorCode::invalid_argument, "there is nothing called '" + name + "' to reproduce",
              nearest ? "Did you mean " + *nearest + "?"
                      : "Choose one of table1, table2, fig1, fig3, fig4, fig5, fig6, fig7, fig8.");
}

// "ROW=FILE"
GivenScore score_of(const std::string& text) {
  // A row's name may hold an equals sign ("… cfg=1.4"): the last one divides.
  const auto at = text.rfind('=');
  if (at == std::string::npos || at == 0 || at + 1 == text.size())
    throw Error(ErrorCode::invalid_argument, "--score " + text + " is not ROW=FILE",
                "Write for example --score 'VAR-d16=var.json'.");
  const std::string file = text.substr(at + 1);
  return read_score(text.substr(0, at), file, SystemFiles().read(file));
}

class ReproduceVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    std::string items;  // written as completion reads choices
    for (const Item& item : all_items())
      items += std::string(items.empty() ? "{" : ",") + item.name;
    command.add_option("ITEM", item_, "Table or figure of the paper")->required()->type_name(items + "}");
    command.add_option("--study", studies_, "Name or id of a study to read; repeatable (default: all, newest first)")
        ->allow_extra_args(false)
        ->type_name("NAME");
    command
        .add_option("--score", scores_,
                    "Scores of a row's samples, from `checkerlab score --json`; repeatable (tables)")
        ->allow_extra_args(false)
        ->type_name("ROW=FILE");
    command.add_option("--out", out_, "Folder for ITEM.md, ITEM.csv, ITEM.html and the pictures")
        ->required()
        ->type_name("DIR");
  }

  ExitCode run(Context& context) override {
    const Item& item = item_named(item_);
    const bool table = item_.starts_with("table");
    if (!scores_.empty() && !table)
      throw Error(ErrorCode::invalid_argument, "--score goes with table1 and table2 only");
    std::optional<Session> session;
    if (*item.definition != '\0') session.emplace(connect_to_read(context));
    const Report report = item.make(inputs(session));
    const auto files = write(report);
    print(context, report, files);
    return ExitCode::success;
  }

 private:
  Inputs inputs(std::optional<Session>& session) const {
    Inputs inputs{.published = sweeps::published(),
                  .studies = {},
                  .named = !studies_.empty(),
                  .ask = {},
                  .fetch = {},
                  .scores = {}};
    for (const std::string& score : scores_)
      inputs.scores.push_back(score_of(score));
    if (!session) return inputs;
    inputs.ask = [&session](const std::string& sql) {
      return session->http().post("/api/v1/query", {{"sql", sql}, {"max_rows", kMostRows}});
    };
    inputs.fetch = [&session](const std::string& sha256) {
      const TemporaryFolder folder("checkerlab-artifact");
      const auto file = folder.path() / "artifact";
      session->http().download_file(sha256, file);
      return SystemFiles().read(file);
    };
    inputs.studies = choose_studies(read_studies(inputs.ask), studies_);
    return inputs;
  }

  // Everything is made before the first file is written.
  std::vector<std::string> write(const Report& report) const {
    std::vector<std::pair<std::string, std::string>> files{{report.item + ".md", to_markdown(report)},
                                                           {report.item + ".csv", to_csv(report)},
                                                           {report.item + ".html", to_html(report)}};
    for (const Picture& picture : report.pictures)
      files.emplace_back(picture.file, picture.content);
    std::error_code error;
    std::filesystem::create_directories(out_, error);
    if (error || !std::filesystem::is_directory(out_))
      throw Error(ErrorCode::io_error, "cannot make the folder " + out_.string(), "Name another with --out.");
    std::vector<std::string> written;
    for (const auto& [name, content] : files) {
      SystemFiles().write_atomic(out_ / name, content, 0644);
      written.push_back((out_ / name).string());
    }
    return written;
  }

  static void print(Context& context, const Report& report, const std::vector<std::string>& files) {
    if (context.options.json) {
      auto document = to_json(report);
      document["files"] = files;
      print_document(context.console.out, document);
      return;
    }
    context.console.out << to_text(report);
    for (const std::string& file : files)
      context.console.out << file << "\n";
  }

  std::string item_;
  std::vector<std::string> studies_, scores_;
  std::filesystem::path out_;
};

}  // namespace

std::unique_ptr<Verb> make_reproduce_verb() {
  return std::make_unique<ReproduceVerb>();
}

}  // namespace checkerlab::cli
