#include "coordinator/api/study_summary.hpp"

#include "coordinator/http/blocking.hpp"

namespace checkerlab::coordinator {

boost::asio::awaitable<Json> study_summary(const ApiContext& context, std::string id) {
  auto study = co_await blocking(context.pool, [&] { return context.reads.study(id); });
  for (const auto* detail : {"definition", "filename", "overrides", "ratios"})
    study.erase(detail);
  co_return study;
}

boost::asio::awaitable<Json> submitted_summary(const ApiContext& context, SubmitOutcome outcome) {
  auto study = co_await study_summary(context, outcome.study_id);
  study["jobs_total"] = outcome.jobs_total;
  study["jobs_new"] = outcome.jobs_new;
  study["jobs_done"] = outcome.jobs_done;
  co_return study;
}

}  // namespace checkerlab::coordinator
