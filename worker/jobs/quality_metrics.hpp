#pragma once

#include <map>
#include <string>

#include "libmodel/tokenizer/quality.hpp"

namespace checkerlab::worker {

// psnr, codebook_use and perplexity of a tokenizer; for every token side S also psnr_at_S, codebook_use_at_S and
// quantisation_error_at_S.
std::map<std::string, double> quality_metrics(const model::TokenizerQuality& quality);

}  // namespace checkerlab::worker
