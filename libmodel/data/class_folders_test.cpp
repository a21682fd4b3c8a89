#include "libmodel/data/class_folders.hpp"

#include <gtest/gtest.h>

#include <set>

#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

std::vector<SourceFile> files(const std::vector<std::string>& names) {
  std::vector<SourceFile> result;
  for (const auto& name : names)
    result.push_back({name, 1});
  return result;
}

std::vector<std::string> names_of(const std::vector<LabelledFile>& entries) {
  std::vector<std::string> names;
  for (const auto& entry : entries)
    names.push_back(entry.name);
  return names;
}

TEST(ClassFolders, ReadsSplitsAndSortsClasses) {
  const auto found = find_class_folders(
      files({"test/b/1.jpg", "train/b/2.PNG", "train/a/1.jpeg", "train/a/.hidden.jpg", "readme.md", "train/b/1.jpg"}),
      "x");
  EXPECT_EQ(found.classes, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(names_of(found.train), (std::vector<std::string>{"train/a/1.jpeg", "train/b/1.jpg", "train/b/2.PNG"}));
  EXPECT_EQ(found.train[2].label, 1);
  EXPECT_EQ(names_of(found.test), std::vector<std::string>{"test/b/1.jpg"});
}

TEST(ClassFolders, UsesValWhereThereIsNoTest) {
  const auto found = find_class_folders(files({"top/train/a/1.jpg", "top/val/a/2.jpg"}), "x");
  EXPECT_EQ(names_of(found.test), std::vector<std::string>{"top/val/a/2.jpg"});
  const auto both = find_class_folders(files({"train/a/1.jpg", "val/a/2.jpg", "test/a/3.jpg"}), "x");
  EXPECT_EQ(names_of(both.test), std::vector<std::string>{"test/a/3.jpg"});
}

TEST(ClassFolders, SplitsATenthByHash) {
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i)
    names.push_back("c" + std::to_string(i % 3) + "/" + std::to_string(i) + ".jpg");
  const auto found = find_class_folders(files(names), "x");
  EXPECT_EQ(found.train.size() + found.test.size(), 1000u);
  EXPECT_GT(found.test.size(), 60u);
  EXPECT_LT(found.test.size(), 140u);
  for (const auto& entry : found.test)
    EXPECT_TRUE(goes_to_test(entry.name));
  const std::vector<std::string> reversed(names.rbegin(), names.rend());
  EXPECT_EQ(names_of(find_class_folders(files(reversed), "x").test), names_of(found.test));
}

TEST(ClassFolders, LeavesNoSplitEmpty) {
  const auto found = find_class_folders(files({"a/1.jpg", "a/2.jpg"}), "x");
  EXPECT_EQ(found.train.size(), 1u);
  EXPECT_EQ(found.test.size(), 1u);
  const auto train_only = find_class_folders(files({"train/a/1.jpg", "train/a/2.jpg", "test/readme"}), "x");
  EXPECT_EQ(train_only.test.size(), 1u);
  const auto find = [](const std::string& name) { return [name] { find_class_folders(files({name}), "x"); }; };
  expect_error(ErrorCode::invalid_argument, "has no ", find("a/1.jpg"));
  expect_error(ErrorCode::invalid_argument, "no training images", find("test/a/1.jpg"));
}

TEST(ClassFolders, RefusesOtherLayouts) {
  expect_error(ErrorCode::invalid_argument, "holds no images", [] { find_class_folders(files({"a/b.txt"}), "x"); });
  expect_error(ErrorCode::invalid_argument, "no class folders", [] { find_class_folders(files({"1.jpg"}), "x"); });
  expect_error(ErrorCode::invalid_argument, "another depth", [] {
    find_class_folders(files({"a/1.jpg", "a/b/1.jpg"}), "x");
  });
  expect_error(ErrorCode::invalid_argument, "outside", [] {
    find_class_folders(files({"train/a/1.jpg", "more/a/1.jpg"}), "x");
  });
}

TEST(ClassFolders, LimitsEveryClass) {
  const std::vector<LabelledFile> entries{{"a/1", 0}, {"a/2", 0}, {"a/3", 0}, {"b/1", 1}};
  EXPECT_EQ(names_of(limit_per_class(entries, 2)), (std::vector<std::string>{"a/1", "a/2", "b/1"}));
  EXPECT_EQ(limit_per_class(entries, 0).size(), 4u);
}

}  // namespace
}  // namespace checkerlab::model
