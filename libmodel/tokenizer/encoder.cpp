#include "libmodel/tokenizer/encoder.hpp"

namespace checkerlab::model {

TokenizerEncoderImpl::TokenizerEncoderImpl(const TokenizerConfig& config) {
  const auto last = config.multipliers.size() - 1;
  conv_in_ = register_module("conv_in", conv3x3(3, config.channels));
  levels_ = register_module("conv_blocks", torch::nn::ModuleList());
  auto width = config.channels;
  for (std::size_t level = 0; level <= last; ++level) {
    const auto end = level == last ? LevelEnd::none : LevelEnd::downsample;
    const bool attention = config.attention && level == last;
    levels_->push_back(Level(width, config.level_width(level), config.res_blocks, config.groups, attention, end));
    width = config.level_width(level);
  }
  middle_ = register_module("mid", Middle(width, config.groups, config.attention));
  norm_out_ = register_module("norm_out", group_norm(width, config.groups));
  conv_out_ = register_module("conv_out", conv3x3(width, config.z_channels));
}

torch::Tensor TokenizerEncoderImpl::forward(torch::Tensor x) {
  x = conv_in_(x);
  for (std::size_t i = 0; i < levels_->size(); ++i)
    x = levels_->at<LevelImpl>(i).forward(x);
  return conv_out_(torch::silu(norm_out_(middle_(x))));
}

}  // namespace checkerlab::model
