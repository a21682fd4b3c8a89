#include "coordinator/api/send_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

#include "base/error.hpp"
#include "coordinator/http/blocking.hpp"

namespace checkerlab::coordinator {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kChunk = 1 << 20;

}  // namespace

OpenFile::OpenFile(const std::filesystem::path& path) : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (fd_ < 0) throw errno_error(errno, "open " + path_.string());
}

OpenFile::~OpenFile() {
  ::close(fd_);
}

void OpenFile::read(std::string& chunk, std::uint64_t offset) const {
  std::size_t got = 0;
  while (got < chunk.size()) {
    const auto count = ::pread(fd_, chunk.data() + got, chunk.size() - got, static_cast<off_t>(offset + got));
    if (count < 0) throw errno_error(errno, "read " + path_.string());
    if (count == 0) throw Error(ErrorCode::io_error, path_.string() + " became shorter while it was read");
    got += static_cast<std::size_t>(count);
  }
}

asio::awaitable<void> send_bytes(const ApiContext& context, Exchange& exchange, const OpenFile& file, ByteRange bytes) {
  std::string chunk;
  for (auto offset = bytes.begin; offset < bytes.end; offset += chunk.size()) {
    chunk.resize(std::min<std::uint64_t>(kChunk, bytes.end - offset));
    co_await blocking(context.pool, [&] { file.read(chunk, offset); });
    exchange.stream.expires_after(exchange.idle_limit);
    co_await asio::async_write(exchange.stream, asio::buffer(chunk), asio::use_awaitable);
  }
}

}  // namespace checkerlab::coordinator
