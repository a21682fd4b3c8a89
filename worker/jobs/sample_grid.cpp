#include "worker/jobs/sample_grid.hpp"

#include <algorithm>
#include <fstream>
#include <vector>

#include "base/error.hpp"
#include "libmodel/image/encode_png.hpp"
#include "libmodel/image/grid.hpp"
#include "libmodel/image/tensor.hpp"
#include "libmodel/quiet_observer.hpp"
#include "worker/jobs/draw_images.hpp"
#include "worker/jobs/loaded.hpp"

namespace checkerlab::worker {
namespace {

constexpr std::int64_t kMostPerClass = 100;
constexpr std::int64_t kMostImages = 10'000;
constexpr std::int64_t kSheetPixels = 64;  // images smaller than this are magnified

std::vector<model::Image> draw_all(JobCall& call, const model::SamplingSettings& settings, std::int64_t count,
                                   const std::vector<std::int64_t>& classes) {
  const auto tokenizer = load_tokenizer(call);
  const auto sampler = load_sampler(call, model::Precision::fp32);
  const auto batch = call.batch(256, 64);
  model::QuietObserver quiet(call.observer);
  std::vector<model::Image> images;
  for (std::int64_t at = 0; at < count; at += batch) {
    call.observer.progress(at, count, "images");
    const auto drawn = draw_images(*sampler, *tokenizer, at, std::min(batch, count - at), settings, call.device,
                                   model::Precision::fp32, quiet, classes);
    for (auto& image : model::tensor_to_images(drawn.pixels))
      images.push_back(std::move(image));
  }
  return images;
}

// Sample i has the class i mod `classes`: sorted into one row a class.
std::vector<model::Image> rows_of_classes(const std::vector<model::Image>& images, std::int64_t classes) {
  std::vector<model::Image> sorted;
  const auto count = static_cast<std::int64_t>(images.size());
  for (std::int64_t label = 0; label < classes; ++label) {
    for (auto at = label; at < count; at += classes)
      sorted.push_back(images[static_cast<std::size_t>(at)]);
  }
  return sorted;
}

// Those that are asked for; empty: all.
std::vector<std::int64_t> read_classes(Params& params, std::int64_t known) {
  if (!params.has("classes")) return {};
  return params.integers("classes", 0, known - 1);
}

void write_png(const std::filesystem::path& path, const model::Image& sheet) {
  const auto bytes = model::encode_png(sheet);
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw Error(ErrorCode::io_error, "cannot write " + path.string(), "check the space on the worker's disk");
}

}  // namespace

JobOutput SampleGridJob::work(JobCall& call) {
  const auto settings = read_sampling(call.params);
  const auto per_class = call.params.integer("per_class", 1, kMostPerClass);
  if (call.params.has("ema")) call.params.flag("ema");  // read by load_sampler
  const auto known = static_cast<std::int64_t>(load_sampler(call, model::Precision::fp32)->config().classes);
  const auto chosen = read_classes(call.params, known);
  call.params.expect_no_more();
  const auto classes = chosen.empty() ? known : static_cast<std::int64_t>(chosen.size());
  if (per_class * classes > kMostImages) {
    call.params.refuse("per_class", "makes more than " + std::to_string(kMostImages) + " images with " +
                                        std::to_string(classes) + " classes");
  }
  const auto images = rows_of_classes(draw_all(call, settings, per_class * classes, chosen), classes);
  model::GridLayout layout;
  layout.columns = per_class;
  layout.magnification = std::max<std::int64_t>(1, kSheetPixels / images.front().width);
  write_png(call.output("grid"), model::compose_grid(images, layout));
  return {{{"images", static_cast<double>(images.size())}}, {{"grid", call.output("grid")}}, {}};
}

}  // namespace checkerlab::worker
