#include "libmodel/evaluation/hash_file.hpp"

#include <algorithm>
#include <vector>

#include "base/sha256.hpp"
#include "libmodel/checkpoint/zip/random_file.hpp"

namespace checkerlab::model {

std::string hash_file(const std::filesystem::path& path, Observer& observer) {
  const RandomFile file(path);
  std::vector<char> buffer(std::size_t{4} << 20);
  Sha256 hash;
  for (std::uint64_t place = 0; place < file.size();) {
    throw_if_cancelled(observer, "the hashing of a file");
    const auto bytes = std::min<std::uint64_t>(buffer.size(), file.size() - place);
    file.read(place, buffer.data(), bytes);
    hash.update(buffer.data(), bytes);
    place += bytes;
    observer.progress(static_cast<std::int64_t>(place >> 20), static_cast<std::int64_t>(file.size() >> 20),
                      "MiB hashed");
  }
  return hash.hex();
}

}  // namespace checkerlab::model
