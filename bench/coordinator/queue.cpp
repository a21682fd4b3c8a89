#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "bench/coordinator/lab.hpp"
#include "bench/coordinator/measures.hpp"
#include "bench/coordinator/table.hpp"

namespace checkerlab::bench {
namespace {

constexpr int kStudyJobs = 100'000;
constexpr int kStudies = 10;

// Every job as a worker would have left it.
void finish_everything(const std::filesystem::path& data) {
  SQLite::Database database((data / "checkerlab.db").string(), SQLite::OPEN_READWRITE);
  SQLite::Transaction transaction(database);
  database.exec(
      "INSERT INTO workers (id, name, version, state, device, slots, connected_at, last_seen_at) "
      "VALUES ('w', 'w', '1', 'offline', '{}', 1, 0, 0)");
  database.exec(
      "INSERT INTO attempts (job, number, worker, state, assigned_at, started_at, ended_at, queued_at) "
      "SELECT number, 1, 'w', 'succeeded', created_at, created_at, created_at, created_at FROM jobs");
  database.exec(
      "INSERT INTO results (job, attempt, worker, code_version, result, recorded_at) "
      "SELECT number, 1, 'w', '1', '{\"artifacts\":[],\"metrics\":{}}', created_at FROM jobs");
  database.exec("UPDATE jobs SET state = 'succeeded', attempt = 1, worker = 'w', finished_at = created_at");
  database.exec("UPDATE studies SET state = 'succeeded'");
  transaction.commit();
}

// Jobs that do nothing, alone and while every job's row is read out.
void measure_export(Lab& lab, const Setting& setting, int rows) {
  const int jobs = std::max(1'000, static_cast<int>(20'000 * setting.scale));
  auto client = lab.client();
  lab.start_worker(2, 1'024);
  Row alone{fmt::format("{} noop jobs, {} others in the database", jobs, rows), "jobs/s", {}, ""};
  Row beside{"  the same while all rows are exported", "jobs/s", {}, ""};
  Row exported{fmt::format("  export of {} jobs as CSV meanwhile", rows), "s", {}, ""};
  const auto run = [&](const std::string& name) {
    const auto begin = Clock::now();
    await_study(lab, submit_noop(client, name, jobs));
    return jobs / seconds_since(begin);
  };
  for (int i = 0; i < setting.runs; ++i) {
    alone.values.push_back(run(fmt::format("alone-{}", i)));
    std::thread reader([&] {
      const auto begin = Clock::now();
      lab.client().stream("/api/v1/export/jobs", [](std::string_view) {});
      exported.values.push_back(seconds_since(begin));
    });
    beside.values.push_back(run(fmt::format("beside-{}", i)));
    reader.join();
  }
  for (const Row& row : {alone, beside, exported})
    print_row(row);
}

}  // namespace

void measure_queue(const Setting& setting) {
  const int jobs = std::max(1'000, static_cast<int>(kStudyJobs * setting.scale));
  Row accepted{fmt::format("a study of {} jobs accepted", jobs), "s", {}, "<= 2"};
  Lab lab(setting.bin);
  auto client = lab.client();
  for (int i = 0; i < kStudies; ++i) {
    const auto begin = Clock::now();
    submit_noop(client, "queue-" + std::to_string(i), jobs);
    accepted.values.push_back(seconds_since(begin));
  }
  print_row(accepted);
  print_row({fmt::format("coordinator's memory with {} queued jobs", jobs * kStudies),
             "MiB",
             {resident_mib(lab.coordinator_pid())},
             "<= 1024"});
  lab.stop_coordinator();
  Row queued{fmt::format("start until ready, {} queued jobs", jobs * kStudies), "s", {}, ""};
  queued.values.push_back(lab.start_coordinator());
  print_row(queued);
  lab.stop_coordinator();
  finish_everything(lab.data());
  Row finished{fmt::format("start until ready, {} finished jobs", jobs * kStudies), "s", {}, "<= 1"};
  for (int i = 0; i < setting.runs; ++i) {
    finished.values.push_back(lab.start_coordinator());
    if (i + 1 < setting.runs) lab.stop_coordinator();
  }
  print_row(finished);
  measure_export(lab, setting, jobs * kStudies);
}

}  // namespace checkerlab::bench
