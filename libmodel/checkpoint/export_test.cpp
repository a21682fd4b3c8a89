#include "libmodel/checkpoint/export.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <unistd.h>

#include "base/files.hpp"
#include "libmodel/checkpoint/inspect.hpp"
#include "libmodel/checkpoint/released/load_any.hpp"
#include "libmodel/checkpoint/released/released_checkpoint.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/checkpoint/testing/released_files.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/recording_observer.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

class Export : public testing::Test {
 protected:
  TemporaryFolder folder;
  NullObserver observer;
  fs::path single = golden_folder("single") / "checkpoint.pth";

  Exported write(const fs::path& file, const std::string& out, const ExportOptions& options) {
    return export_model(file, folder.path() / out, options, observer);
  }
};

void expect_same_model(const Model& a, const Model& b) {
  EXPECT_EQ(a.config, b.config);
  const TensorFile first = to_tensor_file(a), second = to_tensor_file(b);
  ASSERT_EQ(first.tensors.size(), second.tensors.size());
  for (const auto& [name, tensor] : first.tensors)
    EXPECT_TRUE(tensor.equal(second.tensors.at(name))) << name;
}

TEST_F(Export, TakesAReleasedModelOverAndBack) {
  write(single, "own", {.format = ExportFormat::checkerlab});
  const LoadedModel own = load_any_model(folder.path() / "own" / "model.safetensors");
  EXPECT_TRUE(own.tokenizer.is_empty());
  expect_same_model(own.model, load_any_model(single).model);

  write(folder.path() / "own" / "model.safetensors", "back",
        {.tokenizer = folder.path() / "own" / "tokenizer.safetensors"});
  const LoadedModel back = load_any_model(folder.path() / "back" / "checkpoint.pth");
  expect_same_model(back.model, own.model);
  EXPECT_FALSE(back.tokenizer.is_empty());
}

TEST_F(Export, WritesTheAverageAlone) {
  write(single, "ema", {.ema = true});
  const ReleasedCheckpoint written = read_released_checkpoint(folder.path() / "ema" / "checkpoint.pth");
  expect_same_model(written.model, load_any_model(single, {.ema = true}).model);
  EXPECT_FALSE(written.ema);
  EXPECT_TRUE(written.optimizer->moments.empty());
  expect_error(ErrorCode::not_found, "no averaged weights",
               [&] { write(golden_folder("sqrt2") / "checkpoint.pth", "none", {.ema = true}); });
}

TEST_F(Export, WritesPlainSafetensorsThatAreReadAgain) {
  const Exported exported = write(single, "plain", {.format = ExportFormat::safetensors});
  EXPECT_EQ(exported.files.size(), 3U);
  expect_same_model(load_any_model(folder.path() / "plain" / "checkpoint.safetensors").model,
                    load_any_model(single).model);
}

TEST_F(Export, WritesATrainingCheckpointWithItsState) {
  const Model model = load_any_model(single).model;
  TensorFile file = to_tensor_file(model);
  const auto weights = file.tensors;
  for (const auto& [name, tensor] : weights) {
    if (name == "codebook") continue;
    file.tensors["ema." + name] = tensor + 1;
    file.tensors["exp_avg." + name] = tensor * 2;
    file.tensors["exp_avg_sq." + name] = tensor * tensor;
  }
  file.metadata["kind"] = "training_checkpoint";
  file.metadata["state"] = R"({"steps_done": 7})";
  file.metadata["training"] = R"({"batch": 32, "learning_rate": 0.002, "weight_decay": 0.05, "gradient_clip": 0})";
  const fs::path own = folder.path() / "training.safetensors";
  write_safetensors(own, file);

  write(own, "released", {.tokenizer = golden_folder("single") / "autoenc.pt"});
  const ReleasedCheckpoint written = read_released_checkpoint(folder.path() / "released" / "checkpoint.pth");
  expect_same_model(written.model, model);
  EXPECT_TRUE(written.ema->weights.norm.equal(model.weights.norm + 1));
  EXPECT_TRUE(written.optimizer->moments.at("llama.norm.weight").average.equal(model.weights.norm * 2));
  EXPECT_EQ(written.optimizer->moments.at("llama.norm.weight").steps, 7);
  EXPECT_EQ(written.optimizer->groups[1].settings["weight_decay"], 0.05);
  EXPECT_EQ(written.optimizer->groups[0].settings["lr"], 0.002);
  EXPECT_EQ(written.args["batch_size"], 32);
  EXPECT_TRUE(written.args["clip_grad"].is_null());
  EXPECT_EQ(written.config.args["lr"], 0.002);
}

TEST_F(Export, NeedsTheModelsTokenizer) {
  write(single, "own", {.format = ExportFormat::checkerlab});
  const fs::path own = folder.path() / "own" / "model.safetensors";
  expect_error(ErrorCode::invalid_argument, "holds no tokenizer", [&] { write(own, "out", {}); });
  expect_error(ErrorCode::invalid_argument, "another codebook",
               [&] { write(own, "out", {.tokenizer = golden_folder("ratio2") / "checkpoint.pth"}); });
  expect_error(ErrorCode::invalid_data, "holds a tokenizer, not a model",
               [&] { write(folder.path() / "own" / "tokenizer.safetensors", "out", {}); });
  expect_error(ErrorCode::invalid_argument, "format 'onnx' is not known", [] { export_format_from("onnx"); });
}

TEST_F(Export, LeavesTheOldFileWhenTheDiskIsFull) {
  write(single, "out", {});
  const fs::path file = folder.path() / "out" / "checkpoint.pth";
  const std::string before = SystemFiles().read(file);
  fs::create_symlink("/dev/full", file.string() + ".tmp" + std::to_string(::getpid()));
  expect_error(ErrorCode::disk_full, "checkpoint.pth", [&] { write(single, "out", {}); });
  EXPECT_EQ(SystemFiles().read(file), before);
}

TEST_F(Export, TellsHowFarItIs) {
  RecordingObserver recording;
  export_model(single, folder.path(), {}, recording);
  EXPECT_GT(recording.progress_calls, 100);  // about one a tensor
  EXPECT_GT(recording.last_done, 0);
}

TEST_F(Export, StopsWhenItIsAskedTo) {
  const auto bytes = static_cast<std::int64_t>(fs::file_size(single));
  // While it reads, and while it writes.
  for (const std::int64_t place : {bytes / 2, bytes + bytes / 2}) {
    RecordingObserver recording;
    recording.cancel_at = place;
    expect_error(ErrorCode::cancelled, "exporting",
                 [&] { export_model(single, folder.path() / "out", {}, recording); });
    EXPECT_FALSE(fs::exists(folder.path() / "out" / "checkpoint.pth"));
    EXPECT_TRUE(!fs::exists(folder.path() / "out") || fs::is_empty(folder.path() / "out")) << "a part was left";
  }
}

TEST(Inspect, DescribesAReleasedCheckpoint) {
  NullObserver observer;
  const FileDescription found = inspect_file(golden_folder("single") / "checkpoint.pth", std::nullopt, observer);
  EXPECT_EQ(found.kind, "model");
  EXPECT_EQ(found.format, "torch zip");
  EXPECT_EQ(found.trainable, load_any_model(found.path).model.parameter_count());
  EXPECT_EQ(found.config["sizes"], nlohmann::json::parse("[8]"));
  EXPECT_EQ(found.training["epoch"], 105);
  EXPECT_EQ(found.training["averaged_weights"], true);
  EXPECT_EQ(found.training["loss_scale"], 65536.0);
  EXPECT_EQ(found.training["optimizer"]["steps"], 3.0);
  EXPECT_EQ(found.bytes, fs::file_size(found.path));
  EXPECT_EQ(found.sha256.size(), 64U);
  const nlohmann::json json = to_json_object(found);
  EXPECT_EQ(json["parts"].size(), found.parts.size());
  EXPECT_EQ(json["trainable_parameters"], found.trainable);
}

TEST(Inspect, DescribesTokenizersAndOwnFiles) {
  NullObserver observer;
  const TemporaryFolder folder;
  const FileDescription tokenizer = inspect_file(golden_folder("single") / "autoenc.pt", std::nullopt, observer);
  EXPECT_EQ(tokenizer.kind, "tokenizer");
  EXPECT_EQ(tokenizer.config["codes"], 128);
  EXPECT_EQ(tokenizer.trainable, 0);
  export_model(golden_folder("single") / "checkpoint.pth", folder.path(), {.format = ExportFormat::checkerlab},
               observer);
  const FileDescription own = inspect_file(folder.path() / "model.safetensors", std::nullopt, observer);
  EXPECT_EQ(own.kind, "model");
  EXPECT_EQ(own.source, "checkerlab");
  EXPECT_EQ(own.config["width"], 32);
  EXPECT_EQ(own.parts.back().name, "codebook");
  EXPECT_EQ(inspect_file(folder.path() / "tokenizer.safetensors", std::nullopt, observer).config["codes"], 128);
}

TEST(Inspect, TellsWhatAFileIsNot) {
  NullObserver observer;
  expect_error(ErrorCode::invalid_data, "is not a usable safetensors file",
               [&] { inspect_file(golden_folder("single") / "config.yaml", std::nullopt, observer); });
  expect_error(ErrorCode::not_found, "absent", [&] { inspect_file("/absent", std::nullopt, observer); });
}

}  // namespace
}  // namespace checkerlab::model
