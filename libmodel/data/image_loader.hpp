// Decodes many image files on several threads, leaving out and counting the corrupt ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/data/class_folders.hpp"
#include "libmodel/data/file_source.hpp"
#include "libmodel/data/import_dataset.hpp"
#include "libmodel/image/image.hpp"

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

// The images of `names` in this order, brought to options.size; nothing in the place of a corrupt one.
std::vector<std::optional<Image>> load_images(FileSource& source, const std::vector<std::string>& names,
                                              const ImportOptions& options, CorruptCounter& corrupt,
                                              Observer& observer);

}  // namespace checkerlab::model
