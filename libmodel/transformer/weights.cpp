#include "libmodel/transformer/weights.hpp"

namespace checkerlab::model {
namespace {

void visit_layer(const ModelConfig& config, LayerWeights& layer, const std::string& prefix,
                 const ModelWeights::Visitor& visitor) {
  const std::int64_t c = config.width, f = config.hidden;
  visitor(prefix + "attention.wqkv.weight", layer.wqkv, {3 * c, c});
  visitor(prefix + "attention.wo.weight", layer.wo, {c, c});
  visitor(prefix + "feed_forward.w1.weight", layer.w1, {f, c});
  visitor(prefix + "feed_forward.w3.weight", layer.w3, {f, c});
  visitor(prefix + "feed_forward.w2.weight", layer.w2, {c, f});
  visitor(prefix + "attention_norm.weight", layer.attention_norm, {c});
  visitor(prefix + "ffn_norm.weight", layer.ffn_norm, {c});
  visitor(prefix + "input_modulation.adaLN_modulation.1.weight", layer.input_weight, {2 * c, c});
  visitor(prefix + "input_modulation.adaLN_modulation.1.bias", layer.input_bias, {2 * c});
  visitor(prefix + "post_attention_modulation.adaLN_modulation.1.weight", layer.post_weight, {2 * c, c});
  visitor(prefix + "post_attention_modulation.adaLN_modulation.1.bias", layer.post_bias, {2 * c});
}

void visit_inputs(const ModelConfig& config, ModelWeights& w, const ModelWeights::Visitor& visitor) {
  const std::int64_t c = config.width, dim = config.code_dim, m = config.code_hidden();
  visitor("class_embeddings.weight", w.class_embeddings, {config.classes + 1, c});
  visitor("embed_positions.weight", w.embed_positions, {config.tokens(), c});
  visitor("embed_codevecs_mlp.net.0.weight", w.mlp0_weight, {m, dim});
  visitor("embed_codevecs_mlp.net.0.bias", w.mlp0_bias, {m});
  visitor("embed_codevecs_mlp.net.2.weight", w.mlp2_weight, {m, m});
  visitor("embed_codevecs_mlp.net.2.bias", w.mlp2_bias, {m});
  visitor("embed_codevecs_mlp.net.4.weight", w.mlp4_weight, {c, m});
  visitor("embed_codevecs_mlp.net.4.bias", w.mlp4_bias, {c});
  if (config.source_projection) {
    visitor("src_latents_proj.weight", w.source_weight, {c, c});
    visitor("src_latents_proj.bias", w.source_bias, {c});
  }
  visitor("combine_inputs.weight", w.combine_weight, {c, 4 * c});
  visitor("combine_inputs.bias", w.combine_bias, {c});
  visitor("empty_token_emb", w.empty_token, {c});
  visitor("empty_token_pos", w.empty_position, {c});
}

void visit_head(const ModelConfig& config, ModelWeights& w, const ModelWeights::Visitor& visitor) {
  const std::int64_t c = config.width, m = config.code_hidden();
  if (config.head_mlp) {
    visitor("head_mlp.net.0.weight", w.head_mlp0_weight, {m, config.code_dim});
    visitor("head_mlp.net.0.bias", w.head_mlp0_bias, {m});
    visitor("head_mlp.net.2.weight", w.head_mlp2_weight, {m, m});
    visitor("head_mlp.net.2.bias", w.head_mlp2_bias, {m});
    visitor("head_mlp.net.4.weight", w.head_mlp4_weight, {c, m});
  }
  visitor("lm_head.weight", w.head_weight, {config.codes, c});
  visitor("lm_head.bias", w.head_bias, {config.codes});
}

}  // namespace

void visit_weights(const ModelConfig& config, ModelWeights& weights, const ModelWeights::Visitor& visitor) {
  visit_inputs(config, weights, visitor);
  weights.layers.resize(static_cast<std::size_t>(config.layers));
  for (int i = 0; i < config.layers; ++i) {
    visit_layer(config, weights.layers[static_cast<std::size_t>(i)], "llama.layers." + std::to_string(i) + ".",
                visitor);
  }
  visitor("llama.norm.weight", weights.norm, {config.width});
  visitor("llama.rotary_emb.position_embeddings.parametrizations.weight.original", weights.rope,
          {config.tokens() + 2, 2 * config.head_dim()});
  if (config.mixing_layers > 0)
    visitor("llama.rotary_emb.mixing_coeffs", weights.mixing, {config.mixing_layers, config.heads});
  visit_head(config, weights, visitor);
}

}  // namespace checkerlab::model
