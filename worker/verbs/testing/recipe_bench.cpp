#include "worker/verbs/testing/recipe_bench.hpp"

#include <fcntl.h>
#include <torch/types.h>
#include <unistd.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <sstream>

#include "libmodel/data/token_cache.hpp"
#include "libmodel/random/draws.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"
#include "worker/verbs/program.hpp"

namespace checkerlab::worker::testing {
namespace {

constexpr std::int64_t kImages = 40;

std::string recipe_text(const std::filesystem::path& folder) {
  const auto name = [&](const char* file) { return (folder / file).string(); };
  return "schema: 1\nname: bench\nseed: 5\ntokenizer: " + name("tokenizer.safetensors") +
         "\ndata: {kind: tokens, path: " + name("tokens") +
         ", classes: 4}\nratio: 2\nmodel:\n  preset: tiny\n  layers: 2\n  width: 32\n  hidden: 64\n"
         "  train: {steps: 24, batch: 8, warmup_steps: 3, ema_decay: 0.9}\nrun: {checkpoint_minutes: 0}\n";
}

}  // namespace

RecipeBench::RecipeBench() : folder_("checkerlab-train") {
  model::VqTokenizer tokenizer(model::TokenizerConfig{.stride = 2,
                                                      .channels = 16,
                                                      .multipliers = {1, 1},
                                                      .res_blocks = 1,
                                                      .z_channels = 8,
                                                      .attention = false,
                                                      .codes = 32,
                                                      .code_dim = 4,
                                                      .groups = 4});
  model::write_tokenizer(path("tokenizer.safetensors"), tokenizer);
  write_tokens("tokens", {1, 2, 4}, 32);
  SystemFiles().write_atomic(path("recipe.yaml"), recipe_text(folder_.path()), 0644);
}

void RecipeBench::write_tokens(const std::string& name, const std::vector<std::int64_t>& sides, int codes) const {
  std::filesystem::create_directories(path(name));
  for (const std::int64_t side : sides) {
    const auto draws = model::uniform_tensor(1, model::RandomDomain::data, static_cast<std::uint64_t>(side),
                                             {kImages, 1, side * side});
    model::write_token_cache(
        path(name) / ("tokens_00" + std::to_string(side) + ".safetensors"),
        {.tokens = (draws * codes).to(torch::kInt16), .labels = torch::arange(kImages).remainder(4), .side = side});
  }
}

std::vector<std::string> RecipeBench::arguments(const std::string& out, const std::vector<std::string>& more) const {
  std::vector<std::string> all{"train", path("recipe.yaml").string(), "--device", "cpu", "--out", path(out).string()};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

Ran RecipeBench::train(const std::string& out, const std::vector<std::string>& more) const {
  std::ostringstream results, messages;
  const std::atomic<bool> stop{false};
  Ran ran;
  ran.code = run_model_program(arguments(out, more), {results, messages, false, stop});
  ran.out = results.str();
  ran.err = messages.str();
  return ran;
}

ChildProcess RecipeBench::start(const std::string& out, const std::vector<std::string>& more) const {
  std::vector<std::string> all = arguments(out, more);
  all.insert(all.begin(), {std::string(CHECKERLAB_BIN_DIR) + "/checkerlab-worker", "model"});
  const int log = ::open(path("log").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ChildProcess child({.arguments = all, .environment = {}, .descriptors = {{0, log}, {1, log}, {2, log}}});
  ::close(log);
  return child;
}

std::map<std::int64_t, double> RecipeBench::losses(const std::string& out) const {
  std::map<std::int64_t, double> all;
  SystemFiles files;
  const auto file = path(out) / "metrics.jsonl";
  if (!files.exists(file)) return all;
  std::istringstream lines(files.read(file));
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_object() && json.contains("loss")) all[json.at("step")] = json.at("loss");
  }
  return all;
}

}  // namespace checkerlab::worker::testing
