#include "worker/protocol/messages.hpp"

namespace checkerlab::worker {
namespace {

Json message(const char* type, const AttemptId& id) {
  return {{"type", type}, {"key", id.key.str()}, {"attempt", value_of(id.number)}};
}

// Text of jobs and of other programs may hold any bytes; what is no UTF-8 is replaced.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string line(const Json& json) {
  return dumped(json) + "\n";
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

Json to_json(const FailedEvent& event) {
  auto json = message("failed", event.id);
  json.update({{"code", event.code}, {"message", event.message}, {"fix", event.fix}, {"retryable", event.retryable}});
  return json;
}

Json to_json(const CancelledEvent& event) {
  return message("cancelled", event.id);
}

template <class Message>
std::string encode_one(const Message& message) {
  return line(to_json(message));
}

// ---- every job has one line of each of these: they are written out member by member, without a document between ----

class Line {
 public:
  Line(const char* type, const AttemptId& id) {
    text_ = R"({"type":")";
    text_ += type;
    text_ += R"(","key":")" + id.key.str() + R"(","attempt":)" + std::to_string(value_of(id.number));
  }

  Line& add(const char* name, const Json& value) {
    text_ += R"(,")";
    text_ += name;
    text_ += R"(":)" + dumped(value);
    return *this;
  }

  std::string take() {
    text_ += "}\n";
    return std::move(text_);
  }

 private:
  std::string text_;
};

Json to_json(const std::map<std::string, JobInput>& inputs) {
  Json json = Json::object();
  for (const auto& [role, input] : inputs) {
    Json files = Json::object();
    for (const auto& [name, file] : input.files)
      files[name] = {{"path", file.path.string()}, {"sha256", file.sha256}};
    json[role] = {{"key", input.key}, {"files", std::move(files)}, {"metrics", input.metrics}};
  }
  return json;
}

std::string encode_one(const RunCommand& command) {
  Line line("run", command.id);
  line.add("spec", command.spec).add("hints", command.hints).add("device", command.device);
  line.add("scratch", command.scratch.string()).add("inputs", to_json(command.inputs));
  if (command.gang) {
    const auto& [seat, host] = *command.gang;
    line.add("gang", {{"rank", seat.rank}, {"size", seat.size}, {"secret", seat.secret}, {"listen_host", host}});
  }
  if (command.resume) line.add("resume", {{"path", command.resume->path.string()}, {"step", command.resume->step}});
  return line.take();
}

std::string encode_one(const DoneEvent& event) {
  Json artifacts = Json::object();
  for (const auto& [name, path] : event.artifacts)
    artifacts[name] = path.string();
  return Line("done", event.id)
      .add("metrics", event.metrics)
      .add("identity", event.identity)
      .add("artifacts", artifacts)
      .take();
}

}  // namespace

std::string encode(const Command& command) {
  return std::visit([](const auto& one) { return encode_one(one); }, command);
}

std::string encode(const Event& event) {
  return std::visit([](const auto& one) { return encode_one(one); }, event);
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
