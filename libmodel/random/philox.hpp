// Philox4x32-10, a counter-based random number generator: a pure function of a 128-bit counter and a 64-bit key, so
// that a number is named by what it is for and not by how many were drawn before it. Salmon, Moraes, Dror, Shaw:
// Parallel random numbers: as easy as 1, 2, 3 (SC 2011). Works on host and device.
#pragma once

#include <array>
#include <cstdint>

#if defined(__CUDACC__)
#define CHECKERLAB_HOST_DEVICE __host__ __device__
#else
#define CHECKERLAB_HOST_DEVICE
#endif

namespace checkerlab::model {

struct PhiloxWords {
  std::uint32_t x = 0, y = 0, z = 0, w = 0;
};

CHECKERLAB_HOST_DEVICE inline PhiloxWords philox4x32(PhiloxWords counter, std::uint64_t key) {
  auto key0 = static_cast<std::uint32_t>(key);
  auto key1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53u} * counter.x;
    const std::uint64_t b = std::uint64_t{0xCD9E8D57u} * counter.z;
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter.y ^ key0, static_cast<std::uint32_t>(b),
               static_cast<std::uint32_t>(a >> 32) ^ counter.w ^ key1, static_cast<std::uint32_t>(a)};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

// What a random number is for; part of the counter, so that no two uses ever share a number.
enum class RandomDomain : std::uint32_t {
  sampling = 1,         // (sample, global raster token, code / 4)
  initialisation = 2,   // (parameter, element / 4)
  training_order = 3,   // (epoch, element)
  training_crop = 4,    // (step, item)
  training_blocks = 5,  // (step, scale)
  training_label = 6,   // (step, item)
  training_source = 7,  // (step, item, global raster token)
  scan_order = 12,      // (side, element)
  data = 16,            // procedural images and other draws of data sets
  tokenizer = 17,       // tokenizer training
  evaluation = 18,      // metric network training
  codebook = 20,        // codebook re-training (step)
  image_order = 21,     // (epoch, element)
};

// The four words named by (seed, domain, a, b, c). `a` counts to 2^56 (the top byte of the counter holds the domain), b
// and c to 2^32.
CHECKERLAB_HOST_DEVICE inline PhiloxWords random_words(std::uint64_t seed, RandomDomain domain, std::uint64_t a,
                                                       std::uint32_t b, std::uint32_t c) {
  const auto high = static_cast<std::uint32_t>(a >> 32) ^ (static_cast<std::uint32_t>(domain) << 24);
  return philox4x32({c, b, static_cast<std::uint32_t>(a), high}, seed);
}

// Uniform in (0, 1): the 2^23 midpoints of equal intervals, all exact in fp32.
CHECKERLAB_HOST_DEVICE inline float uniform_open(std::uint32_t word) {
  return (static_cast<float>(word >> 9) + 0.5f) * 1.1920928955078125e-7f;
}

// Uniform in (0, 1], fine near zero (steps of 2^-32): v such that −log1p(−v) is a standard exponential number whose
// small values, the ones that win when codes are drawn, are not coarse. 1 itself (infinite noise) never wins.
CHECKERLAB_HOST_DEVICE inline float exponential_uniform(std::uint32_t word) {
  return (static_cast<float>(word) + 0.5f) * 2.3283064365386963e-10f;
}

// Uniform integer in [0, n), n ≥ 1, by multiplication; the bias is below n / 2^32.
CHECKERLAB_HOST_DEVICE inline std::uint32_t uniform_below(std::uint32_t word, std::uint32_t n) {
  return static_cast<std::uint32_t>((std::uint64_t{word} * n) >> 32);
}

}  // namespace checkerlab::model
