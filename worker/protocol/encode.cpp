#include "worker/protocol/messages.hpp"

namespace checkerlab::worker {
namespace {

Json message(const char* type, const AttemptId& id) {
  return {{"type", type}, {"key", id.key.str()}, {"attempt", value_of(id.number)}};
}

std::string line(const Json& json) {
  // Text of jobs and of other programs may hold any bytes; what is no UTF-8 is replaced.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json to_json(const JobInput& input) {
  Json files = Json::object();
  for (const auto& [name, file] : input.files)
    files[name] = {{"path", file.path.string()}, {"sha256", file.sha256}};
  return {{"key", input.key}, {"files", std::move(files)}, {"metrics", input.metrics}};
}

Json to_json(const RunCommand& command) {
  auto json = message("run", command.id);
  json["spec"] = command.spec;
  json["hints"] = command.hints;
  json["device"] = command.device;
  json["scratch"] = command.scratch.string();
  json["inputs"] = Json::object();
  for (const auto& [role, input] : command.inputs)
    json["inputs"][role] = to_json(input);
  if (command.gang) {
    const auto& [seat, host] = *command.gang;
    json["gang"] = {{"rank", seat.rank}, {"size", seat.size}, {"secret", seat.secret}, {"listen_host", host}};
  }
  if (command.resume) json["resume"] = {{"path", command.resume->path.string()}, {"step", command.resume->step}};
  return json;
}

Json to_json(const CancelCommand& command) {
  return message("cancel", command.id);
}

template <class Place>
Json place(const char* type, const Place& at) {
  auto json = message(type, at.id);
  json.update({{"host", at.host}, {"port", at.port}});
  return json;
}

Json to_json(const GangAddressCommand& command) {
  return place("gang_address", command);
}

Json to_json(const GangListeningEvent& event) {
  return place("gang_listening", event);
}

Json to_json(const ReadyEvent& event) {
  return {{"type", "ready"}, {"kinds", event.kinds}};
}

Json to_json(const ProgressEvent& event) {
  auto json = message("progress", event.id);
  json.update({{"done", event.done}, {"total", event.total}, {"unit", event.unit}, {"message", event.message}});
  return json;
}

Json to_json(const CurveEvent& event) {
  auto json = message("curve", event.id);
  json["points"] = Json::array();
  for (const auto& point : event.points)
    json["points"].push_back({point.series, point.step, point.value});
  return json;
}

Json to_json(const LogEvent& event) {
  auto json = message("log", event.id);
  json.update({{"level", event.level}, {"text", event.text}});
  return json;
}

Json to_json(const CheckpointEvent& event) {
  auto json = message("checkpoint", event.id);
  json.update({{"step", event.step}, {"path", event.path.string()}});
  return json;
}

Json to_json(const DoneEvent& event) {
  auto json = message("done", event.id);
  json["metrics"] = event.metrics;
  json["identity"] = event.identity;
  json["artifacts"] = Json::object();
  for (const auto& [name, path] : event.artifacts)
    json["artifacts"][name] = path.string();
  return json;
}

Json to_json(const FailedEvent& event) {
  auto json = message("failed", event.id);
  json.update({{"code", event.code}, {"message", event.message}, {"fix", event.fix}, {"retryable", event.retryable}});
  return json;
}

Json to_json(const CancelledEvent& event) {
  return message("cancelled", event.id);
}

}  // namespace

std::string encode(const Command& command) {
  return std::visit([](const auto& one) { return line(to_json(one)); }, command);
}

std::string encode(const Event& event) {
  return std::visit([](const auto& one) { return line(to_json(one)); }, event);
}

bool is_light(const Json& spec) {
  const auto is = [](const Json& json, const char* name, const char* text) {
    const auto found = json.find(name);
    return found != json.end() && *found == text;
  };
  if (!is(spec, "kind", "noop") || !spec.contains("params")) return false;
  const auto& params = spec.at("params");
  return params.is_object() && is(params, "mode", "ok");
}

bool is_light(const RunCommand& command) {
  return !command.gang && is_light(command.spec);
}

}  // namespace checkerlab::worker
