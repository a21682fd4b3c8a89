#include "libmodel/tokenizer/reconstruction.hpp"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

#include "libmodel/image/grid.hpp"
#include "libmodel/image/tensor.hpp"

namespace checkerlab::model {

Image reconstruction_sheet(VqTokenizer& tokenizer, const torch::Tensor& images, const std::vector<std::int64_t>& sides,
                           torch::Device device) {
  const torch::NoGradGuard no_grad;
  auto ascending = sides;
  std::sort(ascending.begin(), ascending.end());
  const auto originals = normalise_pixels(images.to(device));
  std::vector<torch::Tensor> columns{images.cpu()};
  for (const auto side : ascending) {
    const auto decoded = tokenizer->decode(tokenizer->tokenize(originals, side));
    columns.push_back(to_pixels(resize_images(decoded, images.size(1))).cpu());
  }
  const auto cells = tensor_to_images(torch::stack(columns, 1).flatten(0, 1));
  const auto magnification = std::max<std::int64_t>(1, 64 / images.size(1));
  return compose_grid(cells, {.columns = static_cast<std::int64_t>(columns.size()), .magnification = magnification});
}

}  // namespace checkerlab::model
