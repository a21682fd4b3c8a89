#include "libmodel/numpy/npz_file.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "libmodel/checkpoint/testing/mutate.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/numpy/testing/npz_builder.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(CHECKERLAB_TEST_DATA) / "golden_metrics/npz";

std::string bytes_of(const at::Tensor& tensor) {
  return {static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()};
}

void put(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// All rows, `step` at a time.
std::string streamed(const fs::path& file, const std::string& key, std::int64_t step) {
  auto rows = NpzFile(file).rows(key);
  std::string all;
  for (std::int64_t begin = 0; begin < rows.header().rows(); begin += step)
    all += bytes_of(rows.read(begin, std::min(begin + step, rows.header().rows())));
  return all;
}

class NpzFileTest : public testing::Test {
 protected:
  // An archive with one array under the key "x".
  NpzFile with(const std::string& npy_file, const MemberOptions& options = {}) {
    NpzBuilder().add("x.npy", npy_file, options).write(file_);
    return NpzFile(file_);
  }
  void refused(const std::string& npy_file, const MemberOptions& options, const std::string& reason) {
    NpzBuilder().add("x.npy", npy_file, options).write(file_);
    const auto read = [&] { NpzFile(file_).read("x"); };
    expect_error(ErrorCode::invalid_data, reason, read);
    expect_error(ErrorCode::invalid_data, file_.string(), read);
    expect_error(ErrorCode::invalid_data, "'x", read);
  }

  TemporaryFolder folder_;
  fs::path file_ = folder_.path() / "a.npz";
};

TEST_F(NpzFileTest, ReadsNumpysFilesToTheByte) {
  std::ifstream stream(kGolden / "expected.json");
  const auto expected = nlohmann::json::parse(stream);
  for (const auto* name : {"samples.npz", "samples_deflate.npz"}) {
    const NpzFile file(kGolden / name);
    EXPECT_EQ(file.keys(), (std::vector<std::string>{"arr_0", "arr_1"}));
    for (const std::int64_t step : {1, 5, 16})
      EXPECT_EQ(sha256_hex(streamed(kGolden / name, "arr_0", step)), expected.at("samples_sha256_of_pixels")) << name;
    const auto labels = file.read("arr_1");
    EXPECT_EQ(std::vector<std::int64_t>(labels.const_data_ptr<std::int64_t>(),
                                        labels.const_data_ptr<std::int64_t>() + labels.numel()),
              expected.at("labels").get<std::vector<std::int64_t>>());
  }
  EXPECT_EQ(sha256_hex(streamed(kGolden / "reference.npz", "arr_0", 3)), expected.at("reference_sha256_of_pixels"));
  EXPECT_NEAR(NpzFile(kGolden / "reference.npz").read("sigma").trace().item<double>(),
              expected.at("expected").at("reference_trace_sigma").get<double>(), 1e-9);
}

TEST_F(NpzFileTest, ReadsRowsInAnyOrder) {
  const auto numbers = torch::arange(60, torch::kInt64).view({20, 3});
  for (const bool deflate : {false, true}) {
    const std::string data(static_cast<const char*>(numbers.const_data_ptr()), numbers.nbytes());
    auto rows = with(npy_header("<i8", {20, 3}) + data, {.deflate = deflate}).rows("x");
    for (const auto& [begin, end] : {std::pair{7, 9}, {0, 20}, {19, 20}, {2, 2}, {0, 1}, {3, 20}})
      EXPECT_TRUE(torch::equal(rows.read(begin, end), numbers.slice(0, begin, end))) << begin;
    expect_error(ErrorCode::invalid_argument, "no rows 19 to 21", [&] { rows.read(19, 21); });
    expect_error(ErrorCode::invalid_argument, "no rows -1 to 2", [&] { rows.read(-1, 2); });
  }
}

TEST_F(NpzFileTest, TurnsFortranOrderAround) {
  const auto text = "{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }";
  const std::int32_t columns[] = {1, 4, 2, 5, 3, 6};
  const NpzFile file = with(npy_with(text, {reinterpret_cast<const char*>(columns), sizeof columns}));
  EXPECT_TRUE(torch::equal(file.read("x"), torch::tensor({{1, 2, 3}, {4, 5, 6}}, torch::kInt32)));
  expect_error(ErrorCode::invalid_data, "Fortran order", [&] { file.rows("x").read(0, 1); });
}

TEST_F(NpzFileTest, ReadsWithoutZip64AndSingleNumbers) {
  EXPECT_EQ(with(npy<double>("<f8", {}, {2.5}), {.zip64 = false}).read("x").item<double>(), 2.5);
  EXPECT_EQ(with(npy<float>("<f4", {0, 4}, {})).read("x").sizes(), (at::IntArrayRef{0, 4}));
}

// Five gigabytes of which nothing but the header and the last row lies on the disk.
TEST_F(NpzFileTest, ReadsOneRowOfAHugeMember) {
  constexpr std::int64_t kRows = 27000, kRow = 256 * 256 * 3;
  const std::string header = npy_header("|u1", {kRows, 256, 256, 3});
  NpzBuilder().add("arr_0.npy", header).write(file_);
  const std::string small = SystemFiles().read(file_);
  const std::uint64_t data = small.find(header) + header.size();
  const std::uint64_t total = header.size() + static_cast<std::uint64_t>(kRows * kRow);
  std::string directory = small.substr(data, small.size() - data - 22);
  const auto set = [&](std::string& text, std::size_t place, auto value) {
    std::memcpy(text.data() + place, &value, sizeof value);
  };
  set(directory, 20, 0xffffffffU);
  set(directory, 24, 0xffffffffU);
  set(directory, 30, std::uint16_t{20});
  directory += std::string("\x01\x00\x10\x00", 4) + std::string(16, '\0');
  set(directory, directory.size() - 16, total);
  set(directory, directory.size() - 8, total);
  std::string end = std::string("PK\x06\x06", 4) + std::string(52, '\0') + std::string("PK\x06\x07", 4) +
                    std::string(16, '\0') + small.substr(small.size() - 22);
  const std::uint64_t directory_place = data + total - header.size();
  set(end, 32, std::uint64_t{1});
  set(end, 40, std::uint64_t{directory.size()});
  set(end, 48, directory_place);
  set(end, 56 + 8, directory_place + directory.size());
  fs::resize_file(file_, directory_place);
  std::fstream stream(file_, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(static_cast<std::streamoff>(directory_place) - 1) << '\x2a' << directory << end;
  stream.close();
  auto rows = NpzFile(file_).rows("arr_0");
  EXPECT_EQ(rows.header().bytes, static_cast<std::uint64_t>(kRows * kRow));
  EXPECT_EQ(rows.read(kRows - 1, kRows).flatten()[-1].item<int>(), 42);
  EXPECT_EQ(rows.read(100, 101).sum().item<int>(), 0);
}

TEST_F(NpzFileTest, RefusesHeadersThatClaimMoreThanThereIs) {
  refused(npy_header("|u1", {std::int64_t{1} << 40}) + "abc", {},
          "claims uint8 (1099511627776,), which is "
          "1099511627776 bytes; the archive holds 3");
  refused(npy_header("<f8", {2, 2}) + "abc", {.deflate = true}, "which is 32 bytes; the archive holds 3");
  refused(npy_header("|u1", {2}) + "abc", {}, "which is 2 bytes; the archive holds 3");
}

TEST_F(NpzFileTest, RefusesMembersThatAreNotWhatTheDirectorySays) {
  const auto array = npy<std::uint8_t>("|u1", {3}, {1, 2, 3});
  const auto longer = npy<std::uint8_t>("|u1", {300}, std::vector<std::uint8_t>(300, 7));
  refused(array, {.crc_error = 1}, "do not fit its checksum");
  refused(array, {.deflate = true, .crc_error = 1}, "do not fit its checksum");
  refused(longer, {.deflate = true, .claimed = 192 + 200}, "the archive holds 200");
  refused(npy<std::uint8_t>("|u1", {300}, {}), {.deflate = true, .claimed = 192 + 300}, "unpacks to 192 bytes");
  refused(npy_header("|u1", {1}) + std::string(5000, 'x'), {.deflate = true, .claimed = 193}, "unpacks to more than");
  refused(array, {.deflate = true, .claimed = 4'000'000'000}, "which cannot come out of");
  refused(array, {.claimed = 250}, "which cannot come out of");
  refused(array, {.flags = 1}, "is encrypted");
  refused(array, {.method = 12}, "packed by method 12");
  refused("\x93NUM", {}, "it has 4 bytes");
  refused(npy_header("|u1", {1}).substr(0, 100), {}, "it ends inside its header");
  refused("a text that is no array", {}, "does not begin as .npy files do");
}

TEST_F(NpzFileTest, RefusesNamesThatLeadOut) {
  for (const std::string name : {"../x.npy", "/etc/x.npy", "a/../../x.npy", "..\\x.npy"}) {
    NpzBuilder().add(name, npy<std::uint8_t>("|u1", {1}, {1})).write(file_);
    expect_error(ErrorCode::invalid_data, "'" + name + "' leads out of it", [&] { NpzFile{file_}; });
  }
  NpzBuilder().add("layer/x.npy", npy<std::uint8_t>("|u1", {1}, {9})).write(file_);
  EXPECT_EQ(NpzFile(file_).read("layer/x").item<int>(), 9);
}

TEST_F(NpzFileTest, RefusesWhatIsCutShortAnywhere) {
  const auto whole = SystemFiles().read(kGolden / "samples_deflate.npz");
  for (std::size_t size = 0; size < whole.size(); size += 4801) {
    put(file_, whole.substr(0, size));
    expect_error(ErrorCode::invalid_data, file_.string(), [&] { NpzFile(file_).read("arr_0"); });
  }
}

TEST_F(NpzFileTest, NamesMissingFilesArraysAndLimits) {
  expect_error(ErrorCode::not_found, "none.npz", [&] { NpzFile(folder_.path() / "none.npz"); });
  const NpzFile file = with(npy<std::uint8_t>("|u1", {3}, {1, 2, 3}));
  EXPECT_TRUE(file.has("x"));
  EXPECT_FALSE(file.has("y"));
  EXPECT_EQ(file.keys_text(), "x");
  expect_error(ErrorCode::invalid_data, "no entry 'y.npy'", [&] { file.read("y"); });
  expect_error(ErrorCode::too_large, "uint8 (3,)", [&] { file.read("x", 2); });
}

TEST_F(NpzFileTest, SurvivesDamage) {
  int accepted = 0, refused = 0;
  const auto array = npy<std::uint8_t>("|u1", {40, 5}, std::vector<std::uint8_t>(200, 3));
  for (const bool deflate : {false, true}) {
    const auto original =
        NpzBuilder().add("x.npy", array, {.deflate = deflate}).add("y.npy", array, {.deflate = !deflate}).finish();
    for (std::uint64_t seed = 0; seed < 1500; ++seed) {
      put(file_, Mutator(seed).mutate(original));
      try {
        accepted += NpzFile(file_).read("x", 1 << 20).numel() == 200 ? 1 : 0;
      } catch (const Error& error) {
        EXPECT_TRUE(error.code() == ErrorCode::invalid_data || error.code() == ErrorCode::too_large) << error.what();
        ++refused;
      }
    }
  }
  EXPECT_GT(accepted, 50);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace checkerlab::model
