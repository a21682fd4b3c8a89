#include "libmodel/data/image_loader.hpp"

#include <unordered_map>

#include "base/error.hpp"
#include "libmodel/data/parallel.hpp"
#include "libmodel/image/crop.hpp"
#include "libmodel/image/decode.hpp"

namespace checkerlab::model {

namespace {

constexpr std::size_t kBatchImages = 256;
constexpr std::size_t kBatchBytes = std::size_t{32} << 20;

struct Encoded {
  std::size_t place = 0;
  std::string name;
  std::vector<std::uint8_t> bytes;
};

// Gathers files and decodes them a batch at a time, so that memory stays bounded and cancellation is answered quickly.
class Loader {
 public:
  Loader(std::vector<std::optional<Image>>& images, const ImportOptions& options, CorruptCounter& corrupt,
         Observer& observer)
      : images_(images), options_(options), corrupt_(corrupt), observer_(observer) {}

  void add(Encoded file) {
    bytes_ += file.bytes.size();
    batch_.push_back(std::move(file));
    if (batch_.size() >= kBatchImages || bytes_ >= kBatchBytes) flush();
  }

  void flush() {
    throw_if_cancelled(observer_, "the import of images");
    std::vector<std::string> failures(batch_.size());
    parallel_for(static_cast<std::int64_t>(batch_.size()), options_.threads, [&](std::int64_t i) {
      const auto at = static_cast<std::size_t>(i);
      failures[at] = decode(batch_[at]);
    });
    for (const auto& failure : failures) {
      if (!failure.empty()) corrupt_.add(failure);
    }
    done_ += static_cast<std::int64_t>(batch_.size());
    observer_.progress(done_, static_cast<std::int64_t>(images_.size()), "images");
    batch_.clear();
    bytes_ = 0;
  }

 private:
  // What is wrong with the file; empty when nothing is.
  std::string decode(const Encoded& file) {
    try {
      images_[file.place] = fit_square(decode_image(file.bytes, file.name), options_.size);
      return "";
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_data) throw;
      return error.what();
    }
  }

  std::vector<std::optional<Image>>& images_;
  const ImportOptions& options_;
  CorruptCounter& corrupt_;
  Observer& observer_;
  std::vector<Encoded> batch_;
  std::size_t bytes_ = 0;
  std::int64_t done_ = 0;
};

}  // namespace

void CorruptCounter::add(const std::string& message) {
  ++count_;
  observer_.log(LogLevel::warning, message);
  if (count_ > limit_) {
    throw Error(ErrorCode::invalid_data,
                std::to_string(count_) + " corrupt images are more than the limit of " + std::to_string(limit_) +
                    "; the last: " + message,
                "Repair the data set, or raise dataset.max_corrupt.");
  }
}

std::vector<std::optional<Image>> load_images(FileSource& source, const std::vector<std::string>& names,
                                              const ImportOptions& options, CorruptCounter& corrupt,
                                              Observer& observer) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < names.size(); ++i)
    places.emplace(names[i], i);
  std::vector<std::optional<Image>> images(names.size());
  Loader loader(images, options, corrupt, observer);
  source.read([&](const std::string& name) { return places.contains(name); },
              [&](const std::string& name, std::vector<std::uint8_t> content) {
                loader.add({places.at(name), name, std::move(content)});
              });
  loader.flush();
  return images;
}

}  // namespace checkerlab::model
