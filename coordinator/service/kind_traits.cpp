#include "coordinator/service/kind_traits.hpp"

namespace checkerlab::coordinator {

KindTraits kind_traits(std::string_view kind) {
  if (kind == "score_point") return {20, true};
  if (kind == "sample_grid") return {10, true};
  if (kind == "train_model" || kind == "train_tokenizer" || kind == "retrain_codebook" ||
      kind == "train_metric_network")
    return {0, false};
  return {};
}

}  // namespace checkerlab::coordinator
