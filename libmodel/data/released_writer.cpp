#include "libmodel/data/released_writer.hpp"

#include <torch/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <span>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/data/released_metadata.hpp"

namespace checkerlab::model {

namespace fs = std::filesystem;

namespace {

ReleasedMetadata describe(const TokenizedImages& images, std::int64_t entries_per_shard) {
  ReleasedMetadata metadata;
  metadata.images = static_cast<std::int64_t>(images.rows.size());
  metadata.crops = images.crops;
  metadata.classes = images.classes;
  for (const auto& [side, tokens] : images.tokens)
    metadata.sides.push_back(side);
  metadata.entries_per_shard = entries_per_shard;
  metadata.shards = (metadata.images + entries_per_shard - 1) / entries_per_shard;
  if (metadata.images < 1 || metadata.sides.empty() || entries_per_shard < 1 || metadata.classes.size() > 32767 ||
      metadata.shards > 65535)
    throw Error(ErrorCode::invalid_argument,
                "a token cache in the released format needs images, token sides and at most 32767 classes and 65535 "
                "shards");
  return metadata;
}

// An image of a shard: its number in the cache and its row of the token tensors.
struct Entry {
  std::string number;
  std::int64_t row = 0;
};

// In the order in which the tensors lie: by name, "10_label" before "1_label".
std::vector<Entry> entries_of(std::span<const std::int64_t> rows, std::int64_t first) {
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < rows.size(); ++i)
    entries.push_back({std::to_string(first + static_cast<std::int64_t>(i)), rows[i]});
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.number + '_' < b.number + '_'; });
  return entries;
}

void append_tensor(std::string& header, const std::string& name, std::int64_t length, std::uint64_t& offset) {
  const auto end = offset + 2 * static_cast<std::uint64_t>(length);
  header += (header.size() == 1 ? "\"" : ",\"") + name + "\":{\"dtype\":\"I16\",\"shape\":[" + std::to_string(length) +
            "],\"data_offsets\":[" + std::to_string(offset) + "," + std::to_string(end) + "]}";
  offset = end;
}

std::string header_of(const std::vector<Entry>& entries, std::int64_t tokens) {
  std::string header = "{";
  std::uint64_t offset = 0;
  for (const auto& entry : entries) {
    append_tensor(header, entry.number + "_label", 1, offset);
    append_tensor(header, entry.number + "_q", tokens, offset);
  }
  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');
  return header;
}

void write_number(std::ofstream& stream, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i, value >>= 8)
    stream.put(static_cast<char>(value & 0xff));
}

class ShardWriter {
 public:
  ShardWriter(const TokenizedImages& images, std::int64_t tokens, Observer& observer)
      : images_(images), labels_(images.labels.to(torch::kInt64).contiguous()), tokens_(tokens), observer_(observer) {
    for (const auto& [side, list] : images.tokens)
      sides_.push_back(list.contiguous());
  }

  void write(const fs::path& path, const std::vector<Entry>& entries) {
    const fs::path temporary = path.string() + ".tmp" + std::to_string(::getpid());
    SystemFiles files;
    try {
      errno = 0;
      std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
      if (stream) write_entries(stream, entries);
      stream.close();
      if (!stream) throw errno_error(errno == 0 ? EIO : errno, "write " + temporary.string());
      files.commit(temporary, path);
    } catch (...) {
      files.remove(temporary);
      throw;
    }
  }

 private:
  void write_entries(std::ofstream& stream, const std::vector<Entry>& entries) {
    const auto header = header_of(entries, tokens_);
    write_number(stream, header.size(), 8);
    stream << header;
    for (const auto& entry : entries) {
      if (++written_ % 1000 == 0) {
        throw_if_cancelled(observer_, "the writing of the token cache");
        observer_.progress(written_, static_cast<std::int64_t>(images_.rows.size()), "images written");
      }
      write_number(stream, static_cast<std::uint64_t>(labels_.const_data_ptr<std::int64_t>()[entry.row]), 2);
      for (const auto& list : sides_) {
        const auto length = list.size(1) * list.size(2);
        stream.write(reinterpret_cast<const char*>(list.const_data_ptr<std::int16_t>() + entry.row * length),
                     2 * length);
      }
    }
  }

  const TokenizedImages& images_;
  torch::Tensor labels_;
  std::int64_t tokens_;
  Observer& observer_;
  std::vector<torch::Tensor> sides_;
  std::int64_t written_ = 0;
};

}  // namespace

fs::path write_released_cache(const fs::path& folder, const std::string& name, const TokenizedImages& images,
                              Observer& observer, std::int64_t entries_per_shard) {
  const auto metadata = describe(images, entries_per_shard);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error(ErrorCode::io_error, "cannot make the folder " + folder.string() + ": " + error.message());
  ShardWriter writer(images, metadata.tokens_per_image(), observer);
  const std::span<const std::int64_t> rows(images.rows);
  for (std::int64_t shard = 0; shard < metadata.shards; ++shard) {
    const auto first = shard * entries_per_shard;
    const auto count = std::min(entries_per_shard, metadata.images - first);
    char ending[40];
    std::snprintf(ending, sizeof ending, "_shard_%04lld.safetensors", static_cast<long long>(shard));
    writer.write(folder / (name + ending),
                 entries_of(rows.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)), first));
  }
  const auto path = folder / (name + "_metadata.json");
  SystemFiles().write_atomic(path, format_released_metadata(metadata), 0644);
  return path;
}

}  // namespace checkerlab::model
