// One HTTP/1.1 connection with blocking operations: the engine below HttpClient (internal to rpc/).
//
// Every operation runs the connection's private io_context until it is done, its time-out passed or a stop token fired.
// Not thread-safe; stop tokens may be triggered from any thread. Any failure closes the connection; the next `start`
// reconnects. Throws TransportError for transport trouble, Error(cancelled) after a stop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "rpc/http_client.hpp"
#include "rpc/net_stream.hpp"

namespace checkerlab::rpc {

struct HttpRequest {
  Method method = Method::kGet;
  std::string target;
  std::string body;
  std::string content_type;
  std::map<std::string, std::string> headers;  // besides Host, Authorization, User-Agent and Content-*
  std::filesystem::path file;                  // when set, its bytes are the body
};

struct HttpHead {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
};

class HttpConnection {
 public:
  HttpConnection(const Endpoint& endpoint, HttpOptions options, std::stop_token also_stop = {});

  // Sends a request and reads the answer's head. Any unread body of the answer before is dropped with its connection.
  HttpHead start(const HttpRequest& request);

  // Reads some of the answer's body; 0 at its end.
  std::size_t read_body(std::span<char> into);

  // start() and the whole body, at most max_response_bytes.
  HttpResponse exchange(const HttpRequest& request);

 private:
  using Done = std::function<void(boost::system::error_code, std::size_t)>;
  using Parser = boost::beast::http::response_parser<boost::beast::http::buffer_body>;

  void ensure_connected();
  bool peer_has_closed();
  HttpHead send_and_read_head(const HttpRequest& request);
  void send(const HttpRequest& request);
  template <class Body>
  void send_message(boost::beast::http::request<Body>& message, const HttpRequest& request);
  HttpHead head() const;
  // Runs one asynchronous operation to its end; an error becomes an exception that says what was being done.
  std::size_t wait(const std::string& doing, std::chrono::milliseconds limit, const std::function<void(Done)>& begin);
  [[noreturn]] void fail(const std::string& doing, boost::system::error_code error);
  bool stop_requested() const;
  void close();

  const Endpoint endpoint_;
  const HttpOptions options_;
  const std::stop_token also_stop_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::resolver resolver_;
  NetStream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  bool connected_ = false;
  int answers_ = 0;  // read on this connection
};

}  // namespace checkerlab::rpc
