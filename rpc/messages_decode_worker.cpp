#include <algorithm>
#include <array>

#include "rpc/decode_frame.hpp"

namespace checkerlab::rpc {
namespace {

constexpr std::int64_t kMostSlots = 4096;
constexpr std::size_t kMostLabels = 64;
constexpr std::size_t kLongestLabel = 100;

std::vector<std::string> texts(const Fields& fields, std::string_view name) {
  std::vector<std::string> list;
  fields.each(name, [&](const Json& item, const std::string& path) {
    if (!item.is_string()) refuse_field(path, "expected text");
    list.push_back(item.get<std::string>());
  });
  return list;
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

WorkerMessage listening_of(const Fields& fields) {
  return place_of<GangListening>(fields);
}

constexpr std::array<Decoder<WorkerMessage>, 9> kWorkerDecoders{{{"hello", hello_of},
                                                                 {"heartbeat", heartbeat_of},
                                                                 {"attempt_started", started_of},
                                                                 {"progress", progress_of},
                                                                 {"curve", curve_of},
                                                                 {"log", log_of},
                                                                 {"checkpoint", checkpoint_of},
                                                                 {"attempt_finished", finished_of},
                                                                 {"gang_listening", listening_of}}};

}  // namespace

void take_documents(WorkerMessage&, Json&) {}

JobResult decode_result(const Json& json) {
  return result_of(Fields(json, "result"));
}

JobFailure decode_failure(const Json& json) {
  return failure_of(Fields(json, "error"));
}

std::vector<WorkerMessage> decode_worker_frame(std::string_view text) {
  return decode_frame<WorkerMessage>(text, kWorkerDecoders);
}

}  // namespace checkerlab::rpc
