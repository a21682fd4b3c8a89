#include "rpc/messages.hpp"

namespace checkerlab::rpc {
namespace {

Json message(std::string_view type) {
  return {{"v", kProtocolVersion}, {"type", type}};
}

Json attempt_message(std::string_view type, const AttemptRef& attempt) {
  Json json = message(type);
  json["key"] = attempt.key.str();
  json["attempt"] = value_of(attempt.attempt);
  return json;
}

Json encode(const CurvePoint& point) {
  return {{"series", point.series}, {"step", point.step}, {"value", point.value}};
}

Json encode(const LogLine& line) {
  return {{"time", line.time}, {"level", line.level}, {"text", line.text}};
}

Json encode(const JobInput& input) {
  Json artifacts = Json::object();
  for (const auto& [name, blob] : input.artifacts)
    artifacts[name] = {{"sha256", blob.sha256}, {"bytes", blob.bytes}};
  return {{"key", input.key.str()}, {"artifacts", std::move(artifacts)}, {"metrics", input.metrics}};
}

Json encode(const Assignment& job) {
  Json json = encode(job.attempt);
  json["spec"] = job.spec_text.empty() ? job.spec : Json::parse(job.spec_text);
  json["hints"] = job.hints_text.empty() ? job.hints : Json::parse(job.hints_text);
  json["inputs"] = Json::object();
  for (const auto& [role, input] : job.inputs)
    json["inputs"][role] = encode(input);
  json["checkpoint"] = nullptr;
  if (job.checkpoint) {
    const auto& at = *job.checkpoint;
    json["checkpoint"] = {{"sha256", at.sha256}, {"bytes", at.bytes}, {"step", at.step}};
  }
  if (job.gang) json["gang"] = {{"rank", job.gang->rank}, {"size", job.gang->size}, {"secret", job.gang->secret}};
  return json;
}

Json encode(const Acknowledgement& ack) {
  Json json = encode(ack.attempt);
  json["accepted"] = ack.accepted;
  json["reason"] = ack.reason;
  return json;
}

template <class List>
Json encode_list(const List& list) {
  Json json = Json::array();
  for (const auto& item : list)
    json.push_back(encode(item));
  return json;
}

Json encode_one(const Hello& hello) {
  Json json = message("hello");
  json["name"] = hello.name;
  json["instance"] = hello.instance;
  json["version"] = hello.version;
  json["slots"] = hello.slots;
  json["prefetch"] = hello.prefetch;
  json["kinds"] = hello.kinds;
  json["device"] = {{"type", hello.device.type},
                    {"name", hello.device.name},
                    {"memory_bytes", hello.device.memory_bytes},
                    {"count", hello.device.count}};
  json["held"] = encode_list(hello.held);
  json["labels"] = hello.labels;
  return json;
}

Json encode_one(const Heartbeat& heartbeat) {
  Json json = message("heartbeat");
  json["attempts"] = encode_list(heartbeat.attempts);
  for (const DeviceLoad& device : heartbeat.devices) {
    json["devices"].push_back({{"index", device.index},
                               {"busy", device.busy},
                               {"memory_used_bytes", device.memory_used_bytes},
                               {"memory_bytes", device.memory_bytes}});
  }
  return json;
}

Json encode_one(const AttemptStarted& started) {
  Json json = attempt_message("attempt_started", started.attempt);
  if (started.ready_seconds) json["ready_seconds"] = *started.ready_seconds;
  return json;
}

Json encode_one(const Progress& progress) {
  Json json = attempt_message("progress", progress.attempt);
  json["done"] = progress.done;
  json["total"] = progress.total;
  json["unit"] = progress.unit;
  json["message"] = progress.message;
  return json;
}

Json encode_one(const Curve& curve) {
  Json json = attempt_message("curve", curve.attempt);
  json["points"] = encode_list(curve.points);
  return json;
}

Json encode_one(const Log& log) {
  Json json = attempt_message("log", log.attempt);
  json["lines"] = encode_list(log.lines);
  return json;
}

Json encode_one(const Checkpoint& checkpoint) {
  Json json = attempt_message("checkpoint", checkpoint.attempt);
  json["step"] = checkpoint.step;
  json["artifact"] = encode(checkpoint.artifact);
  return json;
}

Json encode_one(const AttemptFinished& finished) {
  Json json = attempt_message("attempt_finished", finished.attempt);
  json["outcome"] = to_string(finished.outcome);
  if (finished.result) json["result"] = encode(*finished.result);
  if (finished.error) json["error"] = encode(*finished.error);
  return json;
}

template <class Place>
Json encode_place(std::string_view type, const Place& place) {
  Json json = attempt_message(type, place.attempt);
  json["host"] = place.host;
  json["port"] = place.port;
  return json;
}

Json encode_one(const GangListening& listening) {
  return encode_place("gang_listening", listening);
}

Json encode_one(const GangAddress& address) {
  return encode_place("gang_address", address);
}

Json encode_one(const Welcome& welcome) {
  Json json = message("welcome");
  json["worker_id"] = welcome.worker_id;
  json["lease_seconds"] = welcome.lease_seconds;
  json["heartbeat_seconds"] = welcome.heartbeat_seconds;
  return json;
}

Json encode_one(const Assign& assign) {
  Json json = message("assign");
  json["jobs"] = encode_list(assign.jobs);
  return json;
}

Json encode_one(const Cancel& cancel) {
  Json json = attempt_message("cancel", cancel.attempt);
  json["reason"] = cancel.reason;
  return json;
}

Json encode_one(const Ack& ack) {
  Json json = message("ack");
  json["acks"] = encode_list(ack.acks);
  return json;
}

Json encode_one(const Drain&) {
  return message("drain");
}

Json encode_one(const ProtocolError& error) {
  Json json = message("error");
  json["problem"] = to_json(error.problem);
  return json;
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSucceeded:
      return "succeeded";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kCancelled:
      return "cancelled";
  }
  return "failed";
}

Json encode(const AttemptRef& attempt) {
  return {{"key", attempt.key.str()}, {"attempt", value_of(attempt.attempt)}};
}

Json encode(const ArtifactRef& artifact) {
  return {{"name", artifact.name}, {"sha256", artifact.sha256}, {"bytes", artifact.bytes}};
}

Json encode(const JobResult& result) {
  Json json{{"metrics", result.metrics}, {"artifacts", encode_list(result.artifacts)}};
  if (!result.identity.empty()) json["identity"] = result.identity;
  return json;
}

Json encode(const JobFailure& failure) {
  Json json{{"code", failure.code},
            {"message", failure.message},
            {"fix", failure.fix},
            {"retryable", failure.retryable},
            {"log_tail", failure.log_tail}};
  if (failure.signal) json["signal"] = *failure.signal;
  return json;
}

Json encode(const WorkerMessage& message) {
  return std::visit([](const auto& one) { return encode_one(one); }, message);
}

Json encode(const CoordinatorMessage& message) {
  return std::visit([](const auto& one) { return encode_one(one); }, message);
}

Json encode_batch(const std::vector<Json>& messages) {
  Json json = message("batch");
  json["messages"] = messages;
  return json;
}

}  // namespace checkerlab::rpc
