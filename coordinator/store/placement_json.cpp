#include "coordinator/store/placement_json.hpp"

namespace checkerlab::coordinator {

scheduler::Placement placement_from(const nlohmann::json& json) {
  constexpr scheduler::Millis kSecond = 1'000;
  scheduler::Placement placement;
  placement.labels = json.value("labels", scheduler::Labels{});
  placement.memory_bytes = json.value("memory_bytes", std::uint64_t{0});
  placement.time_limit = json.value("time_limit_seconds", std::int64_t{0}) * kSecond;
  if (const auto ranks = json.find("ranks"); ranks != json.end()) {
    placement.least_ranks = ranks->at("min").get<std::uint32_t>();
    placement.most_ranks = ranks->at("max").get<std::uint32_t>();
  }
  return placement;
}

scheduler::Placement placement_of_hints(const nlohmann::json& hints) {
  const auto found = hints.find("placement");
  return found == hints.end() ? scheduler::Placement{} : placement_from(*found);
}

}  // namespace checkerlab::coordinator
