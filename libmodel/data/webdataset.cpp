#include "libmodel/data/webdataset.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string_view>
#include <unordered_map>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

constexpr std::uint64_t kMaxLabelFile = 1 << 20;
constexpr std::int64_t kMostClasses = 1'000'000;

[[noreturn]] void broken(const std::string& what) {
  throw Error(ErrorCode::invalid_data, what, "Every sample is an image with a .cls or .json label of the same stem.");
}

std::string_view base_name(std::string_view name) {
  return name.substr(name.rfind('/') + 1);
}

// The name up to the first '.' of its last part.
std::string_view stem_of(std::string_view name) {
  const auto base = base_name(name);
  return name.substr(0, name.size() - base.size() + std::min(base.find('.'), base.size()));
}

bool is_label(std::string_view name) {
  return name.ends_with(".cls") || name.ends_with(".json");
}

bool is_class_list(std::string_view name) {
  return base_name(name) == "classes.txt" || base_name(name) == "classnames.txt";
}

struct Sample {
  std::string_view stem;
  const SourceFile* image = nullptr;
  const SourceFile* label = nullptr;
};

// Files of one stem stand together in a list sorted by name, since all of them begin with the stem and a '.'.
std::vector<Sample> samples_of(const std::vector<SourceFile>& files) {
  std::vector<Sample> samples;
  for (const auto& file : files) {
    if (base_name(file.name).starts_with(".")) continue;
    const bool image = is_image_name(file.name);
    if (!image && !is_label(file.name)) continue;
    const auto stem = stem_of(file.name);
    if (samples.empty() || samples.back().stem != stem) samples.push_back({.stem = stem});
    auto& sample = samples.back();
    if (image && sample.image != nullptr) broken("the sample " + std::string(stem) + " has several images");
    // A .cls stands before a .json in the list, and is what counts.
    if (image) sample.image = &file;
    if (!image && sample.label == nullptr) sample.label = &file;
  }
  return samples;
}

std::optional<std::int64_t> label_in_text(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!text.empty() && is_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_space(text.back()))
    text.remove_suffix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> label_in_json(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  for (const auto* key : {"label", "cls"}) {
    const auto found = json.find(key);
    if (found != json.end() && found->is_number_integer()) return found->get<std::int64_t>();
  }
  return std::nullopt;
}

std::int64_t read_label(const std::string& name, const std::vector<std::uint8_t>& bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto label = name.ends_with(".cls") ? label_in_text(text) : label_in_json(text);
  if (!label || *label < 0 || *label >= kMostClasses)
    broken("the label " + name + " is no integer from 0 to " + std::to_string(kMostClasses - 1));
  return *label;
}

std::vector<std::string> lines_of(const std::vector<std::uint8_t>& bytes) {
  std::vector<std::string> lines;
  std::istringstream text(std::string(bytes.begin(), bytes.end()));
  for (std::string line; std::getline(text, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
      line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

// "train" for "top/train/x.jpg" and for "train-000007/x.jpg".
std::string split_of(std::string_view name) {
  while (name.find('/') != std::string_view::npos) {
    auto part = name.substr(0, name.find('/'));
    name.remove_prefix(part.size() + 1);
    const auto digits = part.find_last_not_of("0123456789");
    if (digits != std::string_view::npos && digits + 1 < part.size() && part[digits] == '-')
      part = part.substr(0, digits);
    if (part == "validation") part = "val";
    if (part == "train" || part == "test" || part == "val") return std::string(part);
  }
  return "";
}

void name_classes(ImageListing& listing, std::int64_t largest, const std::string& where) {
  if (listing.classes.empty()) {
    for (std::int64_t i = 0; i <= largest; ++i)
      listing.classes.push_back(std::to_string(i));
  }
  if (largest < static_cast<std::int64_t>(listing.classes.size())) return;
  broken("the data set " + where + " has the label " + std::to_string(largest) + ", but only " +
         std::to_string(listing.classes.size()) + " class names");
}

}  // namespace

bool is_webdataset(const std::vector<SourceFile>& files) {
  const SourceFile* label = nullptr;
  const SourceFile* image = nullptr;
  for (const auto& file : files) {
    if (is_label(file.name)) label = &file;
    if (is_image_name(file.name)) image = &file;
    if (label != nullptr && image != nullptr && stem_of(label->name) == stem_of(image->name)) return true;
  }
  return false;
}

ImageListing list_webdataset(FileSource& source, const std::vector<SourceFile>& files, const std::string& where,
                             Observer& observer) {
  const auto samples = samples_of(files);
  std::unordered_map<std::string_view, std::int64_t> labels;  // by the label file's name
  for (const auto& sample : samples) {
    if (sample.image == nullptr) continue;
    if (sample.label == nullptr) broken("the sample " + std::string(sample.stem) + " of " + where + " has no label");
    if (sample.label->bytes > kMaxLabelFile) broken("the label " + sample.label->name + " is larger than 1 MiB");
    labels[sample.label->name] = 0;
  }
  ImageListing listing;
  std::int64_t done = 0;
  const auto wanted = [&](const std::string& name) {
    throw_if_cancelled(observer, "the reading of labels");
    return labels.contains(name) || is_class_list(name);
  };
  source.read(wanted, [&](const std::string& name, const std::vector<std::uint8_t>& content) {
    if (is_class_list(name)) {
      listing.classes = lines_of(content);
      return;
    }
    labels[find_file(files, name)->name] = read_label(name, content);
    observer.progress(++done, static_cast<std::int64_t>(labels.size()), "labels");
  });
  std::int64_t largest = 0;
  for (const auto& sample : samples) {
    if (sample.image == nullptr) continue;
    const auto label = labels.at(sample.label->name);
    largest = std::max(largest, label);
    listing.images.push_back({sample.image->name, label, split_of(sample.image->name)});
  }
  name_classes(listing, largest, where);
  return listing;
}

}  // namespace checkerlab::model
