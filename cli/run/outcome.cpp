#include "cli/run/outcome.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text/number.hpp"
#include "base/text/text_width.hpp"
#include "cli/figure/from_api.hpp"
#include "cli/figure/render.hpp"
#include "cli/results/results_table.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kShownFailures = 5;
constexpr std::size_t kMostFailures = 1000;
constexpr std::size_t kKeyStart = 12;  // characters that name a job

std::string study_path(const Json& study) {
  return "/api/v1/studies/" + rpc::escape_query(study.at("id").get<std::string>());
}

std::string page_of(Session& session, const Json& study) {
  return session.endpoint().url() + "/studies/" + rpc::escape_query(study.at("id").get<std::string>());
}

Json failed_jobs(Session& session, const Json& study) {
  if (study.at("state") != "failed") return Json::array();
  return session.all_items("/api/v1/jobs?state=failed&study=" + rpc::escape_query(study.at("id").get<std::string>()),
                           kMostFailures);
}

std::string failure_text(const Json& job, const std::string& program) {
  const rpc::Fields fields(job, "job");
  std::string text = "failed: " + fields.text("kind") + " (" + printable(fields.text("label")) + ")\n";
  if (fields.has("error")) {
    const rpc::Fields error = fields.fields("error");
    text += "  " + printable(error.text("message")) + "\n";
    if (const auto fix = error.text_or("fix", ""); !fix.empty()) text += "  fix: " + printable(fix) + "\n";
  }
  return text + "  more: " + program + " logs " + fields.text("key").substr(0, kKeyStart) + "\n";
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Error(ErrorCode::io_error, "cannot make the folder " + folder.string() + ": " + error.message());
}

}  // namespace

WrittenFigure write_figure(Session& session, const Json& study, const std::filesystem::path& path) {
  WrittenFigure written{.document = session.http().get(study_path(study) + "/figure"), .path = {}};
  if (result_rows(written.document).empty()) return written;
  const std::string title = study.value("title", "").empty() ? study.at("name") : study.at("title");
  make_folder(std::filesystem::absolute(path).parent_path());
  SystemFiles().write_atomic(path, figure::render_svg(figure::from_api(title, written.document)), 0644);
  written.path = std::filesystem::absolute(path).lexically_normal();
  return written;
}

std::string failures_text(const Json& jobs, const std::string& program) {
  std::string text;
  for (std::size_t i = 0; i < jobs.size() && i < kShownFailures; ++i)
    text += failure_text(jobs.at(i), program);
  if (jobs.size() <= kShownFailures) return text;
  return text + "and " + grouped(static_cast<long long>(jobs.size() - kShownFailures)) + " more: " + program +
         " jobs --state failed\n";
}

void print_outcome(Context& context, Session& session, const Json& study, const std::filesystem::path& figure_path) {
  const Json failures = failed_jobs(session, study);
  const WrittenFigure figure = write_figure(session, study, figure_path);
  const std::string database = session.http().get("/api/v1/version").at("database");
  if (context.options.json) {
    const Json line{
        {"type", "finished"},        {"study", study},
        {"figure", figure.document}, {"figure_path", figure.path.empty() ? Json() : Json(figure.path.string())},
        {"database", database},      {"page", page_of(session, study)},
        {"failed_jobs", failures}};
    context.console.out << line.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
    return;
  }
  context.console.err << failures_text(failures, context.program()) << std::flush;
  std::ostream& out = context.console.out;
  out << "\n" << results_text(result_rows(figure.document)) << search_text(figure.document) << "\n";
  if (!figure.path.empty()) out << "Figure:   " << figure.path.string() << "\n";
  out << "Database: " << database << "\n";
  out << "Page:     " << page_of(session, study) << std::endl;
}

}  // namespace checkerlab::cli
