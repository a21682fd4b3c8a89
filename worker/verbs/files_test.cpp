// `model inspect` and `model export` as a person calls them.
#include "base/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "worker/verbs/program.hpp"

namespace checkerlab::worker {
namespace {

using testing::HasSubstr;

const std::string kCheckpoint = CHECKERLAB_TEST_DATA "/golden_model/single/checkpoint.pth";

struct Ran {
  int code = 0;
  std::string out, err;
};

Ran ran(const std::vector<std::string>& arguments) {
  std::ostringstream out, err;
  const std::atomic<bool> stop{false};
  const int code = run_model_program(arguments, {out, err, false, stop});
  return {code, out.str(), err.str()};
}

TEST(InspectVerb, TellsPartsAndTrainingState) {
  const Ran text = ran({"inspect", kCheckpoint});
  EXPECT_EQ(text.code, 0) << text.err;
  for (const char* part : {"model (released, torch zip)", "transformer layers", "trainable parameters", "epoch", "105"})
    EXPECT_THAT(text.out, HasSubstr(part));
  const auto json = nlohmann::json::parse(ran({"inspect", kCheckpoint, "--json"}).out);
  EXPECT_EQ(json["training"]["args"]["optimizer"], "adamw");
  EXPECT_EQ(json["config"]["classes"], 10);
}

TEST(InspectVerb, SaysWhatIsWrongWithAFile) {
  const Ran refused = ran({"inspect", CHECKERLAB_TEST_DATA "/torch_files/calls_system.pth"});
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("posix.system"));
}

TEST(ExportVerb, NamesTheFilesItWrote) {
  const TemporaryFolder folder;
  const Ran written = ran({"export", kCheckpoint, "--out", folder.path().string(), "--json"});
  EXPECT_EQ(written.code, 0) << written.err;
  const auto files = nlohmann::json::parse(written.out)["files"];
  ASSERT_EQ(files.size(), 3U);
  for (const auto& file : files)
    EXPECT_TRUE(std::filesystem::exists(file.get<std::string>()));
  EXPECT_THAT(ran({"export", kCheckpoint, "--out", folder.path().string(), "--format", "onnx"}).err,
              HasSubstr("'onnx' is not known"));
}

}  // namespace
}  // namespace checkerlab::worker
