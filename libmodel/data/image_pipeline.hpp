// Reads, decodes and transforms many images on several threads, a bounded number ahead of whoever takes them, so that
// a device is kept busy and memory stays the same whatever the size of the data set.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/data/file_source.hpp"
#include "libmodel/image/decode.hpp"
#include "libmodel/observer.hpp"

namespace checkerlab::model {

// Counts corrupt images, names each in the log, and throws Error(invalid_data) at the first beyond the limit.
class CorruptCounter {
 public:
  CorruptCounter(std::int64_t limit, Observer& observer) : limit_(limit), observer_(observer) {}
  void add(const std::string& message);
  std::int64_t count() const { return count_; }

 private:
  std::int64_t limit_;
  Observer& observer_;
  std::int64_t count_ = 0;
};

struct PipelineOptions {
  std::int64_t threads = 1;  // that decode; one more reads
  std::int64_t batch = 64;   // images handed out at a time
  std::int64_t ahead = 0;    // images read, decoded or waiting at any time, at most; 0: three batches
  Pose pose = Pose::upright;
};

// Images of one batch with their places in the list of files.
struct ImageBatch {
  std::vector<std::size_t> places;
  std::vector<Image> images;
};

// Works from construction on. The order is that of `files` where the source reads anywhere, else that in which they lie
// in their archive; it does not depend on the number of threads. The source must outlive the pipeline and not be used
// elsewhere meanwhile; the destructor stops the threads, within the time of one image. `next` belongs to one thread.
class ImagePipeline {
 public:
  // What is made of each image; called on several threads at once.
  using Transform = std::function<Image(const Image&)>;
  // What is made of the bytes of the file at a place of the list; called on several threads at once.
  // Error(invalid_data) makes it a corrupt image.
  using Decoder =
      std::function<Image(const std::string& name, std::size_t place, const std::vector<std::uint8_t>& bytes)>;

  // Throws Error(invalid_argument) for options below one.
  ImagePipeline(FileSource& source, std::vector<SourceFile> files, Transform transform, const PipelineOptions& options);
  // The same with a decoder of one's own in place of decode_image and options.pose.
  ImagePipeline(FileSource& source, std::vector<SourceFile> files, Decoder decoder, const PipelineOptions& options);
  ~ImagePipeline();
  ImagePipeline(const ImagePipeline&) = delete;
  ImagePipeline& operator=(const ImagePipeline&) = delete;

  // The next batch, nothing at the end. Images that cannot be decoded are left out and go to `corrupt`, so a batch may
  // be smaller. Throws what reading or transforming threw, Error(invalid_data) of `corrupt`, and Error(cancelled).
  std::optional<ImageBatch> next(CorruptCounter& corrupt, const Observer& observer);

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace checkerlab::model
