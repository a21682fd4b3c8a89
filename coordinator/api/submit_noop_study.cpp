#include <array>

#include "coordinator/api/await_done.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/api/study_summary.hpp"
#include "coordinator/api/submission.hpp"
#include "coordinator/http/blocking.hpp"
#include "coordinator/service/noop_submission.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::coordinator {
namespace {

struct NoopStudy {
  std::string name;
  std::int64_t count = 0;
  std::string mode;
  sweeps::RankRange ranks;
};

std::string mode_of(const rpc::Fields& body) {
  constexpr std::array<std::string_view, 5> kModes{"ok", "fail", "crash", "hang", "steps"};
  auto mode = body.text_or("mode", "ok");
  for (const auto known : kModes) {
    if (mode == known) return mode;
  }
  rpc::refuse_field(body.path_of("mode"), "'" + mode + "' is none of ok, fail, crash, hang, steps");
}

sweeps::RankRange ranks_of(const rpc::Fields& body) {
  constexpr std::int64_t kMost = 4096;
  if (!body.has("ranks")) return {};
  const rpc::Fields ranks = body.fields("ranks");
  ranks.allow_only({"min", "max"});
  const std::int64_t most = ranks.integer("max", 1, kMost);
  return {static_cast<int>(ranks.integer("min", 1, most)), static_cast<int>(most)};
}

NoopStudy parse(const std::string& text) {
  const auto json = rpc::parse_json(text, "the request's body");
  const rpc::Fields body(json, "body");
  body.allow_only({"name", "count", "mode", "ranks"});
  NoopStudy study{.name = body.text("name"),
                  .count = body.integer("count", 1, sweeps::kMaxJobs),
                  .mode = mode_of(body),
                  .ranks = ranks_of(body)};
  if (study.name.empty() || study.name.size() > 200) rpc::refuse_field("body.name", "must have 1 to 200 bytes");
  return study;
}

}  // namespace

Route submit_noop_study_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    const auto study = parse(request.body);
    auto submission = co_await blocking(
        context.pool, [&] { return noop_submission(study.name, study.count, study.mode, study.ranks); });
    sign(submission, request.identity);
    const auto begin = [&](Coordinator::Done<SubmitOutcome> done) {
      context.coordinator.submit_study(std::move(submission), std::move(done));
    };
    const auto outcome = co_await await_done<SubmitOutcome>(begin);
    co_return json_response(co_await submitted_summary(context, outcome), outcome.created ? 201 : 200);
  };
  return {.method = boost::beast::http::verb::post,
          .pattern = "/api/v1/noop_studies",
          .role = Role::submit,
          .query = {},
          .body_limit = 64 << 10,
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
