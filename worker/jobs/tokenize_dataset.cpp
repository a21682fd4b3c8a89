#include "worker/jobs/tokenize_dataset.hpp"

#include <ATen/Parallel.h>

#include "base/error.hpp"
#include "libmodel/data/token_cache.hpp"
#include "libmodel/data/tokenize_images.hpp"
#include "worker/jobs/hinted_file.hpp"
#include "worker/jobs/loaded.hpp"

namespace checkerlab::worker {
namespace {

constexpr std::int64_t kMostImages = 1'000'000'000;

model::TokenCache of_dataset(JobCall& call, std::int64_t side) {
  const auto crops = model::parse_crops(call.params.one_of("crops", {"none", "flip"}));
  call.params.expect_no_more();
  return model::tokenize_dataset(*load_dataset(call), *load_tokenizer(call), side, crops, call.batch(512, 128),
                                 call.device, call.observer);
}

// Straight from the files: the images are never all in memory.
model::TokenCache of_files(JobCall& call, std::int64_t side) {
  auto& params = call.params;
  model::TokenizeOptions options;
  options.crops = model::parse_crops(params.one_of("crops", {"flip", "ten"}));
  const auto expected = params.text("content_sha256");
  options.image_size = params.integer("image_size", 4, 1024);
  options.sides = {static_cast<int>(side)};
  options.max_corrupt = params.integer("max_corrupt", 0, kMostImages);
  options.batch = call.batch(256, 32);
  options.threads = at::get_num_threads();
  params.expect_no_more();
  const auto path = hinted_data_set(call.command, expected);
  auto tokenizer = load_tokenizer(call);
  const auto images =
      model::tokenize_images(path, *tokenizer, options, call.command.scratch, call.device, call.observer);
  return {images.tokens.at(static_cast<int>(side)).clone(), images.labels, side};
}

}  // namespace

JobOutput TokenizeDatasetJob::work(JobCall& call) {
  const auto side = call.params.integer("size", 1, 1024);
  const double before = call.seconds();
  const auto cache = call.params.has("content_sha256") ? of_files(call, side) : of_dataset(call, side);
  const auto images = static_cast<double>(cache.tokens.size(0));
  const double rate = images / std::max(1e-9, call.seconds() - before);
  model::write_token_cache(call.output("tokens"), cache);
  return {{{"images", images}, {"images_per_second", rate}}, {{"tokens", call.output("tokens")}}, {}};
}

}  // namespace checkerlab::worker
