// For tests: .npz archives as NumPy writes them, and such as nobody should write.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/numpy/npy_header.hpp"

namespace checkerlab::model {

struct MemberOptions {
  bool deflate = false;
  bool zip64 = true;  // sizes of the local header in an extra field, as numpy.savez does
  std::uint16_t flags = 0;
  std::optional<std::uint16_t> method;   // in place of the true one
  std::optional<std::uint64_t> claimed;  // unpacked size in the directory
  std::uint32_t crc_error = 0;           // by which the checksum is wrong
};

class NpzBuilder {
 public:
  NpzBuilder& add(const std::string& member, const std::string& bytes, const MemberOptions& options = {});
  [[nodiscard]] std::string finish() const;
  void write(const std::filesystem::path& file) const;

 private:
  std::string bytes_, directory_;
  std::uint16_t count_ = 0;
};

// A .npy file of these values.
template <typename Number>
std::string npy(const std::string& type, const std::vector<std::int64_t>& shape, const std::vector<Number>& values) {
  return npy_header(type, shape) +
         std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Number));
}

// A .npy file with this dictionary, format 1.0.
std::string npy_with(const std::string& dictionary, const std::string& data = "");

}  // namespace checkerlab::model
