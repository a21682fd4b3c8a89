#include "libmodel/data/unpack_archive.hpp"

#include <cerrno>
#include <fstream>
#include <vector>

#include "base/error.hpp"
#include "libmodel/data/tar_stream.hpp"

namespace checkerlab::model {

void unpack_archive(const std::filesystem::path& archive, const std::filesystem::path& target,
                    const Observer& observer) {
  const auto stream = open_tar_stream(archive);
  errno = 0;
  std::ofstream out(target, std::ios::binary | std::ios::trunc);
  std::vector<char> buffer(std::size_t{4} << 20);
  while (out) {
    throw_if_cancelled(observer, "the unpacking of an archive");
    const auto got = stream->read(buffer.data(), buffer.size());
    if (got < 0) {
      throw Error(ErrorCode::invalid_data, "the archive " + archive.string() + " is damaged: " + stream->error(),
                  "Fetch or make the archive again.");
    }
    if (got == 0) break;
    errno = 0;
    out.write(buffer.data(), got);
  }
  out.close();
  if (!out) throw errno_error(errno == 0 ? EIO : errno, "unpack " + archive.string() + " to " + target.string());
}

}  // namespace checkerlab::model
