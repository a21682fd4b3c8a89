// Sending what an attempt made: checkpoints while it runs, artifacts when it is done, and its last word.
#include <utility>

#include "base/sha256.hpp"
#include "worker/agent/attempts.hpp"

namespace checkerlab::worker {
namespace {

struct OutputFile {
  std::string name;
  std::filesystem::path path;
};

// Names the file by its content, sends it, and keeps it for the jobs that need it next.
rpc::ArtifactRef send_file(const OutputFile& file, ArtifactSource& source, ArtifactCache& cache) {
  rpc::ArtifactRef artifact{file.name, sha256_file(file.path), std::filesystem::file_size(file.path)};
  source.upload(artifact.sha256, file.path);
  cache.adopt(artifact.sha256, file.path);
  return artifact;
}

// What `failure` is, as an Error.
Error to_error(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error;
  } catch (const std::exception& error) {
    return Error(ErrorCode::io_error, error.what());
  }
}

}  // namespace

// Shared with the transfer thread that works on it; a second try goes on where the first one stopped.
struct Attempts::Output {
  AttemptId id;
  std::vector<OutputFile> files;  // still to send
  rpc::JobResult result;
};

void Attempts::take_done(const DoneEvent& event) {
  auto* attempt = find(event.id);
  if (attempt == nullptr) return;
  attempt->next_checkpoint.reset();
  if (event.artifacts.empty()) return end(*attempt, succeeded(event.id, {event.metrics, {}, event.identity}));
  attempt->phase = Attempt::Phase::ending;
  const auto output = std::make_shared<Output>(Output{event.id, {}, {event.metrics, {}, event.identity}});
  for (const auto& [name, path] : event.artifacts)
    output->files.push_back({name, path});
  send_outputs(output);
}

void Attempts::send_outputs(const std::shared_ptr<Output>& output) {
  auto& cache = services_.cache;
  services_.transfers.run(
      [&cache, output](ArtifactSource& source) {
        while (!output->files.empty()) {
          output->result.artifacts.push_back(send_file(output->files.back(), source, cache));
          output->files.pop_back();
        }
      },
      [this, output](const std::exception_ptr& failure) {
        auto* attempt = find(output->id);
        if (attempt == nullptr || attempt->phase != Attempt::Phase::ending) return;
        if (!failure) return end(*attempt, succeeded(output->id, output->result));
        const auto error = to_error(failure);
        if (error.code() == ErrorCode::unavailable) return later([this, output] { send_outputs(output); });
        end(*attempt, failed(output->id, error, false));
      });
}

void Attempts::save_checkpoint(Attempt& attempt, const CheckpointEvent& event) {
  if (attempt.saving) {
    // Only the newest matters.
    std::error_code ignored;
    if (attempt.next_checkpoint) std::filesystem::remove(attempt.next_checkpoint->path, ignored);
    attempt.next_checkpoint = event;
    return;
  }
  attempt.saving = true;
  const auto artifact = std::make_shared<rpc::ArtifactRef>();
  auto& cache = services_.cache;
  services_.transfers.run(
      [&cache, event, artifact](ArtifactSource& source) {
        *artifact = send_file({"checkpoint", event.path}, source, cache);
      },
      [this, event, artifact](const std::exception_ptr& failure) {
        checkpoint_saved(event.id, event, *artifact, failure);
      });
}

void Attempts::checkpoint_saved(const AttemptId& id, const CheckpointEvent& event, const rpc::ArtifactRef& artifact,
                                const std::exception_ptr& failure) {
  auto* attempt = find(id);
  if (attempt == nullptr || attempt->phase == Attempt::Phase::finished) return;
  attempt->saving = false;
  if (!failure) {
    services_.session.send(id, rpc::Checkpoint{to_ref(id), event.step, artifact});
  } else if (const auto error = to_error(failure); error.code() != ErrorCode::unavailable) {
    log(id, "warning",
        "the checkpoint after step " + std::to_string(event.step) + " was not kept: " + error.full_text());
  } else if (!attempt->next_checkpoint) {
    attempt->next_checkpoint = event;
    return later([this, id] {
      auto* alive = find(id);
      if (alive == nullptr || alive->saving || !alive->next_checkpoint) return;
      save_checkpoint(*alive, *std::exchange(alive->next_checkpoint, std::nullopt));
    });
  }
  if (attempt->next_checkpoint) {
    save_checkpoint(*attempt, *std::exchange(attempt->next_checkpoint, std::nullopt));
  } else if (attempt->last_word) {
    conclude(*attempt);
  }
}

void Attempts::end(Attempt& attempt, rpc::AttemptFinished last_word) {
  if (attempt.phase == Attempt::Phase::finished) return;
  // A next attempt goes on from the last checkpoint: it must arrive first.
  const bool wait = last_word.error && last_word.error->retryable && (attempt.saving || attempt.next_checkpoint);
  attempt.last_word = std::move(last_word);
  attempt.phase = Attempt::Phase::ending;
  if (!wait) conclude(attempt);
}

void Attempts::conclude(Attempt& attempt) {
  attempt.phase = Attempt::Phase::finished;
  attempt.pins.clear();
  attempt.next_checkpoint.reset();
  if (!attempt.scratch.empty()) {
    const auto scratch = attempt.scratch;
    services_.transfers.run([scratch](ArtifactSource&) { std::filesystem::remove_all(scratch); },
                            [](const std::exception_ptr&) {});
  }
  services_.session.send(attempt.id, *attempt.last_word);
  on_change();
}

}  // namespace checkerlab::worker
