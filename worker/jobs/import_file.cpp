#include "worker/jobs/import_file.hpp"

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "base/error.hpp"
#include "libmodel/checkpoint/released/load_any.hpp"
#include "worker/jobs/hinted_file.hpp"
#include "worker/jobs/loaded.hpp"

namespace checkerlab::worker {
namespace {

namespace fs = std::filesystem;

constexpr double kCodesDiffer = 1e-4;  // of rows of length 1

std::string text_of(const std::vector<std::int64_t>& sizes) {
  std::string text;
  for (const auto size : sizes)
    text += (text.empty() ? "" : " ") + std::to_string(size);
  return text;
}

struct Wanted {
  std::string as, sha256;
  std::vector<std::int64_t> sizes;
  std::int64_t classes = 0;
};

Wanted read_params(Params& params) {
  Wanted wanted{params.one_of("as", {"tokenizer", "model", "start", "network"}), params.text("sha256"), {}, 0};
  if (wanted.as == "model") {
    params.text("ratio");  // its sizes say the same
    wanted.sizes = params.integers("sizes", 1, 1024);
    wanted.classes = params.integer("classes", 1, 1'000'000);
  }
  params.expect_no_more();
  return wanted;
}

void check_scales(const model::ModelConfig& config, const Wanted& wanted, const fs::path& file) {
  const std::vector<std::int64_t> sizes(config.sizes.begin(), config.sizes.end());
  if (sizes != wanted.sizes)
    throw Error(
        ErrorCode::invalid_data,
        file.string() + " is a model of the scales " + text_of(sizes) + ", the study wants " + text_of(wanted.sizes),
        "correct the ratio of model.given, or dataset.size and tokenizer.stride");
  if (config.classes != wanted.classes)
    throw Error(ErrorCode::invalid_data,
                file.string() + " is a model of " + std::to_string(config.classes) + " classes, the study says " +
                    std::to_string(wanted.classes),
                "correct dataset.classes");
}

void check_codes(const model::Model& model, model::VqTokenizer& tokenizer, const fs::path& file) {
  const at::NoGradGuard no_gradients;
  const at::Tensor codes = tokenizer->codes().detach().to(at::kCPU, at::kFloat);
  const bool same = codes.sizes() == model.codebook.sizes() &&
                    (codes - model.codebook.to(at::kCPU, at::kFloat)).abs().max().item<double>() <= kCodesDiffer;
  if (same) return;
  throw Error(ErrorCode::conflict,
              file.string() + " is a model of another tokenizer: its codes are not those of the study's",
              "give the model's own tokenizer with tokenizer.file (a released checkpoint holds it)");
}

// With the moving average of its weights, where the file has one.
JobOutput keep_model(JobCall& call, const fs::path& file, const Wanted& wanted) {
  const auto loaded = model::load_any_model(file);
  for (const auto& note : loaded.notes)
    call.observer.log(model::LogLevel::info, note);
  if (wanted.as == "model") {
    check_scales(loaded.model.config, wanted, file);
    check_codes(loaded.model, *load_tokenizer(call), file);
  }
  std::optional<model::Model> average;
  try {
    average = model::load_any_model(file, {.ema = true}).model;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
  }
  model::save_model(call.output("model"), loaded.model, average);
  return {{{"parameters", static_cast<double>(loaded.model.parameter_count())},
           {"layers", static_cast<double>(loaded.model.config.layers)},
           {"mixing_layers", static_cast<double>(loaded.model.config.mixing_layers)}},
          {{"model", call.output("model")}},
          {}};
}

}  // namespace

JobOutput ImportFileJob::work(JobCall& call) {
  const Wanted wanted = read_params(call.params);
  const fs::path file = hinted_file(call.command, wanted.sha256, wanted.as != "network");
  if (wanted.as == "tokenizer") {
    auto tokenizer = model::load_any_tokenizer(file);
    model::write_tokenizer(call.output("tokenizer"), tokenizer);
    return {{}, {{"tokenizer", call.output("tokenizer")}}, {}};
  }
  if (wanted.as != "network") return keep_model(call, file, wanted);
  fs::copy_file(file, call.output("network"));
  return {{}, {{"network", call.output("network")}}, {}};
}

}  // namespace checkerlab::worker
