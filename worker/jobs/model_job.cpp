#include "worker/jobs/model_job.hpp"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <stdexcept>

#include "base/error.hpp"
#include "libmodel/device.hpp"
#include "libmodel/memory/out_of_memory.hpp"

namespace checkerlab::worker {
namespace {

constexpr double kCheckpointSeconds = 10;

std::chrono::duration<double> checkpoint_interval(const Json& hints) {
  return std::chrono::duration<double>(hints.value("checkpoint_seconds", kCheckpointSeconds));
}

// What to try when `command` needs too much memory and nothing measured what would fit.
std::string memory_advice(const RunCommand& command) {
  for (const auto* part : {&command.hints, &command.spec.at("params")}) {
    if (!part->contains("batch") || !part->at("batch").is_number_integer()) continue;
    const auto batch = part->at("batch").get<std::int64_t>();
    if (batch > 1)
      return "set batch to " + std::to_string(batch / 2) + " (it is " + std::to_string(batch) +
             " now), or use a larger device";
  }
  return "set a smaller batch, or use a larger device";
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

std::string begin_line(const RunCommand& command, const JobCall& call) {
  const auto device = model::describe_device(call.device);
  std::string line = "on " + device.name;
  for (const auto& [role, input] : command.inputs)
    line += (role == command.inputs.begin()->first ? " with " : ", ") + role;
  return line + (command.resume ? "; continues from a checkpoint" : "");
}

// Metrics with a dot in their name are one of many and left out.
std::string end_line(const JobOutput& output, double seconds) {
  std::string line = fmt::format("done in {:.1f} s", seconds);
  for (const auto& [name, value] : output.metrics)
    if (name != "seconds" && name.find('.') == std::string::npos) line += fmt::format("; {} {:.6g}", name, value);
  return line;
}

}  // namespace

JobCall::JobCall(const RunCommand& run, JobContext& job_context, WarmCache& warm_cache)
    : command(run),
      context(job_context),
      warm(warm_cache),
      params(run.spec),
      device(model::select_device(run.device)),
      observer(context, run.scratch, checkpoint_interval(run.hints)),
      began_(std::chrono::steady_clock::now()) {}

const InputFile& JobCall::input(const std::string& role, const std::string& artifact) const {
  const auto found = command.inputs.find(role);
  if (found == command.inputs.end()) throw Error(ErrorCode::invalid_data, "the job was given no input '" + role + "'");
  const auto file = found->second.files.find(artifact);
  if (file == found->second.files.end()) {
    throw Error(ErrorCode::invalid_data, "the input '" + role + "' has no artifact '" + artifact + "'");
  }
  return file->second;
}

std::optional<std::filesystem::path> JobCall::resume() const {
  if (!command.resume) return std::nullopt;
  return command.resume->path;
}

std::int64_t JobCall::batch(std::int64_t on_cuda, std::int64_t on_cpu) const {
  const auto& hints = command.hints;
  if (!hints.contains("batch")) return device.is_cuda() ? on_cuda : on_cpu;
  const auto& batch = hints.at("batch");
  if (!batch.is_number_integer() || batch.get<std::int64_t>() < 1 || batch.get<std::int64_t>() > kMostBatch) {
    throw Error(ErrorCode::invalid_argument, "the hint batch is " + batch.dump() + ": it must be a positive integer");
  }
  return batch.get<std::int64_t>();
}

double JobCall::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

JobOutput ModelJob::run(const RunCommand& command, JobContext& context, WarmCache& warm) {
  try {
    JobCall call(command, context, warm);
    call.observer.log(model::LogLevel::info, begin_line(command, call));
    auto output = work(call);
    call.observer.log(model::LogLevel::info, end_line(output, call.seconds()));
    return output;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::out_of_memory) warm.clear();
    throw;
  } catch (const c10::Error& error) {
    // LibTorch's text without its C++ backtrace: people read it.
    if (!model::is_out_of_memory(error)) throw std::runtime_error(first_line(error.what_without_backtrace()));
    warm.clear();
    throw Error(
        ErrorCode::out_of_memory,
        std::string(name()) + ": the device's memory is exhausted: " + first_line(error.what_without_backtrace()),
        memory_advice(command));
  }
}

}  // namespace checkerlab::worker
