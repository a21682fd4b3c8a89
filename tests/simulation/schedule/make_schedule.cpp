#include "tests/simulation/random.hpp"
#include "tests/simulation/schedule/operation.hpp"

namespace checkerlab::simulation {
namespace {

struct Weight {
  Act act;
  std::uint32_t weight;
  bool trouble;  // left out by some seeds: a run in which everything breaks at once reaches little
};

constexpr std::array<Weight, kActs> kWeights{{
    {Act::submit, 5, false},     {Act::cancel, 3, true},        {Act::extend, 3, true},   {Act::rerun, 2, true},
    {Act::pause, 2, true},       {Act::resume, 4, false},       {Act::reorder, 1, true},  {Act::cordon, 2, true},
    {Act::connect, 6, false},    {Act::cut, 3, true},           {Act::vanish, 2, true},   {Act::replace, 1, true},
    {Act::deliver_to, 7, false}, {Act::deliver_from, 9, false}, {Act::work, 12, false},   {Act::heartbeat, 3, false},
    {Act::chatter, 3, true},     {Act::repeat, 3, true},        {Act::lie, 4, true},      {Act::tick, 5, false},
    {Act::stall, 1, true},       {Act::jump, 1, true},          {Act::commit, 7, false},  {Act::acknowledge, 6, false},
    {Act::post, 6, false},       {Act::settle, 4, false},       {Act::round, 10, false},  {Act::crash, 2, true},
    {Act::crash_soon, 3, true},  {Act::start, 5, false},        {Act::shutdown, 1, true}, {Act::fail_soon, 2, true},
    {Act::fill, 1, true},        {Act::free_space, 2, false},   {Act::drain, 1, true},    {Act::inspect, 1, false},
}};

using Weights = std::array<std::uint32_t, kActs>;

Weights weights_of(Random& random) {
  Weights weights{};
  for (const Weight& entry : kWeights) {
    const bool left_out = entry.trouble && random.one_in(2);
    weights.at(static_cast<std::size_t>(entry.act)) = left_out ? 0 : entry.weight * (1 + random.pick(3));
  }
  return weights;
}

Act pick_act(const Weights& weights, Random& random) {
  std::uint32_t total = 0;
  for (const std::uint32_t weight : weights)
    total += weight;
  std::uint32_t place = random.pick(total);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (place < weights[i]) return static_cast<Act>(i);
    place -= weights[i];
  }
  return Act::settle;
}

constexpr std::uint32_t kShortest = 50;
constexpr std::uint32_t kSpread = 150;
constexpr std::uint32_t kLargeNumber = 1'000'000;

}  // namespace

Schedule make_schedule(std::uint64_t seed) {
  Random random(seed * 2 + 1);
  Schedule schedule{seed, random.one_in(40), {}};
  const Weights weights = weights_of(random);
  const std::uint32_t length = kShortest + random.pick(kSpread);
  schedule.operations.push_back({Act::submit, {random.pick(kLargeNumber), 0, 0}});
  for (std::uint32_t worker = 0; worker < 2; ++worker)
    schedule.operations.push_back({Act::connect, {worker, 0, 0}});
  while (schedule.operations.size() < length) {
    Operation operation{pick_act(weights, random), {}};
    for (std::uint32_t& number : operation.numbers)
      number = random.pick(kLargeNumber);
    schedule.operations.push_back(operation);
  }
  return schedule;
}

}  // namespace checkerlab::simulation
