#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libmodel/data/mapped_file.hpp"
#include "libmodel/data/released_metadata.hpp"
#include "libmodel/data/token_source.hpp"

namespace checkerlab::model {

// A token cache in the released format, memory-mapped: opening reads the headers of the shards into an index of ten
// bytes an image and the labels; tokens are read when they are asked for. Files:
// - NAME_metadata.json (`ReleasedMetadata`);
// - NAME_shard_0000.safetensors, ...: `{i}_q` int16 [sum of crops * S^2], for every side S a block [crops, S, S] in C
//   order, and `{i}_label` int16 [1], i counting over all shards.
//
// Immutable; reading is thread-safe. Tokens are checked when they are gathered, not before.
class ReleasedCache final : public TokenSource {
 public:
  // `path`: the folder with one metadata file, or that file. `codebook` [codes, code_dim]: what the tokens name.
  // Throws Error(invalid_data) naming the file when a shard or tensor is missing, is of another shape, lies elsewhere
  // than the metadata say, or a label is out of range; not_found, io_error.
  ReleasedCache(const std::filesystem::path& path, at::Tensor codebook);

  [[nodiscard]] const ReleasedMetadata& metadata() const { return metadata_; }

  std::int64_t crop_count() const override { return metadata_.crops; }
  const at::Tensor& all_labels() const override { return labels_; }
  const at::Tensor& code_vectors() const override { return codebook_; }
  void check(const std::vector<int>& sides, std::int64_t codes) const override;
  at::Tensor gather(const std::vector<std::int64_t>& items, const std::vector<std::int64_t>& crops,
                    int side) const override;

 private:
  void index_shard(std::size_t shard);
  std::filesystem::path shard_path(std::size_t shard) const;

  std::filesystem::path base_;  // up to and without "_metadata.json"
  ReleasedMetadata metadata_;
  at::Tensor codebook_;
  at::Tensor labels_;
  std::vector<MappedFile> shards_;
  std::vector<std::uint64_t> begins_;  // where each image's tokens lie in its shard
};

// The metadata file that `path` names: itself, or the only one in a folder. Throws Error(not_found, invalid_argument).
std::filesystem::path find_released_metadata(const std::filesystem::path& path);

}  // namespace checkerlab::model
