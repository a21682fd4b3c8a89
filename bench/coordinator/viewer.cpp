#include "bench/coordinator/viewer.hpp"

#include <boost/asio/write.hpp>
#include <charconv>
#include <utility>

namespace checkerlab::bench {

namespace asio = boost::asio;

Viewer::Viewer(asio::io_context& context, const rpc::Endpoint& endpoint, std::uint64_t after)
    : socket_(context),
      request_("GET /api/v1/events HTTP/1.1\r\nHost: " + endpoint.authority() + "\r\nAuthorization: Bearer " +
               endpoint.token + "\r\nLast-Event-ID: " + std::to_string(after) + "\r\n\r\n"),
      chunk_(1 << 16, '\0') {
  socket_.connect({asio::ip::make_address(endpoint.host), endpoint.port});
  asio::write(socket_, asio::buffer(request_));
  read();
}

void Viewer::read() {
  socket_.async_read_some(asio::buffer(chunk_), [this](boost::system::error_code error, std::size_t count) {
    cut_off_ = error.failed();
    if (!cut_off_) take({chunk_.data(), count});
    tell_if_seen();
    if (!cut_off_) read();
  });
}

void Viewer::when_seen(std::uint64_t id, std::function<void()> done) {
  awaited_ = id;
  seen_ = std::move(done);
  tell_if_seen();
}

void Viewer::tell_if_seen() {
  const bool seen = cut_off_ || (!ids_.empty() && ids_.back() >= awaited_);
  if (!seen || !seen_) return;
  std::exchange(seen_, nullptr)();
}

// Ids stand on lines of their own; a chunk's size may stand between two events, never within a line of one.
void Viewer::take(std::string_view bytes) {
  constexpr std::string_view kId = "id: ";
  constexpr std::size_t kMostOfLine = 32;
  for (const char c : bytes) {
    if (c != '\n') {
      if (line_.size() < kMostOfLine) line_ += c;
      continue;
    }
    if (line_.starts_with(kId)) {
      std::uint64_t id = 0;
      std::from_chars(line_.data() + kId.size(), line_.data() + line_.size(), id);
      ids_.push_back(id);
    }
    line_.clear();
  }
}

}  // namespace checkerlab::bench
