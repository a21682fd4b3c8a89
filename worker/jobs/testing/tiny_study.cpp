#include "worker/jobs/testing/tiny_study.hpp"

#include <algorithm>

namespace checkerlab::worker::testing {

Json dataset_params() {
  return {{"source", "procedural"},
          {"generator", "shapes"},
          {"classes", 4},
          {"images_train", 512},
          {"images_test", 128},
          {"size", 8},
          {"seed", 0}};
}

Json tokenizer_params() {
  return {{"stride", 2},        {"channels", 16},     {"multipliers", {1, 2}}, {"res_blocks", 1},
          {"z_channels", 16},   {"attention", false}, {"codes", 64},           {"code_dim", 4},
          {"sizes", {1, 2, 4}}, {"steps", 200},       {"batch", 32},           {"lr", 2e-3},
          {"seed", 0}};
}

Json network_params() {
  return {{"channels", {16, 32}}, {"feature_width", 32}, {"steps", 120}, {"batch", 64}, {"lr", 2e-3}, {"seed", 0}};
}

Json model_params(int steps) {
  return {{"ratio", "2"},
          {"sizes", {1, 2, 4}},
          {"classes", 4},
          {"layers", 2},
          {"width", 64},
          {"heads", 4},
          {"hidden", 128},
          {"mixing_layers", 1},
          {"steps", steps},
          {"batch", 64},
          {"lr", 3e-3},
          {"warmup_steps", 10},
          {"drops", {{{"step", 180}, {"factor", 0.1}}}},
          {"weight_decay", 0.01},
          {"label_dropout", 0.1},
          {"source_replacement", 0.1},
          {"seed", 0},
          {"precision", "fp32"}};
}

Json shard_params(int begin, int end) {
  return {{"steps_per_scale", 4}, {"guidance", 0.5}, {"guidance_start_step", 0}, {"temperature", 1}, {"seed", 0},
          {"begin", begin},       {"end", end},      {"precision", "fp32"}};
}

TinyStudy& TinyStudy::instance() {
  static TinyStudy study;
  return study;
}

TinyStudy::TinyStudy() {
  dataset = bench.run("import_dataset", dataset_params());
  tokenizer = bench.run("train_tokenizer", tokenizer_params(), {{"dataset", dataset}});
  network = bench.run("train_metric_network", network_params(), {{"dataset", dataset}});
  reference = bench.run("reference_statistics", {{"split", "train"}}, {{"dataset", dataset}, {"network", network}});
  for (const int size : {1, 2, 4}) {
    tokens["tokens.00" + std::to_string(size)] = bench.run("tokenize_dataset", {{"size", size}, {"crops", "flip"}},
                                                           {{"dataset", dataset}, {"tokenizer", tokenizer}});
  }
  model = train_model(200);
}

Made TinyStudy::train_model(int steps, const Extras& extras) {
  Inputs inputs = tokens;
  inputs["tokenizer"] = tokenizer;
  return bench.run("train_model", model_params(steps), inputs, extras);
}

Made TinyStudy::shard(const Made& of, int begin, int end, const Extras& extras) {
  return bench.run("evaluate_shard", shard_params(begin, end),
                   {{"tokenizer", tokenizer}, {"model", of}, {"network", network}}, extras);
}

Made TinyStudy::score(const Made& of, int samples, int shard_size) {
  Inputs inputs{{"reference", reference}, {"network", network}};
  for (int begin = 0; begin < samples; begin += shard_size) {
    const auto number = std::to_string(begin / shard_size);
    inputs["shard." + std::string(4 - number.size(), '0') + number] =
        shard(of, begin, std::min(samples, begin + shard_size));
  }
  return bench.run("score_point", {{"metrics", {"fid", "is"}}, {"samples", samples}}, inputs);
}

}  // namespace checkerlab::worker::testing
