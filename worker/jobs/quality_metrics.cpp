#include "worker/jobs/quality_metrics.hpp"

namespace checkerlab::worker {

std::map<std::string, double> quality_metrics(const model::TokenizerQuality& quality) {
  std::map<std::string, double> metrics{
      {"psnr", quality.psnr}, {"codebook_use", quality.codebook_use}, {"perplexity", quality.perplexity}};
  for (const auto& scale : quality.scales) {
    const auto at = "_at_" + std::to_string(scale.side);
    metrics["psnr" + at] = scale.psnr;
    metrics["codebook_use" + at] = scale.codebook_use;
    metrics["quantisation_error" + at] = scale.quantisation_error;
  }
  return metrics;
}

}  // namespace checkerlab::worker
