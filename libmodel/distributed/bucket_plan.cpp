#include "libmodel/distributed/bucket_plan.hpp"

namespace checkerlab::model {

std::vector<std::vector<std::size_t>> plan_buckets(const std::vector<std::int64_t>& bytes,
                                                   const std::vector<std::size_t>& order, std::int64_t limit) {
  std::vector<std::vector<std::size_t>> buckets;
  std::int64_t held = 0;
  for (const std::size_t index : order) {
    if (buckets.empty() || held + bytes[index] > limit) {
      buckets.emplace_back();
      held = 0;
    }
    buckets.back().push_back(index);
    held += bytes[index];
  }
  return buckets;
}

std::vector<std::size_t> completed_order(std::vector<std::size_t> first, std::size_t count) {
  std::vector<bool> there(count, false);
  for (const std::size_t index : first)
    there[index] = true;
  for (std::size_t index = count; index-- > 0;) {
    if (!there[index]) first.push_back(index);
  }
  return first;
}

}  // namespace checkerlab::model
