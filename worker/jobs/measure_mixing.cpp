#include "worker/jobs/measure_mixing.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::worker {

JobOutput MeasureMixingJob::work(JobCall& call) {
  call.params.expect_no_more();
  const auto model = model::load_model(call.input("model", "model").path, c10::kCPU);
  if (!model.weights.mixing.defined())
    throw Error(ErrorCode::invalid_data, "measure_mixing: the model mixes no positions",
                "Train one with model.mixing_layers above 0");
  const at::Tensor weights = model.weights.mixing.to(at::kDouble).contiguous();
  JobOutput output;
  output.metrics["mixing_layers"] = static_cast<double>(weights.size(0));
  for (std::int64_t layer = 0; layer < weights.size(0); ++layer) {
    for (std::int64_t head = 0; head < weights.size(1); ++head)
      output.metrics[fmt::format("layer.{:03}.head.{:03}", layer, head)] = weights.index({layer, head}).item<double>();
  }
  return output;
}

}  // namespace checkerlab::worker
