#include "libmodel/checkpoint/torch_file/script_archive.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "base/files.hpp"
#include "libmodel/checkpoint/testing/mutate.hpp"
#include "libmodel/checkpoint/testing/pickle_bytes.hpp"
#include "libmodel/checkpoint/zip/writer.hpp"
#include "libmodel/evaluation/inception/testing/script_writer.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

fs::path data_file(const std::string& name) {
  return fs::path(CHECKERLAB_TEST_DATA) / "torch_files" / name;
}

class ScriptArchive : public testing::Test {
 protected:
  TemporaryFolder folder;
  fs::path file = folder.path() / "program.pt";

  // An archive whose data.pkl is this.
  void write(const std::string& pickle) {
    ArchiveWriter archive(file);
    archive.add("program/data.pkl", pickle);
    archive.add("program/constants.pkl", pickled(")"));
    archive.commit();
  }
  void refuses(const std::string& pickle, const std::string& message, ErrorCode code = ErrorCode::invalid_data) {
    write(pickle);
    expect_error(code, message, [&] { read_script_archive(file); });
  }
};

TEST_F(ScriptArchive, GivesTheTensorsOfARealOne) {
  EXPECT_TRUE(is_script_archive(data_file("torchscript.pt")));
  EXPECT_FALSE(is_script_archive(data_file("zip.pth")));
  EXPECT_FALSE(is_script_archive(data_file("legacy.pth")));
  const ScriptTensors found = read_script_archive(data_file("torchscript.pt"));
  ASSERT_EQ(found.tensors.size(), 2U);
  EXPECT_EQ(found.tensors[0].first, "weight");
  EXPECT_EQ(found.tensors[0].second.load().sizes(), at::IntArrayRef({2, 2}));
  EXPECT_EQ(found.tensors[1].first, "bias");
  EXPECT_EQ(found.tensors[1].second.load().sizes(), at::IntArrayRef({2}));
}

TEST_F(ScriptArchive, NamesTensorsByTheirPath) {
  const at::Tensor values = at::arange(6, at::kFloat).view({2, 3});
  write_script_archive(file, {{"layers.conv.weight", values}, {"layers.conv_1.weight", values * 2}, {"bias", values}});
  const ScriptTensors found = read_script_archive(file);
  std::map<std::string, at::Tensor> tensors;
  for (const auto& [name, record] : found.tensors)
    tensors[name] = record.load();
  ASSERT_EQ(tensors.size(), 3U);
  EXPECT_TRUE(tensors.at("layers.conv_1.weight").equal(values * 2));
  EXPECT_TRUE(tensors.at("bias").equal(values));
}

TEST_F(ScriptArchive, RunsNothingAndKnowsNoOtherClasses) {
  refuses(pickled(pickled_global("os", "system") + pickled_text("ls") + "\x85R"), "asks for 'os.system'");
  refuses(pickled(pickled_global("torch.jit", "load") + pickled_text("x") + "\x85R"), "asks for 'torch.jit.load'");
  refuses(pickled(pickled_global("torch.jit._pickle", "restore_type_tag") + ")R"), "with too few arguments");
  expect_error(ErrorCode::invalid_data, "holds no TorchScript program",
               [] { read_script_archive(data_file("zip.pth")); });
}

// Every object holds the next one twice: a short pickle with 2^40 paths through it.
TEST_F(ScriptArchive, RefusesObjectsNestedWithoutEnd) {
  const std::string object = pickled_global("__torch__", "M") + ")\x81}(";
  std::string deep, shared = pickled_global("__torch__", "M") + ")\x81}b";
  for (int i = 0; i < 40; ++i)
    deep += object + pickled_text("x");
  deep += "N";
  for (int i = 0; i < 40; ++i)
    deep += "ub";
  refuses(pickled(deep), "nested without end", ErrorCode::too_large);
  for (char i = 0; i < 30; ++i) {
    const std::string index(1, i);
    shared += "q" + index + "0" + object + pickled_text("x") + "h" + index + pickled_text("y") + "h" + index + "ub";
  }
  refuses(pickled(shared), "nested without end", ErrorCode::too_large);
}

TEST_F(ScriptArchive, SurvivesMutations) {
  const at::Tensor values = at::ones({2, 2});
  write_script_archive(file, {{"layers.conv.weight", values}, {"bias", values}});
  const std::string original = SystemFiles().read(file);
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    std::ofstream(file, std::ios::binary) << Mutator(seed).mutate(original);
    try {
      const ScriptTensors found = read_script_archive(file);
      for (const auto& [name, record] : found.tensors)
        record.load();
    } catch (const Error& error) {
      EXPECT_NE(error.code(), ErrorCode::internal) << "seed " << seed << ": " << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 50);
}

}  // namespace
}  // namespace checkerlab::model
