#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

template <class Map>
auto find_in(const Map& map, const typename Map::key_type& key) -> std::optional<typename Map::mapped_type> {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

template <class Index, class Table>
Index intern(std::unordered_map<std::string, Index>& map, Table& table, const std::string& name) {
  const auto [entry, is_new] = map.try_emplace(name, static_cast<Index>(table.size()));
  if (is_new) table.emplace_back();
  return entry->second;
}

}  // namespace

Millis State::rests_until(JobIndex index) const {
  if (!job(index).resting) return 0;
  for (const auto& [until, resting] : rests) {
    if (resting == index) return until;
  }
  return 0;
}

std::optional<JobIndex> State::find_job(const Key& key) const {
  return job_by_key.find(key, [this](JobIndex index) -> const Key& { return job(index).key; });
}
std::optional<StudyIndex> State::find_study(const std::string& id) const {
  return find_in(study_by_id, id);
}
std::optional<WorkerIndex> State::find_worker(const std::string& id) const {
  return find_in(worker_by_id, id);
}

WorkerIndex State::intern_worker(const std::string& id) {
  const WorkerIndex index = intern(worker_by_id, workers, id);
  worker(index).id = id;
  return index;
}

StudyIndex State::intern_study(const std::string& id) {
  if (users.empty()) intern_user("");  // whose studies have no owner
  const StudyIndex index = intern(study_by_id, studies, id);
  study(index).id = id;
  return index;
}

UserIndex State::intern_user(const std::string& name) {
  const UserIndex index = intern(user_by_name, users, name);
  users[at(index)].name = name;
  return index;
}

KindIndex State::intern_kind(const std::string& name) {
  const KindIndex index = intern(kind_by_name, kinds, name);
  kinds[at(index)].name = name;
  return index;
}

CodeIndex State::intern_code(const std::string& name) {
  if (name.empty()) return kAnyCode;
  const CodeIndex index = intern(code_by_name, codes, name);
  codes[at(index)] = name;
  return index;
}

}  // namespace checkerlab::coordinator::scheduler
