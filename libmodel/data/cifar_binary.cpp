#include "libmodel/data/cifar_binary.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include "base/error.hpp"
#include "libmodel/data/class_folders.hpp"
#include "libmodel/data/parallel.hpp"
#include "libmodel/image/crop.hpp"
#include "libmodel/image/tensor.hpp"

namespace checkerlab::model {

namespace {

constexpr std::int64_t kSide = 32;
constexpr std::size_t kPlane = kSide * kSide;

std::string base_name(const std::string& name) {
  return name.substr(name.rfind('/') + 1);
}

bool is_ten_batch(const std::string& base) {
  return base.starts_with("data_batch_") && base.ends_with(".bin");
}

bool is_test(const std::string& base) {
  return base == "test_batch.bin" || base == "test.bin";
}

bool is_data(const std::string& base, bool hundred) {
  return hundred ? base == "train.bin" || base == "test.bin" : is_ten_batch(base) || base == "test_batch.bin";
}

bool is_names(const std::string& base) {
  return base == "batches.meta.txt" || base == "fine_label_names.txt";
}

struct Rows {
  std::vector<Image> images;
  std::vector<std::int64_t> labels;
};

Image image_of(const std::uint8_t* planes) {
  Image image(kSide, kSide);
  for (std::size_t i = 0; i < kPlane; ++i) {
    for (std::size_t channel = 0; channel < 3; ++channel)
      image.pixels[i * 3 + channel] = planes[channel * kPlane + i];
  }
  return image;
}

class CifarReader {
 public:
  CifarReader(bool hundred, const ImportOptions& options, bool has_test)
      : hundred_(hundred), options_(options), has_test_(has_test) {}

  void add(const std::string& name, const std::vector<std::uint8_t>& bytes) {
    const std::size_t label_bytes = hundred_ ? 2 : 1;
    const auto row_bytes = label_bytes + 3 * kPlane;
    if (bytes.empty() || bytes.size() % row_bytes != 0) {
      throw Error(ErrorCode::invalid_data,
                  "the CIFAR file " + name + " has " + std::to_string(bytes.size()) +
                      " bytes, which is no whole number of rows of " + std::to_string(row_bytes),
                  "Fetch the file again.");
    }
    for (std::size_t row = 0; row < bytes.size() / row_bytes; ++row) {
      const auto* start = bytes.data() + row * row_bytes;
      const bool test =
          has_test_ ? is_test(base_name(name)) : goes_to_test(base_name(name) + "#" + std::to_string(row));
      add_row(test, start[label_bytes - 1], start + label_bytes);
    }
  }

  void add_names(const std::vector<std::uint8_t>& bytes) {
    std::istringstream text(std::string(bytes.begin(), bytes.end()));
    for (std::string line; std::getline(text, line);) {
      while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
        line.pop_back();
      if (!line.empty()) classes_.push_back(line);
    }
  }

  Dataset finish() {
    name_classes();
    Dataset dataset;
    dataset.classes = classes_;
    move_into(rows_[0], dataset.train_images, dataset.train_labels, "training");
    move_into(rows_[1], dataset.test_images, dataset.test_labels, "test");
    return dataset;
  }

 private:
  void add_row(bool test, std::int64_t label, const std::uint8_t* planes) {
    auto& taken = taken_[{test, label}];
    if (options_.limit_per_class > 0 && taken >= options_.limit_per_class) return;
    ++taken;
    auto& rows = rows_[test ? 1 : 0];
    rows.images.push_back(image_of(planes));
    rows.labels.push_back(label);
    largest_label_ = std::max(largest_label_, label);
  }

  void name_classes() {
    const auto needed = static_cast<std::size_t>(largest_label_ + 1);
    if (classes_.empty()) {
      for (std::size_t i = 0; i < needed; ++i)
        classes_.push_back(std::to_string(i));
    }
    if (classes_.size() < needed) {
      throw Error(ErrorCode::invalid_data, "a CIFAR file has the label " + std::to_string(largest_label_) +
                                               ", but there are only " + std::to_string(classes_.size()) +
                                               " class names");
    }
  }

  void move_into(Rows& rows, torch::Tensor& images, torch::Tensor& labels, const std::string& split) const {
    if (rows.images.empty()) throw Error(ErrorCode::invalid_data, "the CIFAR files hold no " + split + " images");
    parallel_for(static_cast<std::int64_t>(rows.images.size()), options_.threads, [&](std::int64_t i) {
      auto& image = rows.images[static_cast<std::size_t>(i)];
      image = fit_square(image, options_.size);
    });
    images = images_to_tensor(rows.images);
    labels = torch::tensor(rows.labels, torch::kInt64);
    rows = {};
  }

  bool hundred_;
  const ImportOptions& options_;
  bool has_test_;
  Rows rows_[2];
  std::map<std::pair<bool, std::int64_t>, std::int64_t> taken_;
  std::int64_t largest_label_ = 0;
  std::vector<std::string> classes_;
};

bool any_base(const std::vector<SourceFile>& files, bool (*matches)(const std::string&)) {
  return std::any_of(files.begin(), files.end(), [&](const auto& file) { return matches(base_name(file.name)); });
}

}  // namespace

bool is_cifar_binary(const std::vector<SourceFile>& files) {
  return any_base(files, is_ten_batch) || any_base(files, [](const std::string& base) { return base == "train.bin"; });
}

Dataset import_cifar(FileSource& source, const std::vector<SourceFile>& files, const ImportOptions& options,
                     Observer& observer) {
  const bool hundred = !any_base(files, is_ten_batch);
  const auto wanted = [&](const std::string& name) {
    return is_data(base_name(name), hundred) || is_names(base_name(name));
  };
  const auto total = std::count_if(files.begin(), files.end(), [&](const auto& file) { return wanted(file.name); });
  CifarReader reader(hundred, options, any_base(files, is_test));
  // An archive may hold its files in any order; the data set must not depend on it.
  std::map<std::string, std::vector<std::uint8_t>> contents;
  source.read(wanted, [&](const std::string& name, std::vector<std::uint8_t> content) {
    throw_if_cancelled(observer, "the import of CIFAR files");
    contents.emplace(name, std::move(content));
    observer.progress(static_cast<std::int64_t>(contents.size()), total, "files");
  });
  for (auto& [name, content] : contents) {
    if (is_names(base_name(name))) {
      reader.add_names(content);
    } else {
      reader.add(name, content);
    }
    content.clear();
  }
  return reader.finish();
}

}  // namespace checkerlab::model
