// The worker protocol: every message between a worker and the coordinator, and its JSON form.
//
// A frame is one JSON object {"v":1,"type":…} or, towards the coordinator, a batch
// {"v":1,"type":"batch","messages":[…]}. Decoding is strict about what is known (a missing field, a wrong type, a
// negative count throws Error(invalid_data) that names the message and the field by its path, e.g. "progress.done") and
// ignores unknown fields, so that fields can be added. Pure value types and functions; safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "rpc/problem.hpp"

namespace checkerlab::rpc {

inline constexpr int kProtocolVersion = 1;

// One attempt at one job; a message about an attempt that is no longer the current one is ignored by the coordinator.
struct AttemptRef {
  JobKey key;
  AttemptNumber attempt{};
};

struct ArtifactRef {
  std::string name;
  std::string sha256;
  std::uint64_t bytes = 0;
};

// An artifact's content where the name is the map key.
struct BlobRef {
  std::string sha256;
  std::uint64_t bytes = 0;
};

struct JobResult {
  std::map<std::string, double> metrics;
  std::vector<ArtifactRef> artifacts;
  // What a measurement was made with: evaluator_version, code_version (required of score_point, empty elsewhere).
  std::map<std::string, std::string> identity;
};

struct JobFailure {
  std::string code;
  std::string message;
  std::string fix;
  std::optional<int> signal;  // the signal that ended the runner
  bool retryable = false;
  std::vector<std::string> log_tail;
};

enum class Outcome { kSucceeded, kFailed, kCancelled };
std::string_view to_string(Outcome outcome);

// ---- worker -> coordinator ----

struct DeviceInfo {
  std::string type;  // "cpu" or "cuda"
  std::string name;
  std::uint64_t memory_bytes = 0;
  int count = 1;
};

struct Hello {
  std::string name;      // what people call the worker
  std::string instance;  // random, new for every process
  std::string version;
  int slots = 1;
  int prefetch = 0;
  std::vector<std::string> kinds;
  DeviceInfo device;
  std::vector<AttemptRef> held;                    // attempts still running, or finished and not acknowledged
  std::map<std::string, std::string> labels = {};  // what jobs may ask for, such as gpu=h100
};

// How a device of the worker is used now.
struct DeviceLoad {
  int index = 0;
  double busy = 0;  // share of the last moments in which it computed, 0…1
  std::uint64_t memory_used_bytes = 0;
  std::uint64_t memory_bytes = 0;
};

struct Heartbeat {
  std::vector<AttemptRef> attempts;  // that have not ended
  std::vector<DeviceLoad> devices;   // empty when the worker does not know
};

struct AttemptStarted {
  AttemptRef attempt;
  std::optional<double> ready_seconds;  // since it had fetched its inputs; nothing when there were none
};

struct Progress {
  AttemptRef attempt;
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

struct Curve {
  AttemptRef attempt;
  std::vector<CurvePoint> points;
};

struct LogLine {
  std::string time;  // RFC 3339 UTC
  std::string level;
  std::string text;
};

struct Log {
  AttemptRef attempt;
  std::vector<LogLine> lines;
};

struct Checkpoint {
  AttemptRef attempt;
  std::int64_t step = 0;
  ArtifactRef artifact;
};

struct AttemptFinished {
  AttemptRef attempt;
  Outcome outcome = Outcome::kSucceeded;
  std::optional<JobResult> result;  // present exactly when succeeded
  std::optional<JobFailure> error;  // present exactly when failed
};

// Rank 0 of a gang waits for the others there.
struct GangListening {
  AttemptRef attempt;
  std::string host;
  int port = 0;
};

using WorkerMessage =
    std::variant<Hello, Heartbeat, AttemptStarted, Progress, Curve, Log, Checkpoint, AttemptFinished, GangListening>;

// ---- coordinator -> worker ----

struct Welcome {
  std::string worker_id;
  double lease_seconds = 15;
  double heartbeat_seconds = 5;
};

struct JobInput {
  JobKey key;
  std::map<std::string, BlobRef> artifacts;
  std::map<std::string, double> metrics;
};

struct CheckpointRef {
  std::string sha256;
  std::uint64_t bytes = 0;
  std::int64_t step = 0;
};

// A worker's place among the workers that do one attempt together. Rank 0 reports and makes the result; the others end
// with an empty one.
struct GangSeat {
  int rank = 0;
  int size = 1;
  std::string secret;  // new for every attempt; what the ranks prove to each other that they belong to it with
};

struct Assignment {
  AttemptRef attempt;
  Json spec;   // {"kind","recipe","inputs","params"}
  Json hints;  // beside the spec and not in the key
  std::map<std::string, JobInput> inputs;
  std::optional<CheckpointRef> checkpoint;
  // JSON of spec and hints as it is stored, where nobody has looked into it (see parse_texts); else empty.
  std::string spec_text = {};
  std::string hints_text = {};
  std::optional<GangSeat> gang = std::nullopt;  // nothing: the worker does it alone
};

struct Assign {
  std::vector<Assignment> jobs;
};

struct Cancel {
  AttemptRef attempt;
  std::string reason;
};

struct Acknowledgement {
  AttemptRef attempt;
  bool accepted = false;
  std::string reason;  // why not, when refused
};

// Sent only after the result is durable.
struct Ack {
  std::vector<Acknowledgement> acks;
};

// To every other rank, once rank 0 has told where it listens.
struct GangAddress {
  AttemptRef attempt;
  std::string host;
  int port = 0;
};

struct Drain {};

struct ProtocolError {
  Problem problem;
};

using CoordinatorMessage = std::variant<Welcome, Assign, Cancel, Ack, GangAddress, Drain, ProtocolError>;

// One message object with "v" and "type".
Json encode(const WorkerMessage& message);
Json encode(const CoordinatorMessage& message);
Json encode_batch(const std::vector<Json>& messages);

// The same as text, without the detour for the messages that there are thousands of: assignments, acknowledgements and
// attempts that began or succeeded.
std::string encode_text(const WorkerMessage& message);
std::string encode_text(const CoordinatorMessage& message);
std::string encode_text(const JobResult& result);

// Fills spec and hints from their texts. Throws Error(invalid_data) when those are no JSON.
void parse_texts(Assignment& job);

// The pieces that other documents share with the protocol.
Json encode(const AttemptRef& attempt);
Json encode(const ArtifactRef& artifact);
Json encode(const JobResult& result);
Json encode(const JobFailure& failure);
JobResult decode_result(const Json& json);
JobFailure decode_failure(const Json& json);

// Decodes one frame; a batch yields all of its messages in order. Throws Error(invalid_data) for malformed input and
// Error(version_mismatch) when "v" is another protocol version.
std::vector<WorkerMessage> decode_worker_frame(std::string_view text);
std::vector<CoordinatorMessage> decode_coordinator_frame(std::string_view text);

// Calls one of several lambdas by message type: std::visit(Overloaded{[](const Assign&) {…}, …}, message).
template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace checkerlab::rpc
