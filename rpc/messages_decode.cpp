#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "rpc/fields.hpp"
#include "rpc/messages.hpp"

namespace checkerlab::rpc {
namespace {

constexpr std::int64_t kMostSlots = 4096;
constexpr std::size_t kMostLabels = 64;
constexpr std::size_t kLongestLabel = 100;
constexpr std::int64_t kMostRanks = 4096;
constexpr std::int64_t kLastPort = 65535;

template <class Visit>
void for_each_object(const Fields& fields, std::string_view name, Visit visit) {
  fields.each(name, [&](const Json& item, const std::string& path) { visit(Fields(item, path)); });
}

std::vector<std::string> texts(const Fields& fields, std::string_view name) {
  std::vector<std::string> list;
  fields.each(name, [&](const Json& item, const std::string& path) {
    if (!item.is_string()) refuse_field(path, "expected text");
    list.push_back(item.get<std::string>());
  });
  return list;
}

std::map<std::string, double> numbers(const Fields& fields, std::string_view name) {
  std::map<std::string, double> map;
  for (const auto& [key, value] : fields.object(name).items()) {
    if (!value.is_number()) refuse_field(fields.path_of(name) + "." + key, "expected a number");
    map.emplace(key, value.get<double>());
  }
  return map;
}

// An object of texts; empty when it is not there.
std::map<std::string, std::string> texts_by_name(const Fields& fields, std::string_view name) {
  std::map<std::string, std::string> map;
  if (!fields.has(name)) return map;
  const auto object = fields.fields(name);
  for (const auto& item : fields.object(name).items())
    map.emplace(item.key(), object.text(item.key()));
  return map;
}

std::map<std::string, std::string> labels_of(const Fields& fields) {
  auto labels = texts_by_name(fields, "labels");
  if (labels.size() > kMostLabels)
    refuse_field(fields.path_of("labels"), "more than " + std::to_string(kMostLabels) + " labels");
  for (const auto& [name, value] : labels) {
    if (name.empty() || name.size() > kLongestLabel || value.size() > kLongestLabel)
      refuse_field(fields.path_of("labels"), "names have 1 to 100 bytes and values at most 100");
  }
  return labels;
}

AttemptRef attempt_of(const Fields& fields) {
  return {JobKey(fields.sha256("key")), static_cast<AttemptNumber>(fields.integer("attempt", 1, 1'000'000'000))};
}

std::vector<AttemptRef> attempts_of(const Fields& fields, std::string_view name) {
  std::vector<AttemptRef> list;
  for_each_object(fields, name, [&](const Fields& item) { list.push_back(attempt_of(item)); });
  return list;
}

ArtifactRef artifact_of(const Fields& fields) {
  return {.name = fields.text("name"), .sha256 = fields.sha256("sha256"), .bytes = fields.size("bytes")};
}

JobResult result_of(const Fields& fields) {
  JobResult result{
      .metrics = numbers(fields, "metrics"), .artifacts = {}, .identity = texts_by_name(fields, "identity")};
  for_each_object(fields, "artifacts", [&](const Fields& item) { result.artifacts.push_back(artifact_of(item)); });
  return result;
}

JobFailure failure_of(const Fields& fields) {
  JobFailure failure{.code = fields.text("code"),
                     .message = fields.text("message"),
                     .fix = fields.text_or("fix", ""),
                     .signal = std::nullopt,
                     .retryable = fields.flag_or("retryable", false),
                     .log_tail = {}};
  if (fields.has("signal")) failure.signal = static_cast<int>(fields.integer("signal", 1, 128));
  if (fields.has("log_tail")) failure.log_tail = texts(fields, "log_tail");
  return failure;
}

Outcome outcome_of(const Fields& fields) {
  const auto text = fields.text("outcome");
  for (const auto outcome : {Outcome::kSucceeded, Outcome::kFailed, Outcome::kCancelled}) {
    if (text == to_string(outcome)) return outcome;
  }
  refuse_field(fields.path_of("outcome"), "expected succeeded, failed or cancelled, found '" + text + "'");
}

WorkerMessage hello_of(const Fields& fields) {
  const auto device = fields.fields("device");
  return Hello{.name = fields.text("name"),
               .instance = fields.text("instance"),
               .version = fields.text("version"),
               .slots = static_cast<int>(fields.integer("slots", 1, kMostSlots)),
               .prefetch = static_cast<int>(fields.integer("prefetch", 0, kMostSlots)),
               .kinds = texts(fields, "kinds"),
               .device = {.type = device.text("type"),
                          .name = device.text("name"),
                          .memory_bytes = device.size("memory_bytes"),
                          .count = static_cast<int>(device.integer("count", 0, kMostSlots))},
               .held = attempts_of(fields, "held"),
               .labels = labels_of(fields)};
}

double share_of(const Fields& fields, std::string_view name) {
  const double share = fields.number(name);
  if (share >= 0 && share <= 1) return share;
  refuse_field(fields.path_of(name), "expected a number from 0 to 1, found " + std::to_string(share));
}

WorkerMessage heartbeat_of(const Fields& fields) {
  Heartbeat heartbeat{attempts_of(fields, "attempts"), {}};
  if (!fields.has("devices")) return heartbeat;
  for_each_object(fields, "devices", [&](const Fields& item) {
    heartbeat.devices.push_back({.index = static_cast<int>(item.integer("index", 0, kMostSlots)),
                                 .busy = share_of(item, "busy"),
                                 .memory_used_bytes = item.size("memory_used_bytes"),
                                 .memory_bytes = item.size("memory_bytes")});
  });
  return heartbeat;
}

WorkerMessage started_of(const Fields& fields) {
  AttemptStarted started{attempt_of(fields), std::nullopt};
  if (fields.has("ready_seconds")) started.ready_seconds = std::max(0.0, fields.number("ready_seconds"));
  return started;
}

WorkerMessage progress_of(const Fields& fields) {
  return Progress{.attempt = attempt_of(fields),
                  .done = fields.integer("done", 0),
                  .total = fields.integer("total", 0),
                  .unit = fields.text_or("unit", ""),
                  .message = fields.text_or("message", "")};
}

WorkerMessage curve_of(const Fields& fields) {
  Curve curve{.attempt = attempt_of(fields), .points = {}};
  for_each_object(fields, "points", [&](const Fields& item) {
    curve.points.push_back(
        {.series = item.text("series"), .step = item.integer("step", 0), .value = item.number("value")});
  });
  return curve;
}

WorkerMessage log_of(const Fields& fields) {
  Log log{.attempt = attempt_of(fields), .lines = {}};
  for_each_object(fields, "lines", [&](const Fields& item) {
    log.lines.push_back({.time = item.text("time"), .level = item.text("level"), .text = item.text("text")});
  });
  return log;
}

WorkerMessage checkpoint_of(const Fields& fields) {
  return Checkpoint{.attempt = attempt_of(fields),
                    .step = fields.integer("step", 0),
                    .artifact = artifact_of(fields.fields("artifact"))};
}

WorkerMessage finished_of(const Fields& fields) {
  AttemptFinished finished{
      .attempt = attempt_of(fields), .outcome = outcome_of(fields), .result = std::nullopt, .error = std::nullopt};
  if (finished.outcome == Outcome::kSucceeded) finished.result = result_of(fields.fields("result"));
  if (finished.outcome == Outcome::kFailed) finished.error = failure_of(fields.fields("error"));
  return finished;
}

template <class Place>
Place place_of(const Fields& fields) {
  return {.attempt = attempt_of(fields),
          .host = fields.text("host"),
          .port = static_cast<int>(fields.integer("port", 1, kLastPort))};
}

WorkerMessage listening_of(const Fields& fields) {
  return place_of<GangListening>(fields);
}

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

template <class Message>
using Decoder = std::pair<std::string_view, Message (*)(const Fields&)>;

constexpr std::array<Decoder<WorkerMessage>, 9> kWorkerDecoders{{{"hello", hello_of},
                                                                 {"heartbeat", heartbeat_of},
                                                                 {"attempt_started", started_of},
                                                                 {"progress", progress_of},
                                                                 {"curve", curve_of},
                                                                 {"log", log_of},
                                                                 {"checkpoint", checkpoint_of},
                                                                 {"attempt_finished", finished_of},
                                                                 {"gang_listening", listening_of}}};

constexpr std::array<Decoder<CoordinatorMessage>, 7> kCoordinatorDecoders{{{"welcome", welcome_of},
                                                                           {"assign", assign_of},
                                                                           {"cancel", cancel_of},
                                                                           {"ack", ack_of},
                                                                           {"gang_address", address_of},
                                                                           {"drain", drain_of},
                                                                           {"error", error_of}}};

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

void take_documents(WorkerMessage&, Json&) {}

template <class Decoders>
auto decode_one(Json& json, const std::string& path, const Decoders& decoders) {
  const auto type = Fields(json, path).text("type");
  for (const auto& [name, decode] : decoders) {
    if (name != type) continue;
    auto message = decode(Fields(json, type));
    take_documents(message, json);
    return message;
  }
  refuse_field(path + ".type", "unknown message type '" + type + "'");
}

void check_version(const Json& json, const std::string& path) {
  const auto version = Fields(json, path).integer("v");
  if (version == kProtocolVersion) return;
  throw Error(ErrorCode::version_mismatch,
              "worker protocol version " + std::to_string(version) + " is not spoken here, only version " +
                  std::to_string(kProtocolVersion),
              "Run the worker and the coordinator from the same release.");
}

template <class Message, class Decoders>
std::vector<Message> decode_frame(std::string_view text, const Decoders& decoders) {
  Json json = parse_json(text, "the message");
  check_version(json, "message");
  std::vector<Message> messages;
  if (json.value("type", Json()) != "batch") {
    messages.push_back(decode_one(json, "message", decoders));
    return messages;
  }
  Fields(json, "batch").each("messages", [&](const Json& item, const std::string& path) {
    check_version(item, path);
    messages.push_back(decode_one(json.at("messages").at(messages.size()), path, decoders));
  });
  return messages;
}

}  // namespace

JobResult decode_result(const Json& json) {
  return result_of(Fields(json, "result"));
}

JobFailure decode_failure(const Json& json) {
  return failure_of(Fields(json, "error"));
}

std::vector<WorkerMessage> decode_worker_frame(std::string_view text) {
  return decode_frame<WorkerMessage>(text, kWorkerDecoders);
}

std::vector<CoordinatorMessage> decode_coordinator_frame(std::string_view text) {
  return decode_frame<CoordinatorMessage>(text, kCoordinatorDecoders);
}

}  // namespace checkerlab::rpc
