// How many images a second are read, decoded and transformed (as for ten crops), by one thread and by the pipeline with
// several: `decode_bench IMAGES [SIZE [THREADS [PASSES]]]`. IMAGES: what open_source takes.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>

#include "libmodel/data/crops.hpp"
#include "libmodel/data/image_listing.hpp"
#include "libmodel/data/image_pipeline.hpp"
#include "libmodel/image/crop.hpp"

namespace {

using namespace checkerlab::model;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Files already in memory, one after another: what a core can do.
void measure_one_core(FileSource& source, std::int64_t side, std::int64_t passes) {
  std::vector<std::vector<std::uint8_t>> files;
  source.read(is_image_name,
              [&](const std::string&, std::vector<std::uint8_t> content) { files.push_back(std::move(content)); });
  double decoding = 0, transforming = 0;
  for (std::int64_t pass = 0; pass < passes; ++pass) {
    for (const auto& file : files) {
      const auto start = Clock::now();
      const auto image = decode_image(file, "image");
      decoding += seconds_since(start);
      const auto middle = Clock::now();
      const auto fitted = fit_square(image, side);
      transforming += seconds_since(middle);
      if (fitted.width != side) std::abort();
    }
  }
  const auto images = static_cast<double>(files.size()) * static_cast<double>(passes);
  std::printf("one thread, from memory: %.0f images/s (decoding %.2f ms, transform %.2f ms an image)\n",
              images / (decoding + transforming), 1e3 * decoding / images, 1e3 * transforming / images);
}

void measure_pipeline(FileSource& source, std::int64_t side, std::int64_t threads, std::int64_t passes) {
  NullObserver observer;
  std::vector<SourceFile> wanted;
  for (auto& file : source.list([] {})) {
    if (is_image_name(file.name)) wanted.push_back(std::move(file));
  }
  const auto start = Clock::now();
  double images = 0;
  for (std::int64_t pass = 0; pass < passes; ++pass) {
    ImagePipeline pipeline(source, wanted, [side](const Image& image) { return fit_square(image, side); },
                           {.threads = threads});
    CorruptCounter corrupt(1000, observer);
    while (const auto batch = pipeline.next(corrupt, observer))
      images += static_cast<double>(batch->images.size());
  }
  const double rate = images / seconds_since(start);
  std::printf("pipeline, %lld threads: %.0f images/s, %.0f a thread\n", static_cast<long long>(threads), rate,
              rate / static_cast<double>(threads));
}

std::int64_t number(int argc, char** argv, int index, std::int64_t otherwise) {
  return argc > index ? std::max<std::int64_t>(1, std::atoll(argv[index])) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: decode_bench IMAGES [SIZE [THREADS [PASSES]]]\n");
    return 1;
  }
  try {
    const auto side = source_side(Crops::ten, number(argc, argv, 2, 256));
    const auto most = number(argc, argv, 3, std::max(1U, std::thread::hardware_concurrency()));
    const auto passes = number(argc, argv, 4, 5);
    const auto source = open_source(argv[1]);
    measure_one_core(*source, side, passes);
    for (std::int64_t threads = 1; threads <= most; threads *= 2)
      measure_pipeline(*source, side, threads, passes);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
