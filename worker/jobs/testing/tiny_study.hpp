// The jobs of a tiny study on procedural 8x8 images: token grid 4x4, ratio 2.
#pragma once

#include "worker/jobs/testing/bench.hpp"

namespace checkerlab::worker::testing {

Json dataset_params();
Json tokenizer_params();
Json network_params();
Json model_params(int steps);
Json shard_params(int begin, int end);

// Everything up to the models, made once for all tests of the process.
struct TinyStudy {
  Bench bench;
  Made dataset, tokenizer, network, reference;
  std::map<std::string, Made> tokens;  // by role
  Made model;                          // trained

  static TinyStudy& instance();

  Made train_model(int steps, const Extras& extras = {});
  Made shard(const Made& model, int begin, int end, const Extras& extras = {});
  // Scores `samples` samples, drawn in shards of `shard_size`.
  Made score(const Made& model, int samples, int shard_size);

 private:
  TinyStudy();
};

}  // namespace checkerlab::worker::testing
