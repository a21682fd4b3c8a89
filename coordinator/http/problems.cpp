#include "coordinator/http/problems.hpp"

#include <spdlog/spdlog.h>

#include "sweeps/parse.hpp"

namespace checkerlab::coordinator {
namespace {

std::string title_of(ErrorCode code) {
  std::string title(to_string(code));
  for (auto& c : title) {
    if (c == '_') c = ' ';
  }
  if (!title.empty() && title.front() >= 'a' && title.front() <= 'z')
    title.front() = static_cast<char>(title.front() - 'a' + 'A');
  return title;
}

rpc::Problem make_problem(int status, ErrorCode code, std::string detail, std::string fix) {
  return {.type = "urn:checkerlab:problem:" + std::string(to_string(code)),
          .title = title_of(code),
          .status = status,
          .detail = std::move(detail),
          .fix = std::move(fix),
          .errors = {}};
}

rpc::Problem definition_problem(const sweeps::DefinitionError& error) {
  auto problem = make_problem(422, error.code(), error.what(), error.fix());
  for (const auto& issue : error.issues()) {
    problem.errors.push_back(
        {.line = issue.line, .column = issue.column, .path = issue.path, .message = issue.message, .fix = issue.fix});
  }
  return problem;
}

}  // namespace

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return 400;
    case ErrorCode::invalid_data:
    case ErrorCode::not_finite:
      return 422;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::conflict:
    case ErrorCode::version_mismatch:
      return 409;
    case ErrorCode::unauthorized:
      return 401;
    case ErrorCode::forbidden:
      return 403;
    case ErrorCode::too_large:
      return 413;
    case ErrorCode::unavailable:
    case ErrorCode::cancelled:
      return 503;
    case ErrorCode::timeout:
      return 408;
    case ErrorCode::disk_full:
      return 507;
    case ErrorCode::io_error:
    case ErrorCode::out_of_memory:
    case ErrorCode::internal:
      return 500;
  }
  return 500;
}

unsigned status_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const rpc::ApiError& known) {
    return static_cast<unsigned>(known.status());
  } catch (const sweeps::DefinitionError&) {
    return 422;
  } catch (const Error& known) {
    return static_cast<unsigned>(status_of(known.code()));
  } catch (...) {
    return 500;
  }
}

rpc::Problem problem_of(std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const rpc::ApiError& known) {
    return known.problem();
  } catch (const sweeps::DefinitionError& known) {
    return definition_problem(known);
  } catch (const Error& known) {
    const int status = status_of(known.code());
    if (status >= 500) spdlog::error("request failed: {}", known.full_text());
    return make_problem(status, known.code(), known.what(), known.fix());
  } catch (const std::exception& unknown) {
    spdlog::error("request failed: {}", unknown.what());
  } catch (...) {
    spdlog::error("request failed: unknown exception");
  }
  return make_problem(500, ErrorCode::internal, "The coordinator failed to answer; its log says more.",
                      "Report this with the coordinator's log.");
}

rpc::ApiError http_error(int status, ErrorCode code, const std::string& detail, const std::string& fix) {
  return rpc::ApiError(make_problem(status, code, detail, fix));
}

}  // namespace checkerlab::coordinator
