#include "libmodel/data/tar_reader.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "libmodel/data/testing/tar_writer.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

using Contents = std::vector<std::pair<std::string, std::string>>;

Contents read_all(const std::filesystem::path& path) {
  Contents contents;
  TarReader reader(path);
  while (const auto entry = reader.next()) {
    const auto bytes = reader.read(1 << 20);
    contents.emplace_back(entry->name, std::string(bytes.begin(), bytes.end()));
  }
  return contents;
}

class TarReaderTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "a.tar";
};

TEST_F(TarReaderTest, ReadsPlainAndCompressedArchives) {
  TarWriter tar;
  tar.add("d/", "", '5').add("./d/one", "1").add("d/two", std::string(1500, 'x')).add("d/empty", "");
  const Contents expected{{"d/one", "1"}, {"d/two", std::string(1500, 'x')}, {"d/empty", ""}};
  tar.write(file_);
  EXPECT_EQ(read_all(file_), expected);
  tar.write_gz(folder_.path() / "a.tar.gz");
  EXPECT_EQ(read_all(folder_.path() / "a.tar.gz"), expected);
}

TEST_F(TarReaderTest, SkipsWhatIsNotRead) {
  TarWriter().add("one", std::string(100000, 'a')).add("two", "2").write(file_);
  TarReader reader(file_);
  EXPECT_EQ(reader.next()->name, "one");
  EXPECT_EQ(reader.next()->name, "two");
  EXPECT_EQ(reader.read(10), (std::vector<std::uint8_t>{'2'}));
  EXPECT_FALSE(reader.next());
}

TEST_F(TarReaderTest, ReadsLongNames) {
  std::string name(150, 'n');
  name.append("/").append(150, 'm');
  std::string ended = name;
  ended.push_back('\0');
  TarWriter tar;
  tar.add("././@LongLink", ended, 'L').add("short", "gnu");
  tar.add_pax("path", name + "2").add("short", "pax").write(file_);
  EXPECT_EQ(read_all(file_), (Contents{{name, "gnu"}, {name + "2", "pax"}}));
}

TEST_F(TarReaderTest, RefusesNamesThatLeadOut) {
  for (const auto* name : {"../x", "a/../../x", "/etc/x"}) {
    TarWriter().add(name, "1").write(file_);
    expect_error(ErrorCode::invalid_data, "leads out", [&] { read_all(file_); });
  }
  TarWriter().add_pax("path", "../y").add("fine", "1").write(file_);
  expect_error(ErrorCode::invalid_data, "../y", [&] { read_all(file_); });
}

TEST_F(TarReaderTest, RefusesLinks) {
  for (const char type : {'1', '2', '3', 'S'}) {
    TarWriter().add("link", "", type).write(file_);
    expect_error(ErrorCode::invalid_data, "link", [&] { read_all(file_); });
  }
}

TEST_F(TarReaderTest, NoticesDamage) {
  auto bytes = TarWriter().add("one", std::string(2000, 'a')).finish();
  const auto write = [&](const std::string& text) { std::ofstream(file_, std::ios::binary) << text; };
  write(bytes.substr(0, 700));
  expect_error(ErrorCode::invalid_data, "ends inside one", [&] { read_all(file_); });
  write(bytes.substr(0, 300));
  expect_error(ErrorCode::invalid_data, "ends inside a header", [&] { read_all(file_); });
  bytes[5] = 'Z';
  write(bytes);
  expect_error(ErrorCode::invalid_data, "checksum", [&] { read_all(file_); });
  write(std::string(5000, 'q'));
  expect_error(ErrorCode::invalid_data, "no tar archive", [&] { read_all(file_); });
}

TEST_F(TarReaderTest, NoticesACompressedArchiveCutShort) {
  std::string noise;
  for (unsigned i = 0; i < 50000; ++i)
    noise += static_cast<char>((i * 2654435761U) >> 23);
  TarWriter().add("one", noise).write_gz(file_);
  std::filesystem::resize_file(file_, std::filesystem::file_size(file_) / 2);
  expect_error(ErrorCode::invalid_data, "damaged", [&] { read_all(file_); });
}

TEST_F(TarReaderTest, LimitsEntries) {
  TarWriter().add("one", "12345").write(file_);
  TarReader reader(file_);
  reader.next();
  expect_error(ErrorCode::too_large, "5 bytes", [&] { reader.read(4); });
  expect_error(ErrorCode::not_found, "gone.tar", [&] { TarReader(folder_.path() / "gone.tar"); });
}

}  // namespace
}  // namespace checkerlab::model
