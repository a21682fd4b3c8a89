#include "coordinator/store/forecast.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace checkerlab::coordinator {
namespace {

using Json = nlohmann::json;

constexpr double kNineInTen = 1.645;    // standard deviations on either side
constexpr double kUnknownSpread = 0.5;  // of one measurement, relative: nothing is known of its spread

// A sum of durations as its mean and variance.
struct Duration {
  double mean = 0;
  double variance = 0;

  Duration& operator+=(const Duration& other) {
    mean += other.mean;
    variance += other.variance;
    return *this;
  }
  Duration operator*(double factor) const { return {mean * factor, variance * factor * factor}; }
};

Json range(const Duration& duration) {
  const double spread = kNineInTen * std::sqrt(duration.variance);
  return {{"low", std::max(0.0, duration.mean - spread)}, {"likely", duration.mean}, {"high", duration.mean + spread}};
}

// Whose time it is: that of everybody who has a part in a job, or that which passes.
enum class Time { workers, wall };

// Seconds of a unit of work, with the variance of one measurement of it.
Duration pace_of(const std::vector<LikeJob>& like, Time time) {
  const auto count = static_cast<double>(like.size());
  const auto pace = [&](const LikeJob& job) {
    return job.seconds / job.work * (time == Time::workers ? job.ranks : 1);
  };
  Duration all;
  for (const LikeJob& job : like)
    all.mean += pace(job) / count;
  for (const LikeJob& job : like)
    all.variance += (pace(job) - all.mean) * (pace(job) - all.mean) / std::max(1.0, count - 1);
  const double least = kUnknownSpread * all.mean / count;
  all.variance = std::max(all.variance, least * least);
  return all;
}

// `jobs` of them: each varies, and so does what is known of their mean.
Duration duration_of(const OpenStage& stage, double jobs, Time time) {
  const Duration pace = pace_of(stage.like, time);
  const auto count = static_cast<double>(stage.like.size());
  return {jobs * stage.work * pace.mean, stage.work * stage.work * pace.variance * (jobs + jobs * jobs / count)};
}

double gpu_share(const std::vector<LikeJob>& like) {
  return static_cast<double>(std::ranges::count_if(like, [](const LikeJob& job) { return job.gpu; })) /
         static_cast<double>(like.size());
}

}  // namespace

Json forecast_document(const std::vector<OpenStage>& stages, std::int64_t slots) {
  Duration worker, gpu, chain;
  double jobs = 0;
  bool complete = true;
  Json items = Json::array();
  for (const OpenStage& stage : stages) {
    jobs += std::ceil(stage.jobs);
    Json item{{"kind", stage.kind},
              {"jobs", std::llround(std::ceil(stage.jobs))},
              {"seconds", nullptr},
              {"like_jobs", stage.like.size()},
              {"of", stage.of}};
    if (stage.like.empty()) {
      complete = complete && stage.jobs <= 0;
    } else {
      const Duration total = duration_of(stage, stage.jobs, Time::workers);
      item["seconds"] = range(total);
      worker += total;
      gpu += total * gpu_share(stage.like);
      chain += duration_of(stage, std::min(stage.jobs, 1.0), Time::wall);
    }
    items.push_back(std::move(item));
  }
  Json wall = nullptr;
  if (slots > 0) {
    const Duration shared = worker * (1.0 / static_cast<double>(slots));
    wall = range(shared.mean > chain.mean ? shared : chain);
  }
  return {{"jobs", std::llround(jobs)},
          {"complete", complete},
          {"stages", std::move(items)},
          {"worker_seconds", range(worker)},
          {"gpu_seconds", range(gpu)},
          {"wall_seconds", std::move(wall)},
          {"slots", slots}};
}

}  // namespace checkerlab::coordinator
