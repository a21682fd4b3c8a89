#include "rpc/websocket_client.hpp"

#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>

#include "base/version.hpp"
#include "rpc/messages.hpp"
#include "rpc/tls.hpp"

namespace checkerlab::rpc {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

constexpr std::size_t kMostBatchBytes = 16 << 10;  // a millisecond for who reads it

}  // namespace

// All members but `pending_` are touched on the io_context's thread only.
class WebSocketClient::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(asio::io_context& context, Endpoint endpoint, WebSocketCallbacks callbacks, WebSocketOptions options)
      : resolver_(context),
        socket_(context, client_tls(endpoint)),
        endpoint_(std::move(endpoint)),
        callbacks_(std::move(callbacks)),
        options_(std::move(options)) {}

  auto executor() { return socket_.get_executor(); }
  std::size_t pending() const { return pending_.load(); }
  const std::string& local_host() const { return local_host_; }

  void open() {
    auto& stream = beast::get_lowest_layer(socket_);
    stream.expires_after(options_.handshake_timeout);
    resolver_.async_resolve(endpoint_.host, std::to_string(endpoint_.port),
                            [self = shared_from_this()](error_code error, const auto& addresses) {
                              if (error) return self->end(error, "resolve");
                              self->connect(addresses);
                            });
  }

  void enqueue(std::string text) {
    if (ended_ || closing_) {
      pending_ -= text.size();
      return;
    }
    queue_.push_back(std::move(text));
    pump();
  }

  void count_pending(std::size_t bytes) { pending_ += bytes; }

  void start_close() {
    closing_ = true;
    if (!ready_) return end({}, "close");
    pump();
  }

  void abandon() {
    callbacks_ = {};
    closing_ = ended_ = true;
    resolver_.cancel();
    beast::get_lowest_layer(socket_).close();
  }

 private:
  void connect(const asio::ip::tcp::resolver::results_type& addresses) {
    auto& stream = beast::get_lowest_layer(socket_);
    stream.tcp().async_connect(addresses, [self = shared_from_this()](error_code error, const auto&) {
      if (error) return self->end(error, "connect to");
      self->encrypt();
    });
  }

  void encrypt() {
    auto& stream = beast::get_lowest_layer(socket_);
    if (!stream.encrypted()) return shake_hands();
    expect_server(stream, endpoint_);
    stream.async_handshake(asio::ssl::stream_base::client, [self = shared_from_this()](error_code error) {
      if (error) return self->end(error, "agree on TLS with");
      self->shake_hands();
    });
  }

  void shake_hands() {
    auto& stream = beast::get_lowest_layer(socket_);
    stream.expires_never();
    stream.socket().set_option(asio::ip::tcp::no_delay(true));
    socket_.set_option(websocket::stream_base::timeout{options_.handshake_timeout, options_.idle_timeout, true});
    socket_.set_option(websocket::stream_base::decorator([token = endpoint_.token](websocket::request_type& request) {
      request.set(http::field::user_agent, "checkerlab/" + version_string());
      if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
    }));
    socket_.read_message_max(options_.max_message_bytes);
    socket_.async_handshake(answer_, endpoint_.authority(), options_.target,
                            [self = shared_from_this()](error_code error) {
                              if (error) return self->refused(error);
                              self->opened();
                            });
  }

  void refused(error_code error) {
    if (error != websocket::error::upgrade_declined) return end(error, "shake hands with");
    finish(parse_problem(static_cast<int>(answer_.result_int()), answer_.body()));
  }

  void opened() {
    error_code error;
    const auto local = beast::get_lowest_layer(socket_).socket().local_endpoint(error);
    if (!error) local_host_ = local.address().to_string();
    ready_ = true;
    if (callbacks_.on_open) callbacks_.on_open();
    read();
    pump();
  }

  void read() {
    socket_.async_read(buffer_, [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return self->end(error, "read from");
      self->deliver();
    });
  }

  void deliver() {
    auto text = beast::buffers_to_string(buffer_.data());
    buffer_.consume(buffer_.size());
    if (callbacks_.on_message) callbacks_.on_message(std::move(text));
    if (!ended_) read();
  }

  std::string take_first() {
    auto text = std::move(queue_.front());
    queue_.pop_front();
    in_flight_ += text.size();
    return text;
  }

  // The next frame: one message, or a batch of what is queued.
  std::string next_frame() {
    in_flight_ = 0;
    if (queue_.size() == 1) return take_first();
    std::string frame =
        R"({"v":)" + std::to_string(kProtocolVersion) + R"(,"type":"batch","messages":[)" + take_first();
    while (!queue_.empty() && frame.size() + queue_.front().size() < kMostBatchBytes)
      frame += "," + take_first();
    return frame + "]}";
  }

  void pump() {
    if (!ready_ || writing_ || ended_) return;
    if (queue_.empty()) {
      if (closing_) say_goodbye();
      return;
    }
    writing_ = true;
    frame_ = next_frame();
    socket_.async_write(asio::buffer(frame_), [self = shared_from_this()](error_code error, std::size_t) {
      self->writing_ = false;
      self->pending_ -= self->in_flight_;
      if (error) return self->end(error, "send to");
      self->pump();
    });
  }

  void say_goodbye() {
    writing_ = true;
    socket_.async_close(websocket::close_code::normal,
                        [self = shared_from_this()](error_code) { self->end({}, "close"); });
  }

  void end(error_code error, const std::string& doing) {
    if (!error || error == websocket::error::closed) {
      finish({.title = "Connection closed", .status = 1000, .detail = std::string(socket_.reason().reason.c_str())});
      return;
    }
    finish({.title = "Coordinator unreachable",
            .status = 0,
            .detail = doing + " " + endpoint_.url() + ": " + error.message(),
            .fix = "Check that the coordinator runs and that the address is right."});
  }

  void finish(const Problem& problem) {
    if (std::exchange(ended_, true)) return;
    ready_ = false;
    const auto on_close = std::move(callbacks_.on_close);
    callbacks_ = {};
    beast::get_lowest_layer(socket_).close();
    if (on_close) on_close(problem);
  }

  asio::ip::tcp::resolver resolver_;
  websocket::stream<NetStream> socket_;
  const Endpoint endpoint_;
  WebSocketCallbacks callbacks_;
  const WebSocketOptions options_;
  websocket::response_type answer_;
  beast::flat_buffer buffer_;
  std::deque<std::string> queue_;
  std::string frame_;
  std::string local_host_;
  std::size_t in_flight_ = 0;
  std::atomic<std::size_t> pending_{0};
  bool ready_ = false;
  bool writing_ = false;
  bool closing_ = false;
  bool ended_ = false;
};

WebSocketClient::WebSocketClient(asio::io_context& context, Endpoint endpoint, WebSocketCallbacks callbacks,
                                 WebSocketOptions options)
    : connection_(
          std::make_shared<Connection>(context, std::move(endpoint), std::move(callbacks), std::move(options))) {}

WebSocketClient::~WebSocketClient() {
  asio::dispatch(connection_->executor(), [connection = connection_] { connection->abandon(); });
}

void WebSocketClient::open() {
  asio::post(connection_->executor(), [connection = connection_] { connection->open(); });
}

void WebSocketClient::send(std::string text) {
  connection_->count_pending(text.size());
  asio::post(connection_->executor(),
             [connection = connection_, text = std::move(text)]() mutable { connection->enqueue(std::move(text)); });
}

void WebSocketClient::close() {
  asio::post(connection_->executor(), [connection = connection_] { connection->start_close(); });
}

std::string WebSocketClient::local_host() const {
  return connection_->local_host();
}

std::size_t WebSocketClient::pending_bytes() const {
  return connection_->pending();
}

}  // namespace checkerlab::rpc
