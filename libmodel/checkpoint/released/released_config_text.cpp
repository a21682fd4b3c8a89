#include <cmath>
#include <sstream>

#include "base/error.hpp"
#include "libmodel/checkpoint/released/autoencoder_config.hpp"
#include "libmodel/checkpoint/released/released_config.hpp"
#include "libmodel/order/scales.hpp"

namespace checkerlab::model {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::invalid_argument, "the released code cannot build this model: " + what,
              "Export it with --format checkerlab");
}

// "scale_ratio: …" and the like for these sizes. The usual ratios come first, then every hundredth.
std::string scale_lines(const std::vector<int>& sizes) {
  const int grid = sizes.back();
  if (sizes.size() == 1) return "    scale_ratio: 2\n    single_scale: true\n";
  const int smallest = sizes.front();
  std::vector<double> ratios{2, std::sqrt(2.0), 3, 4};
  for (int hundredth = 101; hundredth <= 100 * grid; ++hundredth)
    ratios.push_back(hundredth / 100.0);
  for (const double ratio : ratios) {
    if (scale_sizes(grid, ratio, smallest) != sizes) continue;
    std::ostringstream line;
    line.precision(17);
    line << "    scale_ratio: " << ratio << "\n";
    return line.str() + (smallest == 1 ? "" : "    scale_min_size: " + std::to_string(smallest) + "\n");
  }
  refuse("no ratio gives its scales");
}

std::string real_text(double value) {
  std::ostringstream text;
  text.precision(17);
  text << std::showpoint << value;  // YAML readers take a number without a point for a text
  return text.str();
}

std::string args_lines(const nlohmann::json& args) {
  if (args.empty()) return "";
  std::string text = "\nargs:\n";
  for (const auto& [key, value] : args.items())
    text += "    " + key + ": " + (value.is_number_float() ? real_text(value.get<double>()) : value.dump()) + "\n";
  return text;
}

}  // namespace

std::string released_config_text(const ModelConfig& model, const TokenizerConfig& tokenizer,
                                 const nlohmann::json& args) {
  if (released_hidden(model.width, model.hidden) != model.hidden)
    refuse("its feed-forward width " + std::to_string(model.hidden) + " is not a multiple of 256");
  if (model.head_dim() % 2 != 0) refuse("the width of its heads is odd");
  std::ostringstream text;
  text << "model:\n"
       << "    img_size: " << model.grid() * tokenizer.stride << "\n"
       << scale_lines(model.sizes) << "    class_cond: true\n"
       << "    num_classes: " << model.classes << "\n"
       << "    random_block_size: true\n"
       << "    random_replace: 0.1\n"
       << "    use_head_mlp: " << (model.head_mlp ? "true" : "false") << "\n"
       << "    num_mixing_layers: " << model.mixing_layers << "\n\n"
       << "    autoenc:\n"
       << "        config_path: " << kAutoencoderConfigName << "\n"
       << "        checkpoint_path: null\n"
       << "        params:\n"
       << "            requant_pyramid_levels: -1\n\n"
       << "    llama_config:\n"
       << "        hidden_size: " << model.width << "\n"
       << "        intermediate_size: " << model.hidden << "\n"
       << "        num_attention_heads: " << model.heads << "\n"
       << "        num_hidden_layers: " << model.layers << "\n";
  if (model.norm_epsilon != 1e-6) text << "        rms_norm_eps: " << real_text(model.norm_epsilon) << "\n";
  return text.str() + args_lines(args);
}

}  // namespace checkerlab::model
