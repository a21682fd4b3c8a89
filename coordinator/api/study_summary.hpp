// A study as it stands in lists and in the answer to a submission: without its definition.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "coordinator/api/context.hpp"

namespace checkerlab::coordinator {

// `id` by value: the coroutine keeps it.
boost::asio::awaitable<Json> study_summary(const ApiContext& context, std::string id);

// The same with the numbers of a submission: jobs_total, jobs_new, jobs_done.
boost::asio::awaitable<Json> submitted_summary(const ApiContext& context, SubmitOutcome outcome);

}  // namespace checkerlab::coordinator
