#include "libmodel/data/class_folders.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "base/error.hpp"
#include "base/sha256.hpp"

namespace checkerlab::model {

namespace {

constexpr const char* kLayouts =
    "Accepted are CLASS/IMAGE and train/CLASS/IMAGE with test/CLASS/IMAGE (jpg, png or webp), as folders or in tar "
    "archives, "
    "samples with .cls or .json labels in tar archives, and the CIFAR binary files.";

std::vector<std::string> parts_of(const std::string& name) {
  std::vector<std::string> parts;
  std::istringstream stream(name);
  for (std::string part; std::getline(stream, part, '/');)
    parts.push_back(part);
  return parts;
}

struct Candidate {
  std::string name;
  std::string split;  // empty: not inside a split folder
  std::string label;
};

std::vector<Candidate> candidates_of(const std::vector<SourceFile>& files, const std::string& where) {
  std::vector<Candidate> candidates;
  std::size_t depth = 0;
  for (const auto& file : files) {
    const auto parts = parts_of(file.name);
    const auto hidden = std::any_of(parts.begin(), parts.end(), [](const auto& part) { return part.starts_with("."); });
    if (hidden || !is_image_name(file.name)) continue;
    if (candidates.empty()) depth = parts.size();
    if (parts.size() < 2 || parts.size() != depth) {
      throw Error(ErrorCode::invalid_argument,
                  "the data set " + where + " has no class folders: " + file.name +
                      (parts.size() < 2 ? " lies in none" : " lies at another depth than " + candidates.front().name),
                  kLayouts);
    }
    const auto above = depth >= 3 ? parts[depth - 3] : "";
    const bool split = above == "train" || above == "test" || above == "val";
    candidates.push_back({file.name, split ? above : "", parts[depth - 2]});
  }
  if (candidates.empty())
    throw Error(ErrorCode::invalid_argument, "the data set " + where + " holds no images", kLayouts);
  return candidates;
}

// Which split's name stands for the test images; empty where there is none.
std::string test_name(const std::vector<ListedImage>& images, const std::string& where) {
  std::set<std::string> splits;
  for (const auto& image : images)
    splits.insert(image.split);
  if (splits.contains("") && splits.size() > 1) {
    throw Error(ErrorCode::invalid_argument,
                "some images of the data set " + where + " lie outside train, test and val", kLayouts);
  }
  if (splits.contains("test")) return "test";
  return splits.contains("val") ? "val" : "";
}

// Without a test split, and so that neither split is empty.
void split_by_hash(std::vector<LabelledFile>& all, ClassFolders& result) {
  for (auto& file : all)
    (goes_to_test(file.name) ? result.test : result.train).push_back(std::move(file));
  const auto move_last = [](auto& from, auto& to) {
    to.push_back(std::move(from.back()));
    from.pop_back();
  };
  if (result.test.empty() && result.train.size() > 1) move_last(result.train, result.test);
  if (result.train.empty() && result.test.size() > 1) move_last(result.test, result.train);
}

}  // namespace

bool goes_to_test(const std::string& name) {
  return std::stoul(sha256_hex(name).substr(0, 8), nullptr, 16) % 10 == 0;
}

ImageListing list_class_folders(const std::vector<SourceFile>& files, const std::string& where) {
  const auto candidates = candidates_of(files, where);
  std::map<std::string, std::int64_t> labels;
  for (const auto& candidate : candidates)
    labels[candidate.label] = 0;
  ImageListing listing;
  for (auto& [name, label] : labels) {
    label = static_cast<std::int64_t>(listing.classes.size());
    listing.classes.push_back(name);
  }
  for (const auto& candidate : candidates)
    listing.images.push_back({candidate.name, labels.at(candidate.label), candidate.split});
  test_name(listing.images, where);
  std::sort(listing.images.begin(), listing.images.end(),
            [](const auto& a, const auto& b) { return std::tie(a.label, a.name) < std::tie(b.label, b.name); });
  return listing;
}

ClassFolders split_images(const ImageListing& listing, const std::string& where) {
  const auto test = test_name(listing.images, where);
  ClassFolders result;
  result.classes = listing.classes;
  std::vector<LabelledFile> rest;
  for (const auto& image : listing.images) {
    LabelledFile file{image.name, image.label};
    if (test.empty()) {
      rest.push_back(std::move(file));
    } else if (image.split == test) {
      result.test.push_back(std::move(file));
    } else if (image.split == "train") {
      result.train.push_back(std::move(file));
    }
  }
  if (test.empty()) split_by_hash(rest, result);
  for (const auto* split : {&result.train, &result.test}) {
    if (split->empty()) {
      throw Error(ErrorCode::invalid_argument,
                  "the data set " + where + " has no " + (split == &result.test ? "test" : "training") + " images");
    }
  }
  return result;
}

ClassFolders find_class_folders(const std::vector<SourceFile>& files, const std::string& where) {
  return split_images(list_class_folders(files, where), where);
}

std::vector<LabelledFile> limit_per_class(std::vector<LabelledFile> files, std::int64_t limit) {
  if (limit == 0) return files;
  std::map<std::int64_t, std::int64_t> taken;
  std::erase_if(files, [&](const auto& file) { return ++taken[file.label] > limit; });
  return files;
}

}  // namespace checkerlab::model
