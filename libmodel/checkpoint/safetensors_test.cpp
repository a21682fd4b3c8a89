#include "libmodel/checkpoint/safetensors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>
#include <unistd.h>

#include <fstream>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/testing/error_of.hpp"

namespace checkerlab::model {
namespace {

class Safetensors : public testing::Test {
 protected:
  TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "data.safetensors";

  void write_raw(const std::string& header, const std::string& data, std::uint64_t length) {
    std::ofstream stream(file, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(&length), 8);
    stream << header << data;
  }
  void expect_refused(const std::string& header, const std::string& data, const std::string& reason) {
    write_raw(header, data, header.size());
    try {
      read_safetensors(file);
      FAIL() << "was accepted: " << header;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_data);
      EXPECT_THAT(error.what(), testing::HasSubstr(reason)) << header;
      EXPECT_THAT(error.what(), testing::HasSubstr(file.string()));
    }
  }
};

std::string entry(const std::string& name, const std::string& type, const std::string& shape,
                  const std::string& offsets) {
  return "\"" + name + R"(":{"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

TEST_F(Safetensors, everyTypeSurvives) {
  TensorFile contents{.tensors = {}, .metadata = {{"kind", "test"}, {"config", R"({"a":"ü\n"})"}}};
  for (const auto type : {torch::kDouble, torch::kFloat, torch::kHalf, torch::kBFloat16, torch::kLong, torch::kInt,
                          torch::kShort, torch::kChar, torch::kByte, torch::kBool}) {
    contents.tensors[torch::toString(type)] = torch::arange(6, torch::kFloat).view({2, 3}).to(type);
  }
  contents.tensors["scalar"] = torch::tensor(2.5);
  contents.tensors["empty"] = torch::empty({0, 4});
  contents.tensors["transposed"] = torch::arange(6).view({2, 3}).t();
  write_safetensors(file, contents);
  const TensorFile read = read_safetensors(file);
  EXPECT_EQ(read.metadata, contents.metadata);
  ASSERT_EQ(read.tensors.size(), contents.tensors.size());
  for (const auto& [name, tensor] : contents.tensors) {
    EXPECT_EQ(read.at(name, file).scalar_type(), tensor.scalar_type());
    EXPECT_TRUE(torch::equal(read.at(name, file), tensor)) << name;
  }
}

TEST_F(Safetensors, sameContentsGiveTheSameBytesAndNoTemporaryStays) {
  const TensorFile contents{.tensors = {{"a", torch::ones({3})}}, .metadata = {}};
  SystemFiles files;
  write_safetensors(file, contents);
  const std::string first = files.read(file);
  write_safetensors(file, contents);
  EXPECT_EQ(files.read(file), first);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST_F(Safetensors, refusesBrokenHeaders) {
  expect_refused("", "", "not a JSON object");
  expect_refused("{", "", "not a JSON object");
  expect_refused("[1]", "", "not a JSON object");
  expect_refused(R"({"a":3})", "", "lacks dtype");
  expect_refused("{" + entry("a", "F31", "[1]", "[0,4]") + "}", "1234", "unknown type");
  expect_refused("{" + entry("a", "F32", "[-1]", "[0,4]") + "}", "1234", "in its shape or offsets");
  expect_refused("{" + entry("a", "F32", "[1.5]", "[0,4]") + "}", "1234", "in its shape or offsets");
  expect_refused("{" + entry("a", "F32", "[4294967296,4294967296]", "[0,4]") + "}", "1234", "too large");
  expect_refused("{" + entry("a", "F32", "[1]", "[0,8]") + "}", "12345678", "do not match");
  expect_refused("{" + entry("a", "F32", "[1]", "[4,0]") + "}", "1234", "do not match");
  expect_refused("{" + entry("a", "F32", "[1]", "[0]") + "}", "1234", "data_offsets");
  expect_refused(R"({"__metadata__":{"a":1}})", "", "something else than text");
  expect_refused("{" + entry("a", "U8", "[1]", "[0,1]") + "," + entry("a", "U8", "[1]", "[1,2]") + "}", "12", "twice");
}

TEST_F(Safetensors, refusesDataThatDoesNotFit) {
  expect_refused("{" + entry("a", "F32", "[2]", "[0,8]") + "}", "1234", "8 bytes of data");
  expect_refused("{" + entry("a", "F32", "[1]", "[0,4]") + "}", "12345678", "4 bytes of data");
  const auto a = entry("a", "F32", "[1]", "[0,4]");
  expect_refused("{" + a + "," + entry("b", "F32", "[1]", "[2,6]") + "}", "123456", "overlaps");
  expect_refused("{" + a + "," + entry("b", "F32", "[1]", "[6,10]") + "}", "1234567890", "gap");
}

TEST_F(Safetensors, refusesHeaderLengthsBeyondTheFile) {
  for (const std::uint64_t length : {std::uint64_t{3}, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    write_raw("{}", "", length);
    EXPECT_THROW(read_safetensors(file), Error) << length;
  }
  std::ofstream(file, std::ios::trunc) << "abc";
  EXPECT_THROW(read_safetensors(file), Error);
}

TEST_F(Safetensors, namesMissingFilesAndTensors) {
  try {
    read_safetensors(folder.path() / "nowhere");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
  }
  EXPECT_THROW(TensorFile{}.at("weight", file), Error);
}

TEST_F(Safetensors, aFailedWriteLeavesTheOldFile) {
  write_safetensors(file, {.tensors = {{"a", torch::ones({3})}}, .metadata = {}});
  EXPECT_THROW(write_safetensors(file, {.tensors = {{"a", torch::ones({3}, torch::kComplexFloat)}}, .metadata = {}}),
               Error);
  EXPECT_THROW(write_safetensors(folder.path() / "no" / "folder", {}), Error);
  EXPECT_EQ(read_safetensors(file).tensors.size(), 1U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST_F(Safetensors, aFullDiskLeavesTheOldFile) {
  write_safetensors(file, {.tensors = {{"x", torch::ones({3})}}, .metadata = {}});
  // The temporary is /dev/full: every write to it finds no space.
  std::filesystem::create_symlink("/dev/full", file.string() + ".tmp" + std::to_string(::getpid()));
  const Error error = error_of([&] {
    write_safetensors(file, {.tensors = {{"x", torch::zeros({100000})}}, .metadata = {}});
  });
  EXPECT_EQ(error.code(), ErrorCode::disk_full);
  EXPECT_TRUE(read_safetensors(file).at("x", file).equal(torch::ones({3})));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "a temporary was left";
}

}  // namespace
}  // namespace checkerlab::model
