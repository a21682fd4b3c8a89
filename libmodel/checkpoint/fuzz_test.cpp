// Readers of files from outside under thousands of deterministic mutations of real ones: every one must end in an Error
// or in a value, without a crash and without taking much memory. A failing case is named by its seed.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <torch/types.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/checkpoint/pickle/machine.hpp"
#include "libmodel/checkpoint/released/autoencoder_config.hpp"
#include "libmodel/checkpoint/released/plain_json.hpp"
#include "libmodel/checkpoint/released/released_config.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/checkpoint/testing/mutate.hpp"
#include "libmodel/checkpoint/testing/released_files.hpp"
#include "libmodel/checkpoint/torch_file/storage_id.hpp"
#include "libmodel/checkpoint/torch_file/torch_file.hpp"
#include "libmodel/checkpoint/zip/archive.hpp"
#include "libmodel/checkpoint/zip/writer.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostMemoryGrowth = 200 << 20;

std::int64_t peak_memory() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024;
}

std::string torch_data(const std::string& name) {
  return SystemFiles().read(fs::path(CHECKERLAB_TEST_DATA) / "torch_files" / name);
}

// The pickle inside a zip file.
std::string inner_pickle(const fs::path& file) {
  const Archive archive(std::make_shared<const RandomFile>(file));
  for (const auto& [name, entry] : archive.entries()) {
    if (name.ends_with("data.pkl")) return archive.read(name);
  }
  return "";
}

class Fuzz : public testing::Test {
 protected:
  // Reads `cases` mutations of `original`; counts those that were read.
  int survive(const std::string& original, int cases, const std::function<void(const std::string&)>& read) {
    const std::int64_t before = peak_memory();
    int accepted = 0;
    for (int seed = 0; seed < cases; ++seed) {
      try {
        read(Mutator(static_cast<std::uint64_t>(seed)).mutate(original));
        ++accepted;
      } catch (const Error& error) {
        EXPECT_NE(error.code(), ErrorCode::internal) << "seed " << seed << ": " << error.what();
      } catch (const std::exception& error) {
        ADD_FAILURE() << "seed " << seed << " ended in something else than an Error: " << error.what();
      }
    }
    EXPECT_LT(peak_memory() - before, kMostMemoryGrowth);
    EXPECT_LT(accepted, cases) << "nothing was refused: are the mutations read at all?";
    return accepted;
  }
  // A file in memory, the same for every case.
  fs::path store(const std::string& bytes) {
    if (::ftruncate(file_, 0) != 0 || ::pwrite(file_, bytes.data(), bytes.size(), 0) < 0)
      throw std::runtime_error("the file of the mutations cannot be written");
    return "/proc/self/fd/" + std::to_string(file_);
  }
  ~Fuzz() override { ::close(file_); }

  TemporaryFolder folder;

 private:
  int file_ = ::memfd_create("mutated", MFD_CLOEXEC);
};

// Visits everything, loads every tensor.
void exercise(const pickle::Value& value, int depth = 0) {
  if (depth > 20) return;
  const auto all = [&](const std::vector<pickle::Value*>& items) {
    for (const pickle::Value* item : items)
      exercise(*item, depth + 1);
  };
  if (const auto* tensor = value.as<pickle::TensorRecord>()) {
    if (tensor->bytes() < 1 << 20) tensor->load();
  }
  if (const auto* list = value.as<pickle::List>()) all(list->items);
  if (const auto* tuple = value.as<pickle::Tuple>()) all(tuple->items);
  if (const auto* dict = value.as<pickle::Dict>()) {
    for (const auto& [key, item] : dict->items) {
      exercise(*key, depth + 1);
      exercise(*item, depth + 1);
    }
  }
}

// A storage of as many elements as the id says, all zero; large ones are not read.
class AnyStorage final : public pickle::StorageSource {
 public:
  explicit AnyStorage(std::int64_t elements) : elements_(elements) {}
  std::int64_t elements(const std::string&, c10::ScalarType) override { return elements_; }
  at::Tensor read(const std::string&, c10::ScalarType type) override {
    if (elements_ > 1 << 16) throw Error(ErrorCode::too_large, "more than the test reads");
    return torch::zeros({elements_}, type);
  }

 private:
  std::int64_t elements_;
};

void read_pickle(const std::string& text) {
  pickle::Document document;
  const pickle::PersistentLoader storages = [](const pickle::Value& value) -> pickle::Value {
    const StorageId id = parse_storage_id(value, "mutated");
    const auto source = std::make_shared<AnyStorage>(id.elements);
    return {pickle::StorageRecord{std::make_shared<pickle::LazyStorage>(source, id.key, id.type), 0, id.elements}};
  };
  const pickle::Value& root = *pickle::unpickle(text, document, storages, "mutated").root;
  exercise(root);
  plain_json(root, "mutated");
}

TEST_F(Fuzz, ZipFilesOfTorch) {
  const auto read = [&](const std::string& bytes) { exercise(*read_torch_file(store(bytes)).root); };
  survive(torch_data("zip.pth"), 2000, read);
}

TEST_F(Fuzz, LegacyFilesOfTorch) {
  const auto read = [&](const std::string& bytes) { exercise(*read_torch_file(store(bytes)).root); };
  EXPECT_GT(survive(torch_data("legacy.pth"), 2000, read), 0);
}

TEST_F(Fuzz, Pickles) {
  const fs::path files = fs::path(CHECKERLAB_TEST_DATA) / "torch_files";
  survive(inner_pickle(files / "zip.pth"), 3000, read_pickle);
  survive(inner_pickle(files / "protocol4.pth"), 3000, read_pickle);
}

TEST_F(Fuzz, PicklesOfReleasedCheckpoints) {
  survive(inner_pickle(golden_folder("single") / "checkpoint.pth"), 150, read_pickle);
}

TEST_F(Fuzz, ZipFilesWhoseChecksumsAreRight) {
  const std::string text = inner_pickle(fs::path(CHECKERLAB_TEST_DATA) / "torch_files" / "zip.pth");
  const fs::path file = folder.path() / "mutated";
  survive(text, 100, [&](const std::string& bytes) {
    ArchiveWriter archive(file);
    archive.add("any/data.pkl", bytes);
    for (int i = 0; i < 20; ++i)
      archive.add("any/data/" + std::to_string(i), std::string(48, '\1'));
    archive.commit();
    exercise(*read_torch_file(file).root);
  });
}

TEST_F(Fuzz, Safetensors) {
  const fs::path file = folder.path() / "original";
  write_safetensors(file, {.tensors = {{"a", torch::ones({3, 4})}, {"b", torch::zeros({5}, torch::kByte)}},
                           .metadata = {{"kind", "model"}}});
  survive(SystemFiles().read(file), 2000, [&](const std::string& bytes) { read_safetensors(store(bytes)); });
}

TEST_F(Fuzz, Configurations) {
  const std::string config = SystemFiles().read(golden_folder("single") / "config.yaml");
  const std::string structure = SystemFiles().read(golden_folder("single") / "autoencoder_config.yaml");
  EXPECT_GT(survive(config, 2000, [](const std::string& text) { parse_released_config(text, "mutated"); }), 0);
  EXPECT_GT(survive(structure, 1000, [](const std::string& text) { parse_autoencoder_config(text, "mutated"); }), 0);
}

}  // namespace
}  // namespace checkerlab::model
