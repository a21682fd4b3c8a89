#include <utility>

#include "base/error.hpp"
#include "worker/protocol/messages.hpp"

namespace checkerlab::worker {
namespace {

// nlohmann::json would convert whatever is a number.
template <class Number>
Number whole(const Json& json) {
  const bool fits = json.is_number_unsigned()
                        ? std::in_range<Number>(json.get<std::uint64_t>())
                        : json.is_number_integer() && std::in_range<Number>(json.get<std::int64_t>());
  if (fits) return json.get<Number>();
  throw Error(ErrorCode::invalid_data, "broken line between agent and runner: expected a count, found " +
                                           (json.is_number() ? json.dump() : std::string(json.type_name())));
}

AttemptId attempt_of(const Json& json) {
  return {JobKey(json.at("key").get<std::string>()), AttemptNumber{whole<std::uint32_t>(json.at("attempt"))}};
}

JobInput decode_input(const Json& json) {
  JobInput input{json.at("key").get<std::string>(), {}, json.at("metrics").get<std::map<std::string, double>>()};
  for (const auto& [name, file] : json.at("files").items()) {
    input.files[name] = {file.at("path").get<std::string>(), file.at("sha256").get<std::string>()};
  }
  return input;
}

GangPart decode_gang(const Json& json) {
  return {.seat = {.rank = json.at("rank").get<int>(),
                   .size = json.at("size").get<int>(),
                   .secret = json.at("secret").get<std::string>()},
          .listen_host = json.at("listen_host").get<std::string>()};
}

template <class Place>
Place decode_place(const Json& json) {
  return {.id = attempt_of(json), .host = json.at("host").get<std::string>(), .port = json.at("port").get<int>()};
}

// Spec and hints are the bulk of it and move over.
RunCommand decode_run(Json json) {
  RunCommand command;
  command.id = attempt_of(json);
  command.spec = std::move(json.at("spec"));
  command.hints = std::move(json.at("hints"));
  command.device = json.at("device").get<std::string>();
  command.scratch = json.at("scratch").get<std::string>();
  for (const auto& [role, input] : json.at("inputs").items())
    command.inputs[role] = decode_input(input);
  if (json.contains("gang")) command.gang = decode_gang(json.at("gang"));
  if (json.contains("resume")) {
    const auto& resume = json.at("resume");
    command.resume = ResumePoint{resume.at("path").get<std::string>(), whole<std::int64_t>(resume.at("step"))};
  }
  return command;
}

CurveEvent decode_curve(const Json& json) {
  CurveEvent event{attempt_of(json), {}};
  for (const auto& point : json.at("points")) {
    event.points.push_back(
        {point.at(0).get<std::string>(), whole<std::int64_t>(point.at(1)), point.at(2).get<double>()});
  }
  return event;
}

DoneEvent decode_done(const Json& json) {
  DoneEvent event{attempt_of(json),
                  json.at("metrics").get<std::map<std::string, double>>(),
                  {},
                  json.at("identity").get<std::map<std::string, std::string>>()};
  for (const auto& [name, path] : json.at("artifacts").items())
    event.artifacts[name] = path.get<std::string>();
  return event;
}

Event decode_event_json(const Json& json) {
  const auto type = json.at("type").get<std::string>();
  const auto text = [&](const char* name) { return json.at(name).get<std::string>(); };
  const auto count = [&](const char* name) { return whole<std::int64_t>(json.at(name)); };
  if (type == "ready") return ReadyEvent{json.at("kinds").get<std::vector<std::string>>()};
  if (type == "progress") {
    return ProgressEvent{attempt_of(json), count("done"), count("total"), text("unit"), text("message")};
  }
  if (type == "curve") return decode_curve(json);
  if (type == "log") return LogEvent{attempt_of(json), text("level"), text("text")};
  if (type == "checkpoint") return CheckpointEvent{attempt_of(json), count("step"), text("path")};
  if (type == "done") return decode_done(json);
  if (type == "failed") {
    return FailedEvent{attempt_of(json), text("code"), text("message"), text("fix"), json.at("retryable").get<bool>()};
  }
  if (type == "cancelled") return CancelledEvent{attempt_of(json)};
  if (type == "gang_listening") return decode_place<GangListeningEvent>(json);
  throw Error(ErrorCode::invalid_data, "unknown event '" + type + "' from the runner");
}

Command decode_command_json(Json json) {
  const auto type = json.at("type").get<std::string>();
  if (type == "run") return decode_run(std::move(json));
  if (type == "cancel") return CancelCommand{attempt_of(json)};
  if (type == "gang_address") return decode_place<GangAddressCommand>(json);
  throw Error(ErrorCode::invalid_data, "unknown command '" + type + "' from the agent");
}

template <class Decode>
auto checked(std::string_view line, Decode&& decode) {
  try {
    return decode(Json::parse(line));
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::invalid_data, "broken line between agent and runner: " + std::string(error.what()));
  }
}

}  // namespace

Command decode_command(std::string_view line) {
  return checked(line, decode_command_json);
}

Event decode_event(std::string_view line) {
  return checked(line, decode_event_json);
}

}  // namespace checkerlab::worker
