// JSON as the API and the store take it: bodies of requests, job specs, results, problem documents. Each is read or
// refused, also where the schemas are asked, and its canonical spelling is canonical.
#include "base/canonical_json.hpp"
#include "coordinator/api/study_order.hpp"
#include "coordinator/api/submission.hpp"
#include "rpc/fields.hpp"
#include "rpc/messages.hpp"
#include "rpc/problem.hpp"
#include "schemas/validate.hpp"
#include "sweeps/parse.hpp"
#include "tests/fuzz/small_study.hpp"
#include "tests/fuzz/target.hpp"

namespace checkerlab::fuzz {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kWhat = "the input";

void spell_canonically(const Json& json) {
  taken([&] {
    const auto text = canonical_json(json);
    require(canonical_json(rpc::parse_json(text, kWhat)) == text, "the canonical spelling is canonical");
  });
}

void check_against_schemas(const Json& json) {
  for (const auto name : {SchemaName::worker_message, SchemaName::coordinator_message, SchemaName::result,
                          SchemaName::study, SchemaName::recipe})
    schema_violations(name, json);
  taken([&] { validate_job_spec(json); });
}

void read_bodies(const Json& json) {
  taken([&] {
    const rpc::Fields body(json, "body");
    if (!is_small(sweeps::parse_study(body.text("definition"), "", coordinator::overrides_of(body)))) return;
    const auto submission = coordinator::read_submission(json);
    require(!submission.name.empty() && !submission.plan.jobs.empty(), "what is submitted has a name and jobs");
  });
  taken([&] {
    const auto change = coordinator::order_of(json, rpc::Fields(json, "body"));
    require(!change.priority || (*change.priority >= -100 && *change.priority <= 100), "a priority is in its range");
  });
}

void read_parts_of_messages(const Json& json) {
  taken([&] {
    const auto result = rpc::encode(rpc::decode_result(json));
    require(rpc::encode(rpc::decode_result(result)) == result, "a result survives being kept");
  });
  taken([&] {
    const auto failure = rpc::encode(rpc::decode_failure(json));
    require(rpc::encode(rpc::decode_failure(failure)) == failure, "a failure survives being kept");
  });
}

}  // namespace
}  // namespace checkerlab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace checkerlab;
  const std::string text(fuzz::text_of(data, size));
  const auto problem = rpc::parse_problem(500, text);
  rpc::to_json(problem).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  fuzz::taken([&] {
    const auto json = rpc::parse_json(text, fuzz::kWhat);
    fuzz::spell_canonically(json);
    fuzz::check_against_schemas(json);
    fuzz::read_bodies(json);
    fuzz::read_parts_of_messages(json);
  });
  return 0;
}
