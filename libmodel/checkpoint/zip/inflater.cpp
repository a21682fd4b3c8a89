#include "libmodel/checkpoint/zip/inflater.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

constexpr std::size_t kBuffer = 256u << 10;
constexpr std::uint64_t kPiece = 1u << 30;  // zlib counts in 32 bits
constexpr int kRawDeflate = -15;            // no header of its own, the largest window

}  // namespace

Inflater::Inflater(const RandomFile& file, std::uint64_t begin, std::uint64_t bytes)
    : file_(file), begin_(begin), end_(begin + bytes), next_(begin), buffer_(kBuffer) {
  if (::inflateInit2(&stream_, kRawDeflate) != Z_OK)
    throw Error(ErrorCode::out_of_memory, "no memory to unpack " + file.path().string());
}

Inflater::~Inflater() {
  ::inflateEnd(&stream_);
}

void Inflater::restart() {
  ::inflateReset(&stream_);
  stream_.avail_in = 0;
  next_ = begin_;
  ended_ = false;
}

void Inflater::refill() {
  const auto bytes = std::min<std::uint64_t>(end_ - next_, buffer_.size());
  file_.read(next_, buffer_.data(), bytes);
  next_ += bytes;
  stream_.next_in = buffer_.data();
  stream_.avail_in = static_cast<uInt>(bytes);
}

std::int64_t Inflater::read(void* into, std::uint64_t bytes) {
  std::uint64_t done = 0;
  while (done < bytes && !ended_) {
    if (stream_.avail_in == 0 && next_ < end_) refill();
    const auto piece = static_cast<uInt>(std::min(bytes - done, kPiece));
    stream_.next_out = static_cast<Bytef*>(into) + done;
    stream_.avail_out = piece;
    const int status = ::inflate(&stream_, Z_NO_FLUSH);
    const auto got = piece - stream_.avail_out;
    done += got;
    if (status == Z_STREAM_END) ended_ = true;
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return -1;
    if (!ended_ && got == 0 && stream_.avail_in == 0 && next_ == end_) return -1;
  }
  return static_cast<std::int64_t>(done);
}

}  // namespace checkerlab::model
