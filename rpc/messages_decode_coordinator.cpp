#include <array>

#include "rpc/decode_frame.hpp"

namespace checkerlab::rpc {
namespace {

constexpr std::int64_t kMostRanks = 4096;

CoordinatorMessage address_of(const Fields& fields) {
  return place_of<GangAddress>(fields);
}

CoordinatorMessage welcome_of(const Fields& fields) {
  return Welcome{.worker_id = fields.text("worker_id"),
                 .lease_seconds = fields.number("lease_seconds"),
                 .heartbeat_seconds = fields.number("heartbeat_seconds")};
}

JobInput input_of(const Fields& fields) {
  JobInput input{.key = JobKey(fields.sha256("key")), .artifacts = {}, .metrics = numbers(fields, "metrics")};
  const auto artifacts = fields.fields("artifacts");
  for (const auto& item : fields.object("artifacts").items()) {
    const auto blob = artifacts.fields(item.key());
    input.artifacts.emplace(item.key(), BlobRef{.sha256 = blob.sha256("sha256"), .bytes = blob.size("bytes")});
  }
  return input;
}

GangSeat seat_of(const Fields& fields) {
  GangSeat seat{.size = static_cast<int>(fields.integer("size", 1, kMostRanks)), .secret = fields.text("secret")};
  seat.rank = static_cast<int>(fields.integer("rank", 0, seat.size - 1));
  return seat;
}

Assignment assignment_of(const Fields& fields) {
  for (const char* moved : {"spec", "hints"})
    static_cast<void>(fields.object(moved));  // take_documents gives them over
  Assignment job{.attempt = attempt_of(fields), .spec = {}, .hints = {}, .inputs = {}, .checkpoint = std::nullopt};
  const auto inputs = fields.fields("inputs");
  for (const auto& item : fields.object("inputs").items())
    job.inputs.emplace(item.key(), input_of(inputs.fields(item.key())));
  if (fields.has("checkpoint")) {
    const auto at = fields.fields("checkpoint");
    job.checkpoint =
        CheckpointRef{.sha256 = at.sha256("sha256"), .bytes = at.size("bytes"), .step = at.integer("step", 0)};
  }
  if (fields.has("gang")) job.gang = seat_of(fields.fields("gang"));
  return job;
}

CoordinatorMessage assign_of(const Fields& fields) {
  Assign assign;
  for_each_object(fields, "jobs", [&](const Fields& item) { assign.jobs.push_back(assignment_of(item)); });
  return assign;
}

CoordinatorMessage cancel_of(const Fields& fields) {
  return Cancel{.attempt = attempt_of(fields), .reason = fields.text_or("reason", "")};
}

CoordinatorMessage ack_of(const Fields& fields) {
  Ack ack;
  for_each_object(fields, "acks", [&](const Fields& item) {
    ack.acks.push_back(
        {.attempt = attempt_of(item), .accepted = item.flag("accepted"), .reason = item.text_or("reason", "")});
  });
  return ack;
}

CoordinatorMessage drain_of(const Fields&) {
  return Drain{};
}

CoordinatorMessage error_of(const Fields& fields) {
  const auto& problem = fields.object("problem");
  const auto status = problem.value("status", Json(500));
  return ProtocolError{parse_problem(status.is_number_integer() ? status.get<int>() : 500, problem.dump())};
}

constexpr std::array<Decoder<CoordinatorMessage>, 7> kCoordinatorDecoders{{{"welcome", welcome_of},
                                                                           {"assign", assign_of},
                                                                           {"cancel", cancel_of},
                                                                           {"ack", ack_of},
                                                                           {"gang_address", address_of},
                                                                           {"drain", drain_of},
                                                                           {"error", error_of}}};

}  // namespace

// Specs and hints are the bulk of what workers are sent, and nobody needs them twice: they move out of `json`.
void take_documents(CoordinatorMessage& message, Json& json) {
  auto* assign = std::get_if<Assign>(&message);
  if (assign == nullptr) return;
  Json& jobs = json.at("jobs");
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    assign->jobs[i].spec = std::move(jobs[i].at("spec"));
    assign->jobs[i].hints = std::move(jobs[i].at("hints"));
  }
}

std::vector<CoordinatorMessage> decode_coordinator_frame(std::string_view text) {
  return decode_frame<CoordinatorMessage>(text, kCoordinatorDecoders);
}

}  // namespace checkerlab::rpc
