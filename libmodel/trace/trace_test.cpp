#include "libmodel/trace/trace.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/error.hpp"
#include "libmodel/order/scales.hpp"
#include "libmodel/sampling/testing/small_tokenizer.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/trace/parameter_rows.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

class TraceTest : public testing::Test {
 protected:
  TraceTest() { use(small_model({1, 2, 4})); }

  void use(const Model& model) {
    subject = {.model = model};
    subject.tokenizer = small_tokenizer(model.config);
    inputs.tensors.clear();
    inputs.tensors["labels"] = torch::tensor({1, 5, 0}, torch::kInt64);
    for (const int side : model.config.sizes) {
      inputs.tensors["tokens." + std::to_string(side)] =
          (torch::arange(3 * side * side, torch::kInt64) * 11 % model.config.codes).view({3, side, side});
    }
    const int pixels = 2 * model.config.grid();
    inputs.tensors["image"] = torch::linspace(-1, 1, 9 * pixels * pixels).view({3, 3, pixels, pixels}).to(torch::kHalf);
  }

  TraceResult trace(const std::vector<std::string>& only = {}) {
    return trace_model(subject, inputs, {.only = only}, observer);
  }
  at::Tensor one(const std::string& name) { return trace({name}).tensors.at(name); }

  // The error of a trace, which must be one.
  std::string refused(const std::vector<std::string>& only = {"logits.4"}) {
    try {
      trace(only);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      return error.full_text();
    }
    ADD_FAILURE() << "was accepted";
    return "";
  }
  void expect_refused(const std::string& input, const at::Tensor& value, const std::string& part) {
    const TensorFile kept = inputs;
    inputs.tensors[input] = value;
    EXPECT_NE(refused().find(part), std::string::npos) << input << ": " << refused();
    inputs = kept;
  }

  TraceSubject subject;
  TensorFile inputs;
  RecordingObserver observer;
};

TEST_F(TraceTest, everythingComesWithinItsBounds) {
  const auto result = trace();
  EXPECT_EQ(result.tensors.at("logits.4").sizes(), (torch::IntArrayRef{3, 21, 32}));
  EXPECT_EQ(result.tensors.at("greedy.cfg0.P4.step.4").sizes(), (torch::IntArrayRef{3, 4, 4}));
  EXPECT_EQ(result.tensors.at("decode").sizes(), (torch::IntArrayRef{3, 3, 8, 8}));
  EXPECT_EQ(result.tensors.at("train.losses").size(0), 5);
  EXPECT_FALSE(result.tensors.contains("ema.loss.4"));
  EXPECT_FALSE(result.tensors.contains("resume.losses"));
  EXPECT_FALSE(result.tensors.contains("fold.4.loss"));  // no scale has a remainder
  for (const auto& [name, value] : result.tensors) {
    EXPECT_TRUE(value.isfinite().all().item<bool>()) << name;
  }
  EXPECT_EQ(result.notes.size(), 2U);
}

TEST_F(TraceTest, numbersInNamesAreFree) {
  const auto result = trace({"logits.16", "logits.3", "hidden.P2.layer1", "rank.64", "block_ids.5",
                             "greedy.cfg2.75start3.P2.tokens.4", "greedy.cfg2.75start3.P2.blocks", "fold.3.loss"});
  EXPECT_EQ(result.tensors.size(), 8U);
  EXPECT_GT(largest_difference(result.tensors.at("logits.16"), result.tensors.at("logits.3")), 1e-3);
  EXPECT_EQ(result.tensors.at("rank.64").sizes(), (torch::IntArrayRef{64, 64}));
  EXPECT_TRUE(
      torch::equal(result.tensors.at("greedy.cfg2.75start3.P2.blocks"), torch::tensor({1, 2, 2, 8, 8}, torch::kInt64)));
  EXPECT_TRUE(torch::equal(one("greedy.cfg0.P4.tokens.4"), one("greedy.cfg1.5start1000.P4.tokens.4")));
}

TEST_F(TraceTest, unknownNamesAreAnsweredWithNearOnes) {
  EXPECT_NE(refused({"logit.4"}).find("'logits.4'"), std::string::npos);
  EXPECT_NE(refused({"train.loss"}).find("train.losses"), std::string::npos);
  EXPECT_NE(refused({"nothing at all like it"}).find("logits.{P}"), std::string::npos);
  EXPECT_NE(refused({"upscaled.3"}).find("no scale of side 3"), std::string::npos);
  EXPECT_NE(refused({"hidden.P4.layer2"}).find("no layer 2"), std::string::npos);
  EXPECT_NE(refused({"logits.0"}).find("0 steps per scale"), std::string::npos);
  EXPECT_NE(refused({"logits.17"}).find("17 steps per scale"), std::string::npos);
  EXPECT_NE(refused({"greedy.cfg1.5start0.P17.steps"}).find("17 steps per scale"), std::string::npos);
  EXPECT_NE(refused({"ema.loss.4"}).find("no averaged weights"), std::string::npos);
  EXPECT_NE(refused({"resume.losses"}).find("no optimiser state"), std::string::npos);
}

TEST_F(TraceTest, inputsThatDoNotFitAreNamed) {
  const auto labels = inputs.tensors["labels"], tokens = inputs.tensors["tokens.4"];
  expect_refused("labels", torch::tensor({0, 6, 0}, torch::kInt64), "label 6");
  expect_refused("labels", torch::tensor({0, -1, 0}, torch::kInt64), "label -1");
  expect_refused("labels", labels.to(torch::kFloat), "int64");
  expect_refused("labels", labels.slice(0, 0, 2), "items");
  expect_refused("labels", labels.slice(0, 0, 0), "no items");
  expect_refused("tokens.4", tokens + 1, "token 32");
  expect_refused("tokens.4", tokens - 32, "token -32");
  expect_refused("tokens.4", tokens.view({3, 16}), "items × 4 × 4");
  expect_refused("tokens.8", torch::zeros({3, 8, 8}, torch::kInt64), "none of the model's scales");
  expect_refused("image", torch::zeros({3, 3, 9, 9}), "multiple of the tokenizer's stride 2");
  expect_refused("image", torch::zeros({3, 3, 10, 10}), "takes 8");
  expect_refused("image", torch::zeros({3, 3, 8, 10}), "side × side");
  expect_refused("image", torch::zeros({3, 3, 8, 8}, torch::kUInt8), "floating");
  expect_refused("image", torch::full({3, 3, 8, 8}, std::nan("")), "NaN");
  expect_refused("rmsnorm.in", torch::zeros({4, 31}), "width 32");
  inputs.tensors.erase("tokens.2");
  EXPECT_NE(refused().find("'tokens.2' is missing"), std::string::npos);
}

TEST_F(TraceTest, whatInputsDoNotAllowIsLeftOutOrRefused) {
  inputs.tensors.erase("image");
  inputs.tensors["other"] = torch::zeros({1});
  auto result = trace();
  EXPECT_FALSE(result.tensors.contains("encode.z.4"));
  EXPECT_TRUE(result.tensors.contains("decode"));
  EXPECT_NE(refused({"image_loss.4"}).find("no image"), std::string::npos);
  subject.tokenizer = VqTokenizer(nullptr);
  result = trace();
  EXPECT_FALSE(result.tensors.contains("decode"));
  EXPECT_TRUE(result.tensors.contains("logits.4"));
  inputs.tensors = {};
  result = trace();
  EXPECT_TRUE(result.tensors.contains("order") && result.tensors.contains("rmsnorm.out"));
  EXPECT_FALSE(result.tensors.contains("embed.class"));
}

TEST_F(TraceTest, aTokenizerOfAnotherModelIsRefused) {
  subject.tokenizer = small_tokenizer(small_model({1, 2, 4}, 16).config);
  EXPECT_NE(refused().find("16 codes"), std::string::npos);
}

TEST_F(TraceTest, stopsWhenCancelled) {
  observer.cancel_at = 3;
  try {
    trace();
    FAIL() << "was not cancelled";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
  }
}

// Five steps, once at one go and once as two and three with the moments kept in between.
TEST_F(TraceTest, resumingGoesOnWithTheOptimiser) {
  const auto whole = one("train.losses");
  subject.moments.clear();
  ModelWeights weights = subject.model.weights;
  visit_weights(subject.model.config, weights, [&](const std::string& name, at::Tensor& weight, const auto&) {
    subject.moments[name] = {torch::zeros_like(weight), torch::zeros_like(weight), 0};
  });
  const auto fresh = one("resume.losses");
  ASSERT_EQ(fresh.size(0), 3);
  EXPECT_TRUE(torch::equal(fresh, whole.slice(0, 0, 3)));
  for (auto& [name, moments] : subject.moments) {
    moments.average = torch::full_like(moments.average, 0.1);
    moments.square = torch::full_like(moments.square, 0.01);
    moments.steps = 3;
  }
  EXPECT_GT(largest_difference(one("resume.losses"), fresh), 1e-4);
}

TEST_F(TraceTest, rowsAreTheReleasedParameters) {
  ModelConfig config = subject.model.config;
  config.head_mlp = true;
  config.mixing_layers = 0;
  const auto names = released_parameter_order(config);
  EXPECT_EQ(names[0], "empty_token_emb");
  EXPECT_EQ(names[2], "llama.layers.0.attention.wqkv.weight");
  EXPECT_EQ(names.back(), "lm_head.bias");
  EXPECT_NE(std::find(names.begin(), names.end(), "llama.rotary_emb.mixing_coeffs"), names.end());
  EXPECT_EQ(names[names.size() - 7], "head_mlp.net.0.weight");
  use(random_model(config));
  const auto result = trace({"train.first_grads", "train.param_norms"});
  const auto mixing = std::find(names.begin(), names.end(), "llama.rotary_emb.mixing_coeffs") - names.begin();
  EXPECT_EQ(result.tensors.at("train.first_grads").size(0), static_cast<std::int64_t>(names.size()));
  EXPECT_EQ(result.tensors.at("train.first_grads")[mixing].abs().sum().item<double>(), 0);
  EXPECT_GT(result.tensors.at("train.first_grads")[static_cast<std::int64_t>(names.size()) - 7][1].item<double>(), 0);
}

TEST_F(TraceTest, otherShapesOfModels) {
  struct Shape {
    int grid;
    const char* ratio;
    int width, heads, layers, mixing;
    bool projection, head_mlp;
  };
  for (const Shape& shape :
       {Shape{5, "1.3", 32, 2, 2, 0, true, false}, Shape{9, "2.7", 36, 4, 2, 2, true, false},
        Shape{4, "single", 24, 6, 1, 2, false, true}, Shape{7, "sqrt2", 27, 3, 2, 1, false, false}}) {
    use(random_model({.sizes = scale_sizes(shape.grid, parse_ratio(shape.ratio)),
                      .classes = 5,
                      .codes = 20,
                      .code_dim = 4,
                      .layers = shape.layers,
                      .width = shape.width,
                      .heads = shape.heads,
                      .hidden = 40,
                      .mixing_layers = shape.mixing,
                      .source_projection = shape.projection,
                      .head_mlp = shape.head_mlp}));
    const auto result = trace();
    for (const auto& [name, value] : result.tensors) {
      ASSERT_TRUE(value.isfinite().all().item<bool>()) << name << " of grid " << shape.grid;
    }
    EXPECT_EQ(result.tensors.at("rope_table").size(1), shape.width / shape.heads);
    EXPECT_LT(result.tensors.at("train.loss_after").item<double>(),
              result.tensors.at("train.losses")[0].item<double>());
    EXPECT_NEAR(result.tensors.at("loss.4").item<double>(), result.tensors.at("train.losses")[0].item<double>(), 1e-5);
  }
}

}  // namespace
}  // namespace checkerlab::model
