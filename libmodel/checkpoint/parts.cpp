#include "libmodel/checkpoint/parts.hpp"

#include <algorithm>
#include <array>

namespace checkerlab::model {
namespace {

struct KnownPart {
  std::string_view prefix, name;
  bool trained;
};

// The first fitting prefix counts; the last one fits everything.
constexpr std::array kParts{KnownPart{"class_embeddings.", "class table", true},
                            KnownPart{"embed_positions.", "position table", true},
                            KnownPart{"embed_codevecs_mlp.", "code perceptron", true},
                            KnownPart{"src_latents_proj.", "source projection", true},
                            KnownPart{"combine_inputs.", "input combination", true},
                            KnownPart{"empty_token_", "empty tokens", true},
                            KnownPart{"llama.layers.", "transformer layers", true},
                            KnownPart{"llama.norm.", "last norm", true},
                            KnownPart{"llama.rotary_emb.", "rotary positions", true},
                            KnownPart{"head_mlp.", "head perceptron", true},
                            KnownPart{"lm_head.", "head", true},
                            KnownPart{"codebook", "codebook", false},
                            KnownPart{"autoenc.encoder.", "tokenizer encoder", false},
                            KnownPart{"autoenc.decoder.", "tokenizer decoder", false},
                            KnownPart{"autoenc.quant_conv.", "tokenizer projections", false},
                            KnownPart{"autoenc.post_quant_conv.", "tokenizer projections", false},
                            KnownPart{"autoenc.quantize.", "tokenizer codebook", false},
                            KnownPart{"autoenc.codebook", "tokenizer codebook", false},
                            KnownPart{"autoenc.", "tokenizer statistics", false},
                            KnownPart{"exp_avg.", "optimiser moments", false},
                            KnownPart{"exp_avg_sq.", "optimiser moments", false},
                            KnownPart{"adam_step.", "optimiser moments", false},
                            KnownPart{"ema.", "averaged weights", false},
                            KnownPart{"", "other", false}};

}  // namespace

void PartCounter::add(const std::string& name, std::int64_t numbers) {
  const auto known =
      std::find_if(kParts.begin(), kParts.end(), [&](const KnownPart& part) { return name.starts_with(part.prefix); });
  counts_.resize(kParts.size());
  FilePart& part = counts_[static_cast<std::size_t>(known - kParts.begin())];
  ++part.tensors;
  part.numbers += numbers;
}

std::vector<FilePart> PartCounter::parts() const {
  std::vector<FilePart> found;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i].tensors == 0) continue;
    if (found.empty() || found.back().name != kParts[i].name) found.push_back({std::string(kParts[i].name)});
    found.back().tensors += counts_[i].tensors;
    found.back().numbers += counts_[i].numbers;
  }
  return found;
}

std::int64_t PartCounter::trainable() const {
  std::int64_t numbers = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    numbers += kParts[i].trained ? counts_[i].numbers : 0;
  return numbers;
}

}  // namespace checkerlab::model
