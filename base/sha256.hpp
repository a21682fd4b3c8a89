// SHA-256 (FIPS 180-4) through OpenSSL. Names artifacts and jobs.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace checkerlab {

// Incremental; not thread-safe. After hex() the object is finished and must not be used again.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(const void* data, std::size_t size);
  void update(std::string_view data) { update(data.data(), data.size()); }
  // 64 lower-case hex digits.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string sha256_hex(std::string_view data);

// Throws Error (not_found, io_error) naming the file.
std::string sha256_file(const std::filesystem::path& file);

// True for exactly 64 lower-case hex digits.
bool is_sha256_hex(std::string_view text);

}  // namespace checkerlab
