// What the agent and its runner child say to each other: newline-delimited JSON over two pipes of their own, so that
// whatever a job or a library prints stays out of the way.
//
// Both ends are the same executable, so there is no version and no negotiation; decoding is still checked, because a
// runner that lost its mind must not take the agent with it. Value types and pure functions; safe from any thread.
// Failures: decoding throws Error(invalid_data) that names the field.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/gang/gang_seat.hpp"
#include "base/ids.hpp"

namespace checkerlab::worker {

using Json = nlohmann::json;

// The attempt a message is about.
struct AttemptId {
  JobKey key;
  AttemptNumber number;

  friend auto operator<=>(const AttemptId&, const AttemptId&) = default;  // NOLINT(modernize-use-nullptr): false alarm
};

// ---- agent -> runner ----

// A verified local file. `sha256` names its content; warm objects made from it are cached by it.
struct InputFile {
  std::filesystem::path path;
  std::string sha256;
};

// Everything one earlier job made, as far as it is needed here.
struct JobInput {
  std::string key;
  std::map<std::string, InputFile> files;  // by artifact name
  std::map<std::string, double> metrics;
};

struct ResumePoint {
  std::filesystem::path path;
  std::int64_t step = 0;
};

// For an attempt that several workers do together.
struct GangPart {
  GangSeat seat;
  std::string listen_host;  // where rank 0 listens: an address of its machine
};

// Do one attempt. `scratch` is an existing, empty folder that belongs to the attempt; empty for light jobs, which write
// no files.
struct RunCommand {
  AttemptId id;
  Json spec;   // {"kind","recipe","inputs","params"}
  Json hints;  // what may not change the result
  std::map<std::string, JobInput> inputs;
  std::filesystem::path scratch;
  std::optional<ResumePoint> resume;
  std::string device;            // "cpu", "cuda" or "cuda:N"
  std::optional<GangPart> gang;  // nothing: alone
};

// Stop an attempt that is running or waiting in the pipe.
struct CancelCommand {
  AttemptId id;
};

// Where rank 0 of the attempt waits for this one. May come again.
struct GangAddressCommand {
  AttemptId id;
  std::string host;
  int port = 0;
};

using Command = std::variant<RunCommand, CancelCommand, GangAddressCommand>;

// ---- runner -> agent ----

// The process is up and takes commands.
struct ReadyEvent {
  std::vector<std::string> kinds;
};

struct ProgressEvent {
  AttemptId id;
  std::int64_t done = 0;
  std::int64_t total = 0;
  std::string unit;
  std::string message;
};

struct CurvePoint {
  std::string series;
  std::int64_t step = 0;
  double value = 0;
};

struct CurveEvent {
  AttemptId id;
  std::vector<CurvePoint> points;
};

struct LogEvent {
  AttemptId id;
  std::string level;
  std::string text;
};

// A complete file in the scratch folder from which the attempt can go on. The agent takes the file away.
struct CheckpointEvent {
  AttemptId id;
  std::int64_t step = 0;
  std::filesystem::path path;
};

struct DoneEvent {
  AttemptId id;
  std::map<std::string, double> metrics;
  std::map<std::string, std::filesystem::path> artifacts;  // by artifact name
  std::map<std::string, std::string> identity;             // what the numbers depend on beside the job's inputs
};

struct FailedEvent {
  AttemptId id;
  std::string code;
  std::string message;
  std::string fix;
  bool retryable = false;
};

struct CancelledEvent {
  AttemptId id;
};

// The code of a FailedEvent of a gang's rank that stopped because another one is gone or did not come: the cause is
// not here.
inline constexpr const char* kRankGone = "rank_gone";

// From rank 0 of a gang: the others find it there.
struct GangListeningEvent {
  AttemptId id;
  std::string host;
  int port = 0;
};

using Event = std::variant<ReadyEvent, ProgressEvent, CurveEvent, LogEvent, CheckpointEvent, DoneEvent, FailedEvent,
                           CancelledEvent, GangListeningEvent>;

// One line, the newline included.
std::string encode(const Command& command);
std::string encode(const Event& event);

Command decode_command(std::string_view line);
Event decode_event(std::string_view line);

// True for jobs that take next to no time and write no files. Only these are piped to a runner ahead of time, and only
// their events may leave the runner in batches.
bool is_light(const Json& spec);
// The same of an attempt: ranks that wait for each other are never light.
bool is_light(const RunCommand& command);

}  // namespace checkerlab::worker
