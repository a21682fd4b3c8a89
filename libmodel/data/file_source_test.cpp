#include "libmodel/data/file_source.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "libmodel/data/brace_path.hpp"
#include "libmodel/data/testing/image_tree.hpp"
#include "libmodel/data/testing/tar_writer.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

class FileSourceTest : public testing::Test {
 protected:
  static std::vector<std::string> names(FileSource& source) {
    std::vector<std::string> result;
    for (const auto& file : source.list([] {}))
      result.push_back(file.name);
    return result;
  }
  // Every file read where it lies.
  static std::string contents(FileSource& source) {
    std::string all;
    for (const auto& file : source.list([] {})) {
      const auto bytes = source.content(file);
      all += std::string(bytes.begin(), bytes.end()) + ";";
    }
    return all;
  }
  TemporaryFolder folder_;
  fs::path root_ = folder_.path();
};

TEST_F(FileSourceTest, ReadsPlainArchivesWhereTheFilesLie) {
  std::string long_name(180, 'n');
  TarWriter()
      .add("d/", "", '5')
      .add("d/b", std::string(700, 'b'))
      .add_pax("path", long_name)
      .add("short", "pax")
      .add("d/empty", "")
      .add("a", "first")
      .write(root_ / "a.tar");
  const auto source = open_source(root_ / "a.tar");
  EXPECT_TRUE(source->reads_anywhere());
  EXPECT_EQ(names(*source), (std::vector<std::string>{"a", "d/b", "d/empty", long_name}));
  EXPECT_EQ(contents(*source), "first;" + std::string(700, 'b') + ";;pax;");
  TarWriter().add("a", "first").write_gz(root_ / "b.tar.gz");
  EXPECT_FALSE(open_source(root_ / "b.tar.gz")->reads_anywhere());
}

TEST_F(FileSourceTest, ReadsFoldersWhereTheFilesLie) {
  put_file(root_ / "x/2.txt", "two");
  put_file(root_ / "x/1.txt", "one");
  const auto source = open_source(root_);
  EXPECT_TRUE(source->reads_anywhere());
  EXPECT_EQ(contents(*source), "one;two;");
  const auto files = source->list([] {});
  EXPECT_EQ(find_file(files, "x/2.txt")->bytes, 3u);
  EXPECT_EQ(find_file(files, "x/3.txt"), nullptr);
  fs::resize_file(root_ / "x/2.txt", 1);
  expect_error(ErrorCode::io_error, "became shorter", [&] { source->content(files[1]); });
}

TEST_F(FileSourceTest, JoinsNumberedShards) {
  TarWriter().add("1.txt", "one").write(root_ / "set-000000.tar");
  TarWriter().add("1.txt", "two").write(root_ / "set-000001.tar");
  const std::vector<std::string> both{"set-000000/1.txt", "set-000001/1.txt"};
  EXPECT_EQ(names(*open_source(root_)), both);
  const auto braced = open_source(root_ / "set-{000000..000001}.tar");
  EXPECT_EQ(names(*braced), both);
  EXPECT_EQ(contents(*braced), "one;two;");
  EXPECT_EQ(names(*open_source(root_ / "set-000001.tar")), std::vector<std::string>{"1.txt"});
  expect_error(ErrorCode::not_found, "set-000002.tar", [&] { open_source(root_ / "set-{000000..000002}.tar"); });
}

TEST_F(FileSourceTest, FindsShardsInFoldersOfSplits) {
  fs::create_directories(root_ / "train");
  fs::create_directories(root_ / "val");
  TarWriter().add("1.txt", "1").write(root_ / "train/s-0.tar");
  TarWriter().add("2.txt", "2").write(root_ / "val/s-0.tar");
  EXPECT_EQ(names(*open_source(root_)), (std::vector<std::string>{"train/s-0/1.txt", "val/s-0/2.txt"}));
}

TEST_F(FileSourceTest, RefusesArchivesThatAreNoSet) {
  TarWriter().add("1.txt", "1").write(root_ / "one.tar");
  TarWriter().add("1.txt", "1").write(root_ / "two.tar");
  expect_error(ErrorCode::invalid_argument, "holds 2 archives", [&] { open_source(root_); });
}

TEST(BracePath, ExpandsARange) {
  EXPECT_EQ(expand_brace("d/a-{08..11}.tar"),
            (std::vector<fs::path>{"d/a-08.tar", "d/a-09.tar", "d/a-10.tar", "d/a-11.tar"}));
  EXPECT_EQ(expand_brace("{7..7}.tgz"), std::vector<fs::path>{"7.tgz"});
  EXPECT_TRUE(expand_brace("d/a.tar").empty());
  for (const auto* path : {"{1..}.tar", "{3..1}.tar", "{a..b}.tar", "{1..2}.txt", "{0..9999999999}.tar", "{0..1.tar"})
    expect_error(ErrorCode::invalid_argument, "{", [&] { expand_brace(path); });
}

}  // namespace
}  // namespace checkerlab::model
