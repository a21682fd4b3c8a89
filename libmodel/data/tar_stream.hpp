// The bytes of an archive, plain or gzip-compressed, from front to back. Internal to data/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace checkerlab::model {

// Not thread-safe.
class TarStream {
 public:
  virtual ~TarStream() = default;

  // Bytes read; fewer than asked only at the end. Negative when the data are damaged or cut short; error() then says
  // why.
  virtual std::int64_t read(void* target, std::uint64_t size) = 0;
  // False when the archive ends before. Reads nothing where the archive is plain.
  virtual bool skip(std::uint64_t size) = 0;
  virtual std::string error() const = 0;
};

// True for files that do not begin with gzip's two bytes.
bool is_plain_archive(const std::filesystem::path& archive);

// Throws Error (not_found, io_error).
std::unique_ptr<TarStream> open_tar_stream(const std::filesystem::path& archive);

}  // namespace checkerlab::model
