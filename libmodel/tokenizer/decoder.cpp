#include "libmodel/tokenizer/decoder.hpp"

namespace checkerlab::model {

TokenizerDecoderImpl::TokenizerDecoderImpl(const TokenizerConfig& config) {
  const auto last = config.multipliers.size() - 1;
  auto width = config.level_width(last);
  conv_in_ = register_module("conv_in", conv3x3(config.z_channels, width));
  middle_ = register_module("mid", Middle(width, config.groups, config.attention));
  levels_ = register_module("conv_blocks", torch::nn::ModuleList());
  for (std::size_t i = 0; i <= last; ++i) {
    const auto out = config.level_width(last - i);
    const auto end = i == last ? LevelEnd::none : LevelEnd::upsample;
    const bool attention = config.attention && i == 0;
    levels_->push_back(Level(width, out, config.res_blocks + 1, config.groups, attention, end));
    width = out;
  }
  norm_out_ = register_module("norm_out", group_norm(width, config.groups));
  conv_out_ = register_module("conv_out", conv3x3(width, 3));
}

torch::Tensor TokenizerDecoderImpl::forward(torch::Tensor x) {
  x = middle_(conv_in_(x));
  for (std::size_t i = 0; i < levels_->size(); ++i)
    x = levels_->at<LevelImpl>(i).forward(x);
  return conv_out_(torch::silu(norm_out_(x)));
}

}  // namespace checkerlab::model
