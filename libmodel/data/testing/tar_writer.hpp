// Writes small tar archives for tests.
#pragma once

#include <zlib.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

namespace checkerlab::model {

class TarWriter {
 public:
  // A header with a correct checksum, then the content.
  TarWriter& add(const std::string& name, const std::string& content, char type = '0') {
    std::string block(512, '\0');
    std::memcpy(block.data(), name.data(), std::min<std::size_t>(name.size(), 100));
    std::snprintf(block.data() + 100, 8, "0000644");
    std::snprintf(block.data() + 124, 12, "%011o", static_cast<unsigned>(content.size()));
    block[156] = type;
    std::memcpy(block.data() + 257, "ustar\00000", 8);
    std::memset(block.data() + 148, ' ', 8);
    unsigned sum = 0;
    for (const char c : block)
      sum += static_cast<unsigned char>(c);
    std::snprintf(block.data() + 148, 8, "%06o", sum);
    bytes_ += block + content + std::string((512 - content.size() % 512) % 512, '\0');
    return *this;
  }

  TarWriter& add_pax(const std::string& key, const std::string& value) {
    const auto body = " " + key + "=" + value + "\n";
    auto length = body.size() + 1;
    while (std::to_string(length).size() + body.size() != length)
      ++length;
    return add("pax", std::to_string(length) + body, 'x');
  }

  std::string finish() const { return bytes_ + std::string(1024, '\0'); }

  void write(const std::filesystem::path& path) const { std::ofstream(path, std::ios::binary) << finish(); }

  void write_gz(const std::filesystem::path& path) const {
    auto* file = gzopen(path.c_str(), "wb");
    const auto all = finish();
    gzwrite(file, all.data(), static_cast<unsigned>(all.size()));
    gzclose_w(file);
  }

 private:
  std::string bytes_;
};

}  // namespace checkerlab::model
