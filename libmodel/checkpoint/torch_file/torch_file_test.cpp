#include "libmodel/checkpoint/torch_file/torch_file.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

#include "base/files.hpp"
#include "libmodel/checkpoint/released/plain_json.hpp"
#include "libmodel/checkpoint/testing/pickle_bytes.hpp"
#include "libmodel/checkpoint/testing/values.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

fs::path data_file(const std::string& name) {
  return fs::path(CHECKERLAB_TEST_DATA) / "torch_files" / name;
}

void write_bytes(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

class TorchFiles : public testing::TestWithParam<std::string> {
 protected:
  TorchFile file = read_torch_file(data_file(GetParam()));
  const pickle::Dict& root = the<pickle::Dict>(*file.root);

  at::Tensor tensor(std::string_view name) { return entry<pickle::TensorRecord>(root, name).load(); }
  nlohmann::json json(std::string_view name) { return plain_json(*find(root, name), "test"); }
};

TEST_P(TorchFiles, HoldTensorsOfEveryType) {
  const auto& types = entry<pickle::Dict>(root, "types");
  EXPECT_EQ(types.items.size(), 10U);
  for (const auto& [name, value] : types.items) {
    const at::Tensor tensor = the<pickle::TensorRecord>(*value).load();
    EXPECT_EQ(tensor.to(torch::kFloat).sum().item<float>(), 2) << the<std::string>(*name);
  }
  EXPECT_EQ(entry<pickle::TensorRecord>(types, "bfloat16").load().scalar_type(), torch::kBFloat16);
}

TEST_P(TorchFiles, HoldViewsOfOneStorage) {
  const at::Tensor whole = torch::arange(12, torch::kFloat);
  EXPECT_TRUE(tensor("whole").equal(whole));
  EXPECT_TRUE(tensor("part").equal(whole.slice(0, 4, 8)));
  EXPECT_TRUE(tensor("turned").equal(whole.view({3, 4}).t()));
  EXPECT_TRUE(tensor("turned").is_contiguous());
  tensor("whole").fill_(0);
  EXPECT_TRUE(tensor("part").equal(whole.slice(0, 4, 8))) << "tensors must not share memory";
}

TEST_P(TorchFiles, HoldScalarsEmptiesAndParameters) {
  EXPECT_EQ(tensor("scalar").item<float>(), 7.25F);
  EXPECT_EQ(tensor("scalar").dim(), 0);
  EXPECT_EQ(tensor("empty").sizes(), at::IntArrayRef({0, 3}));
  const auto& parameter = entry<pickle::TensorRecord>(root, "parameter");
  EXPECT_TRUE(parameter.parameter);
  EXPECT_TRUE(parameter.requires_grad);
  EXPECT_TRUE(parameter.load().equal(torch::tensor({1.5F, -2.5F})));
}

TEST_P(TorchFiles, HoldPlainValues) {
  const auto& numbers = entry<pickle::List>(root, "numbers").items;
  EXPECT_EQ(the<std::int64_t>(*numbers[5]), std::int64_t{1} << 40);
  EXPECT_EQ(the<std::int64_t>(*numbers[6]), -(std::int64_t{1} << 40));
  EXPECT_NE(numbers[7]->as<pickle::BigInteger>(), nullptr);
  EXPECT_TRUE(std::isinf(the<double>(*numbers[9])));
  EXPECT_EQ(json("words"), nlohmann::json::parse(R"(["", "text", "Ünïcödé", null, true, false])"));
  EXPECT_EQ(json("set"), nlohmann::json::parse("[3]"));
  EXPECT_EQ(entry<pickle::Bytes>(root, "bytes").data, std::string("\x00\xff", 2));
  EXPECT_EQ(json("namespace"), nlohmann::json::parse(R"({"lr": 0.001, "steps": [1, 2], "name": null})"));
  EXPECT_EQ(json("numpy"), nlohmann::json::parse("[2.5, -3, 0.5, true]"));
  EXPECT_EQ(json("size"), nlohmann::json::parse("[2, 3]"));
  EXPECT_EQ(entry<pickle::Global>(root, "dtype").name, "torch.float32");
  const auto& ordered = entry<pickle::Dict>(root, "ordered");
  EXPECT_TRUE(ordered.ordered);
  EXPECT_EQ(the<std::string>(*ordered.items[0].first), "b");
  EXPECT_NE(ordered.attributes, nullptr);
}

INSTANTIATE_TEST_SUITE_P(Files, TorchFiles, testing::Values("zip.pth", "legacy.pth", "protocol4.pth"));

TEST(TorchFile, RefusesCallsByName) {
  expect_error(ErrorCode::invalid_data, "'posix.system'", [] { read_torch_file(data_file("calls_system.pth")); });
  expect_error(ErrorCode::invalid_data, "'posix.system'",
               [] { read_torch_file(data_file("calls_system_legacy.pth")); });
}

TEST(TorchFile, RefusesPrograms) {
  expect_error(ErrorCode::invalid_data, "TorchScript", [] { read_torch_file(data_file("torchscript.pt")); });
}

TEST(TorchFile, RefusesOtherFiles) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "other.pth";
  write_bytes(file, "not a checkpoint at all, only some text");
  expect_error(ErrorCode::invalid_data, "other.pth is not a PyTorch file", [&] { read_torch_file(file); });
  expect_error(ErrorCode::not_found, "absent.pth", [&] { read_torch_file(folder.path() / "absent.pth"); });
  expect_error(ErrorCode::io_error, "not a regular file", [&] { read_torch_file(folder.path()); });
}

TEST(TorchFile, NamesADownloadThatWasCutOff) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "cut.pth";
  fs::copy_file(data_file("zip.pth"), file);
  fs::resize_file(file, 4000);
  expect_error(ErrorCode::invalid_data, "cut.pth is not a usable zip archive: its end is missing",
               [&] { read_torch_file(file); });
  fs::copy_file(data_file("legacy.pth"), file, fs::copy_options::overwrite_existing);
  fs::resize_file(file, fs::file_size(file) - 1);
  expect_error(ErrorCode::invalid_data, "ends", [&] { read_torch_file(file); });
}

TEST(TorchFile, FindsAFlippedBitInATensor) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "flipped.pth";
  write_torch_file(file, [] {
    static pickle::Document document;
    pickle::Dict dict;
    dict.items.emplace_back(document.make(std::string("x")), document.make(pickle::record_of(torch::full({9}, 3.0F))));
    return pickle::Value{dict};
  }());
  std::string bytes = SystemFiles().read(file);
  const std::size_t place = bytes.find(std::string("\x00\x00\x40\x40\x00\x00\x40\x40", 8));
  ASSERT_NE(place, std::string::npos);
  bytes[place + 2] ^= 1;
  write_bytes(file, bytes);
  const TorchFile broken = read_torch_file(file);
  expect_error(ErrorCode::invalid_data, "are damaged",
               [&] { entry<pickle::TensorRecord>(the<pickle::Dict>(*broken.root), "x").load(); });
}

// The first files knew storages that are ranges of other storages.
TEST(TorchFile, ReadsViewsOfStoragesInTheOldFormat) {
  const auto pickle_of = [](const std::string& opcodes) { return pickled(opcodes); };
  const std::string magic = pickle_of("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19");
  const std::string protocol = pickle_of("M\xe9\x03");
  const std::string system = pickle_of("}" + pickled_text("little_endian") + "\x88s");
  const std::string view = "(" + pickled_text("v") + "K\x02K\x03t";  // three elements from the third on
  const std::string storage = "(" + pickled_text("storage") + pickled_global("torch", "FloatStorage") +
                              pickled_text("7") + pickled_text("cpu") + "K\x06" + view + "tQ";
  const std::string tensor =
      pickled_global("torch._utils", "_rebuild_tensor") + "(" + storage + "K\x01K\x02\x85K\x01\x85tR";
  const std::string keys = pickle_of("]" + pickled_text("7") + "a");
  std::string bytes = magic + protocol + system + pickle_of(tensor) + keys;
  const std::int64_t count = 6;
  bytes.append(reinterpret_cast<const char*>(&count), sizeof count);
  for (float value = 0; value < 6; ++value)
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "views.pth";
  write_bytes(file, bytes);
  const TorchFile read = read_torch_file(file);
  EXPECT_EQ(read.format, TorchFormat::legacy);
  EXPECT_TRUE(the<pickle::TensorRecord>(*read.root).load().equal(torch::tensor({3.0F, 4.0F})));
}

class WrittenTorchFile : public testing::Test {
 protected:
  TemporaryFolder folder;
  fs::path file = folder.path() / "written-7.pth";
  pickle::Document document;

  pickle::Value contents(const at::Tensor& tensor) {
    pickle::TensorRecord parameter = pickle::record_of(tensor);
    pickle::Dict dict;
    dict.items.emplace_back(document.make(std::string("x")), document.make(parameter));
    parameter.parameter = true;
    dict.items.emplace_back(document.make(std::string("same")), document.make(parameter));
    return {dict};
  }
};

TEST_F(WrittenTorchFile, ComesBackBitForBit) {
  const at::Tensor tensor = torch::tensor({1.0F, NAN, -0.0F}).view({3, 1});
  write_torch_file(file, contents(tensor));
  const TorchFile back = read_torch_file(file);
  const auto& dict = the<pickle::Dict>(*back.root);
  const at::Tensor read = entry<pickle::TensorRecord>(dict, "x").load();
  EXPECT_EQ(read.sizes(), tensor.sizes());
  EXPECT_TRUE(read.view(torch::kInt).equal(tensor.view(torch::kInt)));
  EXPECT_TRUE(entry<pickle::TensorRecord>(dict, "same").parameter);
  EXPECT_EQ(entry<pickle::TensorRecord>(dict, "same").storage, entry<pickle::TensorRecord>(dict, "x").storage)
      << "a storage must be written once";
}

TEST_F(WrittenTorchFile, LeavesTheOldFileWhenTheDiskIsFull) {
  write_bytes(file, "old");
  // The temporary is /dev/full: every write to it finds no space.
  fs::create_symlink("/dev/full", file.string() + ".tmp" + std::to_string(::getpid()));
  expect_error(ErrorCode::disk_full, "written-7.pth",
               [&] { write_torch_file(file, contents(torch::zeros({100000}))); });
  EXPECT_EQ(SystemFiles().read(file), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1)
      << "a temporary was left";
}

}  // namespace
}  // namespace checkerlab::model
