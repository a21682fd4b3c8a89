// How long a token cache in the released format takes to open, and to give random batches:
// `cache_bench FOLDER [IMAGES [SIDES...]]`. Writes a cache of that many images (ten crops, the same few images again
// and again) into FOLDER unless one is there. All of ImageNet at the twelve published sides takes 22 GB: `cache_bench
// /tmp/cache 1281167 1 2 3 4 5 6 7 8 10 11 13 16`.
#include <ATen/ATen.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "libmodel/data/released_cache.hpp"
#include "libmodel/data/released_writer.hpp"
#include "libmodel/random/philox.hpp"

namespace {

using namespace checkerlab::model;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kBatch = 128, kBatches = 200, kDistinct = 1000;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double resident_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void write(const std::filesystem::path& folder, std::int64_t images, const std::vector<int>& sides) {
  TokenizedImages made;
  made.crops = 10;
  made.classes = {"a", "b"};
  made.labels = at::arange(kDistinct, at::kLong).remainder(2);
  for (std::int64_t i = 0; i < images; ++i)
    made.rows.push_back(i % kDistinct);
  for (const int side : sides)
    made.tokens[side] =
        at::arange(kDistinct * 10 * side * side, at::kLong).remainder(4096).to(at::kShort).view({kDistinct, 10, -1});
  NullObserver observer;
  const auto start = Clock::now();
  write_released_cache(folder, "bench", made, observer);
  std::printf("written in %.1f s\n", seconds_since(start));
}

void measure(const std::filesystem::path& folder) {
  const double before = resident_mib();
  const auto start = Clock::now();
  const ReleasedCache cache(folder, at::zeros({4096, 8}));
  std::printf("%lld images in %lld shards opened in %.2f s, at most %.0f MiB more memory (mapped headers included)\n",
              static_cast<long long>(cache.metadata().images), static_cast<long long>(cache.metadata().shards),
              seconds_since(start), std::max(0.0, resident_mib() - before));
  const auto batches = Clock::now();
  for (std::int64_t step = 0; step < kBatches; ++step) {
    std::vector<std::int64_t> items, crops;
    for (std::int64_t i = 0; i < kBatch; ++i) {
      const auto words =
          random_words(1, RandomDomain::data, static_cast<std::uint64_t>(step), 0, static_cast<std::uint32_t>(i));
      items.push_back(uniform_below(words.x, static_cast<std::uint32_t>(cache.metadata().images)));
      crops.push_back(uniform_below(words.y, 10));
    }
    for (const int side : cache.metadata().sides)
      cache.gather(items, crops, side);
  }
  std::printf("random batches of %lld images at %zu sides: %.2f ms each\n", static_cast<long long>(kBatch),
              cache.metadata().sides.size(), 1e3 * seconds_since(batches) / kBatches);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: cache_bench FOLDER [IMAGES [SIDES...]]\n");
    return 1;
  }
  try {
    std::vector<int> sides;
    for (int i = 3; i < argc; ++i)
      sides.push_back(std::max(1, std::atoi(argv[i])));
    if (sides.empty()) sides = {1, 2, 4};
    if (!std::filesystem::exists(argv[1]))
      write(argv[1], argc > 2 ? std::max(1LL, std::atoll(argv[2])) : 1'281'167, sides);
    measure(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
