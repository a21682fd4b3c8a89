#include "cli/verbs/job_key.hpp"

#include "base/error.hpp"

namespace checkerlab::cli {
namespace {

constexpr std::size_t kFullLength = 64;
constexpr std::size_t kShortest = 4;

}  // namespace

std::string full_job_key(Session& session, const std::string& prefix) {
  const bool hex = prefix.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hex || prefix.size() < kShortest || prefix.size() > kFullLength) {
    throw Error(ErrorCode::invalid_argument, "'" + prefix + "' is no key of a job",
                "Give at least the first 4 of its 64 hex digits; `checkerlab jobs` lists them.");
  }
  if (prefix.size() == kFullLength) return prefix;
  const auto answer = session.http().post("/api/v1/query", {{"sql", "select key from jobs where key >= '" + prefix +
                                                                        "' and key < '" + prefix + "g' limit 2"}});
  const auto& rows = answer.at("rows");
  if (rows.size() == 1) return rows.at(0).at(0);
  if (rows.empty()) {
    throw Error(ErrorCode::not_found, "no job's key begins with " + prefix, "`checkerlab jobs` lists them.");
  }
  throw Error(ErrorCode::invalid_argument, "more than one job's key begins with " + prefix, "Give more of its digits.");
}

}  // namespace checkerlab::cli
