// The output folder of `model train`: what a run keeps there, and how the same command finds it again.
//
//   run.json             what is trained on what, so that another recipe does not continue this run by mistake
//   checkpoint.safetensors
//   metrics.jsonl        one line a reported step, {"step": 12, "loss": 3.1, …}
//   tokens/              a token cache in the released layout, where the recipe has images
//   model.safetensors, report.json  once it is finished
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

namespace checkerlab::worker {

enum class Beginning { continue_if_begun, resume, restart };

class TrainingFolder {
 public:
  // The owner makes the folder and locks it for the life of this object. Throws Error: conflict (another process trains
  // in it), io_error. The others (ranks of the owner) only know the paths.
  TrainingFolder(std::filesystem::path path, bool owner);
  ~TrainingFolder();
  TrainingFolder(const TrainingFolder&) = delete;
  TrainingFolder& operator=(const TrainingFolder&) = delete;

  // Notes what is trained, and says which checkpoint to continue from, if any. Tokens that were made of something else
  // are removed. Throws Error: version_mismatch when the folder holds a run of something else (unless
  // `accept_changes`), not_found when `beginning` is resume and there is nothing to resume.
  std::optional<std::filesystem::path> begin(const nlohmann::json& identity, Beginning beginning, bool accept_changes);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path checkpoint() const { return path_ / "checkpoint.safetensors"; }
  std::filesystem::path metrics() const { return path_ / "metrics.jsonl"; }
  std::filesystem::path model() const { return path_ / "model.safetensors"; }
  std::filesystem::path tokens() const { return path_ / "tokens"; }
  void write_report(const nlohmann::json& report) const;

 private:
  void remove_unfinished_checkpoints() const;

  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace checkerlab::worker
