#pragma once

#include <nlohmann/json.hpp>
#include <ostream>

#include "libmodel/tokenizer/quality.hpp"

namespace checkerlab::worker {

// {images, psnr, codebook_use, perplexity, rfid?, scales: [{side, psnr, quantisation_error, codebook_use, perplexity,
// rfid?}]}
nlohmann::json quality_json(const model::TokenizerQuality& quality);

// One line a scale.
void print_quality(std::ostream& out, const model::TokenizerQuality& quality);

}  // namespace checkerlab::worker
