// What comes over a worker's WebSocket, as the text of a frame and as raw bytes after the handshake. It is decoded or
// refused, and what was decoded survives being sent on.
#include <boost/asio/io_context.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <string>

#include "rpc/messages.hpp"
#include "tests/fuzz/target.hpp"

namespace checkerlab::fuzz {
namespace {

namespace beast = boost::beast;
using Pipe = beast::test::stream;

constexpr std::size_t kMostFrameBytes = 1 << 20;
constexpr std::string_view kHandshake =
    "GET /api/v1/workers/session HTTP/1.1\r\nHost: lab\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

template <class Decode>
void decode(std::string_view text, Decode&& decode_frame) {
  taken([&] {
    for (const auto& message : decode_frame(text)) {
      const auto sent = rpc::encode(message).dump();
      const auto received = decode_frame(sent);
      require(received.size() == 1 && rpc::encode(received.front()).dump() == sent, "a message survives being sent on");
    }
  });
}

// The server's end of a connection whose client sends the bytes and leaves.
void receive(std::string_view bytes) {
  boost::asio::io_context context;
  Pipe client(context);
  beast::websocket::stream<Pipe> server(context);
  client.connect(server.next_layer());
  server.read_message_max(kMostFrameBytes);
  client.write_some(boost::asio::buffer(kHandshake.data(), kHandshake.size()));
  client.write_some(boost::asio::buffer(bytes.data(), bytes.size()));
  client.close();
  beast::error_code error;
  server.accept(error);
  beast::flat_buffer buffer;
  while (!error) {
    server.read(buffer, error);
    require(buffer.size() <= kMostFrameBytes, "a message is not larger than the limit");
    if (!error) decode({static_cast<const char*>(buffer.cdata().data()), buffer.size()}, rpc::decode_worker_frame);
    buffer.consume(buffer.size());
  }
}

}  // namespace
}  // namespace checkerlab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace checkerlab;
  const auto text = fuzz::text_of(data, size);
  fuzz::decode(text, rpc::decode_worker_frame);
  fuzz::decode(text, rpc::decode_coordinator_frame);
  fuzz::receive(text);
  return 0;
}
