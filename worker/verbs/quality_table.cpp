#include "worker/verbs/quality_table.hpp"

#include <fmt/format.h>

namespace checkerlab::worker {

nlohmann::json quality_json(const model::TokenizerQuality& quality) {
  nlohmann::json scales = nlohmann::json::array();
  for (const auto& scale : quality.scales) {
    scales.push_back({{"side", scale.side},
                      {"psnr", scale.psnr},
                      {"quantisation_error", scale.quantisation_error},
                      {"codebook_use", scale.codebook_use},
                      {"perplexity", scale.perplexity}});
    if (scale.rfid) scales.back()["rfid"] = *scale.rfid;
  }
  nlohmann::json result{{"images", quality.images},
                        {"psnr", quality.psnr},
                        {"codebook_use", quality.codebook_use},
                        {"perplexity", quality.perplexity},
                        {"scales", scales}};
  if (quality.rfid) result["rfid"] = *quality.rfid;
  return result;
}

void print_quality(std::ostream& out, const model::TokenizerQuality& quality) {
  out << "side   PSNR dB   code error   codes used   perplexity       rFID\n";
  for (const auto& scale : quality.scales) {
    out << fmt::format("{:>4} {:>9.2f} {:>12.5f} {:>10.1f} % {:>12.1f} {:>10}\n", scale.side, scale.psnr,
                       scale.quantisation_error, 100 * scale.codebook_use, scale.perplexity,
                       scale.rfid ? fmt::format("{:.2f}", *scale.rfid) : "-");
  }
  out << fmt::format("all sides: {:.1f} % of the codes used, perplexity {:.1f}, {} images\n",
                     100 * quality.codebook_use, quality.perplexity, quality.images);
}

}  // namespace checkerlab::worker
