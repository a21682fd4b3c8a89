#include "bench/coordinator/viewer.hpp"

#include <boost/asio/write.hpp>
#include <charconv>

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
    if (error) {
      cut_off_ = true;
      return;
    }
    take({chunk_.data(), count});
    read();
  });
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
