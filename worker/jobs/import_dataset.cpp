#include "worker/jobs/import_dataset.hpp"

#include <ATen/Parallel.h>

#include "base/error.hpp"
#include "libmodel/data/dataset.hpp"
#include "libmodel/data/import_dataset.hpp"
#include "libmodel/data/shapes.hpp"
#include "worker/jobs/hinted_file.hpp"

namespace checkerlab::worker {
namespace {

constexpr std::int64_t kMostImages = 100'000'000;
constexpr std::int64_t kLargestImage = 4096;

model::Dataset draw_shapes(JobCall& call) {
  auto& params = call.params;
  params.one_of("generator", {"shapes"});
  model::ShapesOptions options;
  options.classes = params.integer("classes", 2, model::kShapeKinds);
  options.images_train = params.integer("images_train", 1, kMostImages);
  options.images_test = params.integer("images_test", 1, kMostImages);
  options.size = params.integer("size", 8, kLargestImage);
  options.seed = static_cast<std::uint64_t>(params.integer("seed", 0, kMostSeed));
  params.expect_no_more();
  return model::generate_shapes(options, call.observer);
}

model::Dataset read_files(JobCall& call) {
  auto& params = call.params;
  const auto expected = params.text("content_sha256");
  model::ImportOptions options;
  options.size = params.integer("size", 1, kLargestImage);
  options.max_corrupt = params.integer("max_corrupt", 0, kMostImages);
  options.limit_per_class = params.integer("limit_per_class", 0, kMostImages);
  options.threads = at::get_num_threads();
  params.expect_no_more();
  const auto path = hinted_data_set(call.command, expected);
  return model::import_dataset(path, options, call.observer);
}

}  // namespace

JobOutput ImportDatasetJob::work(JobCall& call) {
  const auto source = call.params.one_of("source", {"procedural", "files"});
  const auto dataset = source == "procedural" ? draw_shapes(call) : read_files(call);
  model::write_dataset(call.output("dataset"), dataset);
  return {{{"train_images", static_cast<double>(dataset.train_images.size(0))},
           {"test_images", static_cast<double>(dataset.test_images.size(0))},
           {"classes", static_cast<double>(dataset.class_count())},
           {"corrupt", static_cast<double>(dataset.corrupt)}},
          {{"dataset", call.output("dataset")}},
          {}};
}

}  // namespace checkerlab::worker
