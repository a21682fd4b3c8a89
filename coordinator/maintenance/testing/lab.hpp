// A data directory as a coordinator leaves it: a finished study of five kinds of job with real artifacts, and a
// training that was interrupted after its second checkpoint.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "coordinator/artifacts/artifact_store.hpp"
#include "coordinator/service/testing/fixture.hpp"
#include "coordinator/service/testing/small_study.hpp"
#include "coordinator/store/database_copy.hpp"

namespace checkerlab::coordinator::testing {

class Lab {
 public:
  Lab() {
    std::filesystem::create_directories(data());
    Bench bench;
    bench.submit(small_study());
    const auto worker = bench.connect("a", 1, {}, small_study_kinds());
    const auto& link = *worker.link;
    for (std::size_t next = 0; next < link.assignments().size(); ++next)
      finish(bench, worker, link.assignments()[next]);
    interrupt_training(bench, worker);
    copy_database(bench.store->file(), database());
  }

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path data() const { return folder_.path() / "data"; }
  std::filesystem::path database() const { return data() / "checkerlab.db"; }
  std::filesystem::path path_of(const std::string& sha256) const {
    return data() / "artifacts" / sha256.substr(0, 2) / sha256;
  }
  // Of the study's trained model.
  const std::string& model() const { return artifacts_.at("train_model"); }
  std::size_t artifacts() const { return artifacts_.size() + 1; }  // with the last checkpoint
  const std::string& last_checkpoint() const { return last_checkpoint_; }
  const std::string& superseded_checkpoint() const { return superseded_checkpoint_; }

  std::int64_t number(const std::string& sql) const {
    return SQLite::Database(database().string(), SQLite::OPEN_READONLY).execAndGet(sql).getInt64();
  }
  void execute_sql(const std::string& sql) const {
    SQLite::Database(database().string(), SQLite::OPEN_READWRITE).exec(sql);
  }

  // Counted from 0.
  std::streamoff page_of(const std::string& table) const {
    return number("SELECT rootpage FROM sqlite_master WHERE name = '" + table + "'") - 1;
  }

  std::string put(const std::string& content) const {
    const std::string sha256 = sha256_hex(content);
    std::filesystem::create_directories(path_of(sha256).parent_path());
    std::ofstream(path_of(sha256), std::ios::binary) << content;
    return sha256;
  }

 private:
  rpc::ArtifactRef artifact(const std::string& name, const std::string& content) {
    return {name, put(content), content.size()};
  }

  void finish(Bench& bench, const FakeWorker& worker, const rpc::Assignment& job) {
    rpc::JobResult result = result_for(job);
    const std::string kind = job.spec.at("kind");
    for (rpc::ArtifactRef& made : result.artifacts) {
      made = artifact(made.name, "what " + kind + " made: " + job.attempt.key.str());
      artifacts_[kind == "evaluate_shard" ? made.sha256 : kind] = made.sha256;
    }
    bench.tell(worker, {rpc::AttemptStarted{job.attempt},
                        rpc::AttemptFinished{job.attempt, rpc::Outcome::kSucceeded, result, std::nullopt}});
  }

  void interrupt_training(Bench& bench, const FakeWorker& worker) {
    StudySubmission study;
    study.name = "interrupted";
    study.plan.jobs.push_back(make_job("train_model", {{"ratio", "4"}}));
    bench.submit(std::move(study));
    const rpc::AttemptRef attempt = worker.link->assignments().back().attempt;
    const auto first = artifact("state", "weights after 10 steps");
    const auto second = artifact("state", "weights after 20 steps");
    bench.tell(worker, {rpc::AttemptStarted{attempt}, rpc::Checkpoint{attempt, 10, first},
                        rpc::Checkpoint{attempt, 20, second}});
    superseded_checkpoint_ = first.sha256;
    last_checkpoint_ = second.sha256;
  }

  TemporaryFolder folder_;
  std::map<std::string, std::string> artifacts_;  // kind (of shards: hash) → hash
  std::string last_checkpoint_;
  std::string superseded_checkpoint_;
};

// Turns one bit of a file around.
inline void flip_bit(const std::filesystem::path& file, std::streamoff offset) {
  std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
  ASSERT_TRUE(bytes.is_open()) << file;
  bytes.seekg(offset);
  const int byte = bytes.get();
  bytes.seekp(offset);
  bytes.put(static_cast<char>(byte ^ 4));
}

// Puts garbage into the second half of a page, as a power cut in the middle of a write does.
inline void tear_page(const std::filesystem::path& file, std::streamoff page) {
  std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
  ASSERT_TRUE(bytes.is_open()) << file;
  bytes.seekp(page * 4096);
  bytes << std::string(2048, '\xA5');
}

}  // namespace checkerlab::coordinator::testing
