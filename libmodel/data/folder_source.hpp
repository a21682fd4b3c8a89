#pragma once

#include "libmodel/data/file_source.hpp"

namespace checkerlab::model {

// Larger files are not read whole.
inline constexpr std::uint64_t kMaxSourceFile = std::uint64_t{1} << 32;

// `size` bytes of a file from `offset` on. Throws Error (not_found, io_error, too_large).
std::vector<std::uint8_t> read_range(const std::filesystem::path& path, std::uint64_t offset, std::uint64_t size);

// Sorts as FileSource::list promises.
void sort_by_name(std::vector<SourceFile>& files);

// The files below a folder.
class FolderSource final : public FileSource {
 public:
  explicit FolderSource(std::filesystem::path root) : root_(std::move(root)) {}

  std::vector<SourceFile> list(const std::function<void()>& poll) override;
  void read(const Wanted& wanted, const Sink& sink) override;
  bool reads_anywhere() const override { return true; }
  std::vector<std::uint8_t> content(const SourceFile& file) const override;

 private:
  std::filesystem::path root_;
};

}  // namespace checkerlab::model
