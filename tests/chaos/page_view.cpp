#include "tests/chaos/page_view.hpp"

#include <utility>

namespace checkerlab::chaos {
namespace {

std::int64_t count(const Json& study, const char* state) {
  return study.at("jobs").at(state).get<std::int64_t>();
}

std::string state_of(const Json& document) {
  return document.at("state").get<std::string>();
}

bool is_over(const std::string& state) {
  return state == "succeeded" || state == "failed" || state == "cancelled";
}

}  // namespace

void PageView::expect(bool holds, const Json& document, const char* promise) const {
  if (!holds) report_(std::string(promise) + ", but: " + document.dump());
}

void PageView::check_counts(const Json& study) const {
  std::int64_t jobs = 0;
  for (const char* state : {"blocked", "queued", "running", "succeeded", "failed", "cancelled"})
    jobs += count(study, state);
  std::int64_t total = 0, done = 0;
  for (const Json& stage : study.at("stages")) {
    total += stage.at("total").get<std::int64_t>();
    done += stage.at("done").get<std::int64_t>();
  }
  expect(jobs == count(study, "total"), study, "the jobs of a study add up to their total");
  expect(total == count(study, "total") && done == count(study, "succeeded"), study,
         "the stages of a study add up to its jobs");
  expect(is_over(state_of(study)) != study.at("finished_at").is_null(), study, "a study that is over says since when");
  expect(state_of(study) != "succeeded" || count(study, "succeeded") == count(study, "total"), study,
         "a study has succeeded when all its jobs have");
}

void PageView::show_study(const Json& study) {
  check_counts(study);
  const auto [known, is_new] = studies_.try_emplace(study.at("id").get<std::string>(), study);
  if (is_new) return;
  const Json before = std::exchange(known->second, study);
  expect(count(study, "succeeded") >= count(before, "succeeded"), study, "what has succeeded stays so");
  expect(count(study, "total") == count(before, "total"), study, "a study keeps its jobs");
  expect(!is_over(state_of(before)) || state_of(study) == state_of(before), study, "a study that is over stays so");
}

void PageView::forget_jobs(const std::string& study) {
  crowded_.insert(study);
  std::erase_if(jobs_, [&](const auto& known) { return known.second.at("studies").at(0) == study; });
}

void PageView::show_job(const Json& job) {
  if (crowded_.contains(job.at("studies").at(0).get<std::string>())) return;
  const auto state = state_of(job);
  const auto attempts = job.at("attempts").get<std::int64_t>();
  expect((state != "running" && state != "succeeded") || attempts > 0, job, "what runs or has succeeded was begun");
  expect(is_over(state) != job.at("finished_at").is_null(), job, "a job that is over says since when");
  const auto [known, is_new] = jobs_.try_emplace(job.at("key").get<std::string>(), job);
  if (is_new) return;
  const Json before = std::exchange(known->second, job);
  const auto begun = before.at("attempts").get<std::int64_t>();
  expect(attempts >= begun, job, "attempts are counted upwards");
  expect(state_of(before) != "succeeded" || state == "succeeded", job, "a job that has succeeded stays so");
  expect(state_of(before) == state || state != "running" || attempts > begun, job, "a job runs again as a new attempt");
}

}  // namespace checkerlab::chaos
