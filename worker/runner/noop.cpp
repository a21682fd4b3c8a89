#include "worker/runner/noop.hpp"

#include <csignal>
#include <fstream>

#include "base/error.hpp"
#include "worker/runner/noop_gang.hpp"

namespace checkerlab::worker {
namespace {

std::int64_t integer(const Json& params, const char* name) {
  if (!params.contains(name) || !params.at(name).is_number_integer()) {
    throw Error(ErrorCode::invalid_argument, std::string("noop: params.") + name + " must be an integer");
  }
  return params.at(name).get<std::int64_t>();
}

void crash() {
  std::signal(SIGSEGV, SIG_DFL);
  std::raise(SIGSEGV);
}

std::filesystem::path write_step(const std::filesystem::path& scratch, std::int64_t step) {
  auto file = scratch / ("step-" + std::to_string(step));
  std::ofstream out(file);
  out << step;
  out.close();
  if (!out) throw Error(ErrorCode::io_error, "cannot write " + file.string());
  return file;
}

void count_steps(const RunCommand& command, JobContext& context, const NoopGang& gang) {
  const auto steps = integer(command.spec.at("params"), "steps");
  auto step = command.resume ? command.resume->step : 0;
  context.log("info", "start at step " + std::to_string(step));
  while (step < steps) {
    gang.check();
    ++step;
    context.progress(step, steps, "steps", "");
    context.curve("step", step, static_cast<double>(step));
    context.checkpoint(step, write_step(command.scratch, step));
  }
}

}  // namespace

JobOutput NoopJob::run(const RunCommand& command, JobContext& context, WarmCache& /*warm*/) {
  const auto& params = command.spec.at("params");
  const auto index = integer(params, "index");
  const auto mode = params.value("mode", "");
  const NoopGang gang(command, context);
  if (!gang.leads()) {
    gang.follow();
    return {};
  }
  if (mode == "fail") {
    throw Error(ErrorCode::invalid_argument, "noop " + std::to_string(index) + " was asked to fail",
                "ask for another mode");
  }
  if (mode == "crash") {
    crash();
  } else if (mode == "hang") {
    gang.hang();
  } else if (mode == "steps") {
    count_steps(command, context, gang);
  } else if (mode != "ok") {
    throw Error(ErrorCode::invalid_argument, "noop: unknown mode '" + mode + "'", "use ok, fail, crash, hang or steps");
  }
  gang.finish();
  return {{{"index", static_cast<double>(index)}}, {}, {}};
}

}  // namespace checkerlab::worker
