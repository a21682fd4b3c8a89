// One client of the coordinator that sends whatever bytes it likes: they go through a real connection, from the parser
// with its limits over admission, sign-in and routing to handlers that read what those of the API read. Every answer is
// one that a client can cause, and nothing is logged as an error.
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "base/files.hpp"
#include "coordinator/artifacts/byte_range.hpp"
#include "coordinator/http/chunked_answer.hpp"
#include "coordinator/http/connection.hpp"
#include "coordinator/http/problems.hpp"
#include "coordinator/store/cursor.hpp"
#include "rpc/fields.hpp"
#include "tests/fuzz/target.hpp"

namespace checkerlab::fuzz {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using namespace coordinator;

constexpr const char* kToken = "owners-token";
constexpr std::uint64_t kFileBytes = 100;

class NoErrors final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
  void sink_it_(const spdlog::details::log_msg& message) override {
    require(message.level < spdlog::level::err, std::string(message.payload.data(), message.payload.size()).c_str());
  }
  void flush_() override {}
};

asio::awaitable<Response> list(const Request& request) {
  const auto cursor = request.query_text("cursor");
  if (!cursor.empty()) parse_cursor(cursor, 2);
  const auto limit = request.query_integer("limit").value_or(100);
  require(limit >= 1 && limit <= 1000, "a number in the query is in its range");
  co_return json_response({{"study", request.parameter("study")}, {"flag", request.query_flag("failed")}});
}

asio::awaitable<Response> take_json(const Request& request) {
  co_return json_response(rpc::parse_json(request.body, "the request's body"), 201);
}

asio::awaitable<void> send_range(Exchange& exchange) {
  const auto wanted = parse_range(exchange.request.header("Range"), kFileBytes);
  if (wanted.unsatisfiable) throw http_error(416, ErrorCode::invalid_argument, "nothing stands there", "Ask for less.");
  const auto range = wanted.range.value_or(ByteRange{0, kFileBytes});
  require(range.begin < range.end && range.end <= kFileBytes, "a range lies within the file");
  ChunkedAnswer answer(exchange);
  co_await answer.begin("text/plain", {});
  co_await answer.write(std::string(range.end - range.begin, 'x'));
  co_await answer.end();
}

std::vector<Route> routes() {
  return {
      {.pattern = "/api/v1/studies/{study}/jobs",
       .role = Role::read,
       .query = {{.name = "cursor"},
                 {.name = "limit", .kind = QueryKind::integer, .least = 1, .most = 1000},
                 {.name = "failed", .kind = QueryKind::flag}},
       .handler = Handler(list)},
      {.method = http::verb::post,
       .pattern = "/api/v1/studies",
       .role = Role::submit,
       .query = {},
       .body_limit = 4096,
       .handler = Handler(take_json)},
      {.pattern = "/api/v1/artifacts/{sha256}", .role = Role::read, .query = {}, .handler = StreamHandler(send_range)},
      {.pattern = "/*", .role = Role::anyone, .query = {}, .handler = StreamHandler(send_range)}};
}

// Made once; what it remembers from one connection to the next is the tokens and the counts.
class Laboratory {
 public:
  Laboratory() { spdlog::set_default_logger(std::make_shared<spdlog::logger>("", std::make_shared<NoErrors>())); }

  // What a client is told that sends the bytes and then no more.
  std::string answer_to(std::string_view bytes) {
    const auto [near, far] = connected();
    asio::local::stream_protocol::socket client(context_, asio::local::stream_protocol(), near);
    asio::co_spawn(context_, serve(far), asio::detached);
    asio::async_write(client, asio::buffer(bytes.data(), bytes.size()), [&](auto, std::size_t) {
      boost::system::error_code gone;
      client.shutdown(asio::socket_base::shutdown_send, gone);
    });
    std::string answer;
    asio::async_read(client, asio::dynamic_buffer(answer), [&](auto, std::size_t) { client.close(); });
    context_.run();
    context_.restart();
    return answer;
  }

 private:
  static std::pair<int, int> connected() {
    std::array<int, 2> ends{};
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0, "there are sockets");
    return {ends[0], ends[1]};
  }

  asio::awaitable<void> serve(int descriptor) {
    Connection connection(asio::ip::tcp::socket(context_, asio::ip::tcp::v4(), descriptor), parts_, limits_, rates_,
                          "");
    co_await connection.run();
  }

  TemporaryFolder folder_{"checkerlab-fuzz"};
  ManualClock clock_{UtcTime(std::chrono::hours(500'000))};
  Store store_{folder_.path() / "checkerlab.db"};
  Tokens tokens_{store_, clock_, [](const auto&) {}};
  Authenticator authenticator_{kToken, tokens_, clock_};
  Router router_{routes()};
  OriginRules origins_{{"lab.example"}};
  RequestCounters counters_;
  ServerParts parts_{.router = router_,
                     .authenticator = authenticator_,
                     .origins = origins_,
                     .counters = counters_,
                     .clock = clock_,
                     .tls = nullptr,
                     .on_refused = {}};
  ServerLimits limits_{.token_rate = 0, .address_rate = 0};
  RequestRates rates_{RateLimiter(0), RateLimiter(0)};
  asio::io_context context_{1};
};

}  // namespace
}  // namespace checkerlab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace checkerlab;
  static fuzz::Laboratory laboratory;
  const auto answer = laboratory.answer_to(fuzz::text_of(data, size));
  const auto begins = [&](const char* text) { return answer.starts_with(text); };
  fuzz::require(answer.empty() || begins("HTTP/1.1 1") || begins("HTTP/1.1 2") || begins("HTTP/1.1 4"),
                "an answer is one that the client caused");
  return 0;
}
