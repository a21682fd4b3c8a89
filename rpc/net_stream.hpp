// A TCP connection, with TLS around it or without: what HTTP and WebSockets run over on both sides.
//
// Models Asio's AsyncReadStream and AsyncWriteStream, and what Beast's WebSocket asks of its lowest layer. Used on one
// thread at a time. Time limits are those of beast::tcp_stream: expires_after bounds what is started next.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/detail/config.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace checkerlab::rpc {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

class NetStream {
 public:
  using executor_type = boost::beast::tcp_stream::executor_type;
  using Tls = boost::asio::ssl::stream<boost::beast::tcp_stream&>;

  // Without `tls`, plain.
  NetStream(boost::asio::ip::tcp::socket socket, TlsContext tls) : tcp_(std::move(socket)), context_(std::move(tls)) {
    renew();
  }
  NetStream(boost::asio::io_context& context, TlsContext tls) : tcp_(context), context_(std::move(tls)) { renew(); }
  NetStream(const NetStream&) = delete;
  NetStream& operator=(const NetStream&) = delete;

  executor_type get_executor() { return tcp_.get_executor(); }
  boost::beast::tcp_stream& tcp() { return tcp_; }
  boost::asio::ip::tcp::socket& socket() { return tcp_.socket(); }
  bool encrypted() const { return tls_.has_value(); }
  Tls& tls() { return *tls_; }

  void expires_after(std::chrono::milliseconds time) { tcp_.expires_after(time); }
  void expires_never() { tcp_.expires_never(); }

  // Breaks the connection; nothing is said to the other side. It can be connected again.
  void close() {
    tcp_.close();
    renew();
  }

  // `handler(error_code)`. At once where there is no TLS.
  template <class Handler>
  auto async_handshake(boost::asio::ssl::stream_base::handshake_type side, Handler&& handler) {
    return tls_->async_handshake(side, std::forward<Handler>(handler));
  }

  template <class Buffers, class Handler>
  BOOST_BEAST_ASYNC_RESULT2(Handler)
  async_read_some(const Buffers& buffers, Handler&& handler) {
    return start(std::forward<Handler>(handler), [this, buffers](auto&& self) {
      if (tls_) {
        tls_->async_read_some(buffers, std::forward<decltype(self)>(self));
      } else {
        tcp_.async_read_some(buffers, std::forward<decltype(self)>(self));
      }
    });
  }

  template <class Buffers, class Handler>
  BOOST_BEAST_ASYNC_RESULT2(Handler)
  async_write_some(const Buffers& buffers, Handler&& handler) {
    return start(std::forward<Handler>(handler), [this, buffers](auto&& self) {
      if (tls_) {
        tls_->async_write_some(buffers, std::forward<decltype(self)>(self));
      } else {
        tcp_.async_write_some(buffers, std::forward<decltype(self)>(self));
      }
    });
  }

 private:
  template <class Handler, class Begin>
  auto start(Handler&& handler, Begin begin) {
    return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(
        [begin = std::move(begin)](auto&& self) mutable { begin(std::forward<decltype(self)>(self)); }, handler);
  }

  // TLS keeps the state of one connection.
  void renew() {
    if (context_) tls_.emplace(tcp_, *context_);
  }

  boost::beast::tcp_stream tcp_;
  TlsContext context_;
  std::optional<Tls> tls_;
};

// What Beast's WebSocket calls to end a connection. A close frame has been exchanged by then, so that TLS has nothing
// to add.
inline void beast_close_socket(NetStream& stream) {
  stream.tcp().close();
}

inline void teardown(boost::beast::role_type, NetStream& stream, boost::system::error_code& error) {
  stream.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, error);
}

template <class Handler>
void async_teardown(boost::beast::role_type role, NetStream& stream, Handler&& handler) {
  boost::system::error_code error;
  teardown(role, stream, error);
  boost::asio::post(stream.get_executor(), boost::beast::bind_front_handler(std::forward<Handler>(handler), error));
}

}  // namespace checkerlab::rpc
