#include "cli/run/measured_rates.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/client/session.hpp"
#include "sweeps/work.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;

constexpr const char* kSpecs =
    "select j.key, j.spec, json_extract(r.result, '$.metrics.train_images') from jobs j "
    "left join results r on r.job = j.number where j.kind in ('import_dataset', 'import_file', 'train_tokenizer', "
    "'retrain_codebook', 'train_metric_network', 'train_model', 'tokenize_dataset') order by j.number desc limit 2000";

constexpr const char* kFinished =
    "select j.kind, j.spec, (j.finished_at - j.started_at) / 1000.0, json_extract(w.device, '$.name'), "
    "date(j.finished_at / 1000, 'unixepoch') from jobs j join results r on r.job = j.number "
    "join workers w on w.id = r.worker where json_extract(w.device, '$.type') = 'cuda' and j.state = 'succeeded' "
    "and j.finished_at > j.started_at and j.kind not in ('noop', 'import_file', 'measure_mixing') "
    "order by j.finished_at desc limit 2000";

struct Group {
  sweeps::Rate first;
  std::vector<double> speeds;
};

// Work that differs by less than a tenth is the same.
std::pair<std::string, long> group_of(const std::string& kind, double gflop) {
  return {kind, std::lround(std::log(gflop) / std::log(1.1))};
}

Json rows_of(Session& session, const char* sql) {
  return session.http().post("/api/v1/query", {{"sql", sql}}).at("rows");
}

int gpu_slots(Session& session) {
  int slots = 0;
  const Json workers = session.http().get("/api/v1/workers").at("items");
  for (const Json& worker : workers) {
    if (worker.at("state") == "online" && worker.at("device").at("type") == "cuda")
      slots += worker.at("slots").get<int>();
  }
  return slots;
}

}  // namespace

std::vector<sweeps::Rate> rates_from_rows(const Json& specs, const Json& finished) {
  std::map<std::string, Json> by_key;
  for (const Json& row : specs) {
    Json& spec = by_key[row.at(0).get<std::string>()] = Json::parse(row.at(1).get<std::string>());
    if (!row.at(2).is_null()) spec["params"]["images_train"] = row.at(2);
  }
  const auto spec_of = [&](const std::string& key) {
    const auto found = by_key.find(key);
    return found == by_key.end() ? nullptr : &found->second;
  };
  std::map<std::pair<std::string, long>, Group> groups;
  for (const Json& row : finished) {
    const Json spec = Json::parse(row.at(1).get<std::string>());
    const std::string kind = row.at(0);
    const auto work = sweeps::work_of(spec, spec_of, {});
    if (!work || work->units <= 0 || work->gflop <= 0) continue;
    Group& group = groups[group_of(kind, work->gflop)];
    if (group.speeds.empty())
      group.first = {kind, work->gflop, 0, row.at(3), row.at(4), "measured by this coordinator"};
    group.speeds.push_back(work->units / row.at(2).get<double>());
  }
  std::vector<sweeps::Rate> rates;
  for (auto& [name, group] : groups) {
    std::ranges::sort(group.speeds);
    rates.push_back(group.first);
    rates.back().per_second = group.speeds[group.speeds.size() / 2];
  }
  return rates;
}

Fleet ask_fleet(Context& context) {
  if (!find_coordinator(context) && !has_database(context)) return {};
  Session session = connect_to_read(context);
  const int gpus = gpu_slots(session);
  const Json specs = rows_of(session, kSpecs), finished = rows_of(session, kFinished);
  return {gpus, rates_from_rows(specs, finished)};
}

}  // namespace checkerlab::cli
