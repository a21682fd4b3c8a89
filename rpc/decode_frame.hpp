// What reading messages of workers and of the coordinator has in common: their frames, and the parts that both have.
// Internal to messages_decode_*.cpp; failures are those of fields.hpp.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "rpc/fields.hpp"
#include "rpc/messages.hpp"

namespace checkerlab::rpc {

template <class Visit>
void for_each_object(const Fields& fields, std::string_view name, Visit visit) {
  fields.each(name, [&](const Json& item, const std::string& path) { visit(Fields(item, path)); });
}

inline std::map<std::string, double> numbers(const Fields& fields, std::string_view name) {
  std::map<std::string, double> map;
  for (const auto& [key, value] : fields.object(name).items()) {
    if (!value.is_number()) refuse_field(fields.path_of(name) + "." + key, "expected a number");
    map.emplace(key, value.get<double>());
  }
  return map;
}

inline AttemptRef attempt_of(const Fields& fields) {
  return {JobKey(fields.sha256("key")), static_cast<AttemptNumber>(fields.integer("attempt", 1, 1'000'000'000))};
}

inline constexpr std::int64_t kLastPort = 65535;

template <class Place>
Place place_of(const Fields& fields) {
  return {.attempt = attempt_of(fields),
          .host = fields.text("host"),
          .port = static_cast<int>(fields.integer("port", 1, kLastPort))};
}

template <class Message>
using Decoder = std::pair<std::string_view, Message (*)(const Fields&)>;

// Overloaded for each kind of message: takes over from `json` what would be dear to copy.
void take_documents(WorkerMessage& message, Json& json);
void take_documents(CoordinatorMessage& message, Json& json);

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

inline void check_version(const Json& json, const std::string& path) {
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

}  // namespace checkerlab::rpc
