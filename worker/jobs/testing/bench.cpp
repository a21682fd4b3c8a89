#include "worker/jobs/testing/bench.hpp"

#include <utility>

#include "base/sha256.hpp"
#include "worker/jobs/register.hpp"

namespace checkerlab::worker::testing {
namespace {

// Remembers everything, and cancels when told to.
class Recorder final : public JobContext {
 public:
  Recorder(Made& made, std::optional<std::size_t> cancel_after) : made_(made), cancel_after_(cancel_after) {}

  void progress(std::int64_t, std::int64_t, std::string_view, std::string_view) override {}
  void curve(std::string_view series, std::int64_t step, double value) override {
    made_.curves[std::string(series)].emplace_back(step, value);
  }
  void log(std::string_view, std::string_view) override {}
  void checkpoint(std::int64_t step, const std::filesystem::path& file) override {
    made_.checkpoints.push_back({file, step});
  }
  bool cancelled() const override { return cancel_after_ && made_.checkpoints.size() >= *cancel_after_; }
  void listening(const std::string&, int) override {}
  GangAddressCommand wait_for_rank_zero() override { return {}; }

 private:
  Made& made_;
  std::optional<std::size_t> cancel_after_;
};

}  // namespace

Bench::Bench() {
  register_jobs(registry_);
}

Made Bench::run(const std::string& kind, const Json& params, const Inputs& inputs, const Extras& extras) {
  RunCommand command;
  command.id = {JobKey(std::to_string(jobs_)), AttemptNumber{1}};
  command.spec = {{"kind", kind}, {"recipe", 1}, {"params", params}};
  command.hints = extras.hints;
  command.resume = extras.resume;
  command.device = "cpu";
  command.scratch = folder_.path() / std::to_string(jobs_++);
  std::filesystem::create_directories(command.scratch);
  for (const auto& [role, input] : inputs)
    command.inputs[role] = {"", input.files, input.metrics};

  Made made;
  Recorder recorder(made, extras.cancel_after_checkpoints);
  auto output = registry_.find(kind).run(command, recorder, warm_);
  made.metrics = std::move(output.metrics);
  made.identity = std::move(output.identity);
  for (const auto& [name, path] : output.artifacts)
    made.files[name] = {path, sha256_file(path)};
  return made;
}

}  // namespace checkerlab::worker::testing
