#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace checkerlab {

// What a data set on disk consists of.
struct Fingerprint {
  std::string sha256;  // hexadecimal
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

// Names the content of a file or folder: SHA-256 over, for every regular file sorted by its relative name (bytewise,
// '/' between parts), the name, a zero byte, its size in decimal, a zero byte, and the SHA-256 of its content in
// hexadecimal with a newline. A single file has its file name as relative name. Neither time stamps, permissions nor
// where the path lies matter. Hidden files count like any other; links are followed when they lead to files, links to
// folders are refused. Throws Error when the path is missing, cannot be read, or holds no file.
///
/// `on_file`, where given, is told the counts so far (without sha256) after every file; what it throws ends the work.
Fingerprint fingerprint(const std::filesystem::path& path, const std::function<void(const Fingerprint&)>& on_file = {});

// `fingerprint(path).sha256`.
std::string content_sha256(const std::filesystem::path& path);

}  // namespace checkerlab
