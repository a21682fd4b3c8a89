// GET /api/v1/workers/session: one worker's WebSocket. Its frames go to the Coordinator, which answers through a
// WorkerLink.
#include <spdlog/spdlog.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket.hpp>

#include "base/error.hpp"
#include "coordinator/api/outbox.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/http/problems.hpp"

namespace checkerlab::coordinator {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using WebSocket = websocket::stream<rpc::NetStream&>;

constexpr std::size_t kMostFrameBytes = 16 << 20;
constexpr std::size_t kMostReasonBytes = 120;        // a close frame holds 123
constexpr std::chrono::microseconds kCoalesce{500};  // frames leave at most this often: more messages share one
constexpr std::chrono::seconds kForever{24 * 3600};

// The coordinator's end of the connection; queues what the writer coroutine sends.
class Link final : public WorkerLink {
 public:
  explicit Link(const asio::any_io_executor& executor) : wake_(executor) { wake_.expires_after(kForever); }

  void send(const rpc::CoordinatorMessage& message) override {
    if (closing_) return;
    outbox_.add(message);
    wake_.cancel();
  }

  void close(const std::string& reason) override {
    closing_ = true;
    reason_ = reason.substr(0, kMostReasonBytes);
    wake_.cancel();
  }

  // Sends until close() was called and all is sent, or the connection breaks.
  asio::awaitable<void> write_all(WebSocket& socket) {
    error_code error;
    while (!error) {
      if (outbox_.empty() && !closing_) co_await sleep();
      while (const auto frame = outbox_.next()) {
        co_await socket.async_write(asio::buffer(*frame), asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return;
      }
      if (closing_ && outbox_.empty()) break;
      co_await pause();
    }
    websocket::close_reason why(websocket::close_code::policy_error,
                                beast::string_view(reason_.data(), reason_.size()));
    co_await socket.async_close(why, asio::redirect_error(asio::use_awaitable, error));
  }

 private:
  asio::awaitable<void> sleep() {
    error_code woken;
    wake_.expires_after(kForever);
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }

  asio::awaitable<void> pause() {
    asio::steady_timer timer(wake_.get_executor(), kCoalesce);
    error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  asio::steady_timer wake_;
  Outbox outbox_;
  std::string reason_;
  bool closing_ = false;
};

// Tells the worker what was wrong with its frame, then ends the connection.
void refuse(Link& link, const std::exception_ptr& error) {
  const auto problem = problem_of(error);
  spdlog::warn("worker connection refused: {}", problem.detail);
  link.send(rpc::ProtocolError{problem});
  link.close(problem.title);
}

asio::awaitable<void> read_all(const ApiContext& context, WebSocket& socket, Link& link, SessionId session) {
  beast::flat_buffer buffer;
  error_code error;
  bool refused = false;
  while (true) {
    co_await socket.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    const auto data = buffer.cdata();
    if (!refused) {
      try {
        const std::string_view text(static_cast<const char*>(data.data()), data.size());
        const auto messages = rpc::decode_worker_frame(text);
        context.coordinator.session_messages(session, messages);
      } catch (...) {
        refused = true;
        refuse(link, std::current_exception());
      }
    }
    buffer.consume(buffer.size());
  }
}

void prepare(WebSocket& socket) {
  beast::get_lowest_layer(socket).expires_never();
  auto timeouts = websocket::stream_base::timeout::suggested(beast::role_type::server);
  timeouts.idle_timeout = std::chrono::seconds(30);
  timeouts.keep_alive_pings = true;
  socket.set_option(timeouts);
  socket.read_message_max(kMostFrameBytes);
}

// The reader ends when the connection does, the writer when the coordinator wants it to: either one ends the session.
asio::awaitable<void> talk(const ApiContext& context, WebSocket& socket, const WorkerCredential& credential) {
  using namespace asio::experimental::awaitable_operators;
  const auto link = std::make_shared<Link>(socket.get_executor());
  const auto session = context.coordinator.session_opened(link, credential);
  std::exception_ptr failure;
  try {
    co_await (read_all(context, socket, *link, session) || link->write_all(socket));
  } catch (...) {
    failure = std::current_exception();
  }
  context.coordinator.session_closed(session);
  if (failure) std::rethrow_exception(failure);
}

asio::awaitable<void> serve_worker(const ApiContext& context, Exchange& exchange) {
  if (!websocket::is_upgrade(exchange.header.get())) {
    throw http_error(426, ErrorCode::invalid_argument, "workers connect here by WebSocket", "Run checkerlab-worker.");
  }
  exchange.answered = true;
  WebSocket socket(exchange.stream);
  prepare(socket);
  co_await socket.async_accept(exchange.header.get(), asio::use_awaitable);
  const WorkerCredential credential{exchange.request.identity.token, exchange.request.identity.worker};
  co_await talk(context, socket, credential);
}

}  // namespace

Route worker_session_route(const ApiContext& context) {
  StreamHandler handler = [&context](Exchange& exchange) { return serve_worker(context, exchange); };
  return {.pattern = "/api/v1/workers/session", .role = Role::worker, .query = {}, .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
