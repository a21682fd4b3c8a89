// GET /api/v1/export/{table}: a whole table or view as CSV or JSON lines, streamed. The rows are read on the pool in
// small turns, so that neither other readers nor the writer wait for an export.
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/verb.hpp>

#include "base/error.hpp"
#include "coordinator/api/at_most.hpp"
#include "coordinator/api/routes.hpp"
#include "coordinator/http/blocking.hpp"
#include "coordinator/http/chunked_answer.hpp"
#include "coordinator/store/table_export.hpp"

namespace checkerlab::coordinator {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kPiece = 256 << 10;
constexpr int kMostAtOnce = 2;
// An open export keeps the database's log from shrinking.
constexpr std::chrono::minutes kLongest{30};

ExportFormat format_of(const Request& request) {
  const std::string format = request.query_text("format");
  if (format.empty() || format == "csv") return ExportFormat::csv;
  if (format == "jsonl") return ExportFormat::jsonl;
  throw Error(ErrorCode::invalid_argument, "the format '" + format.substr(0, 100) + "' is unknown",
              "Ask for csv or jsonl.");
}

asio::awaitable<void> stream_table(const ApiContext& context, Exchange& exchange, std::shared_ptr<int> open) {
  const AtMost slot(std::move(open), kMostAtOnce, "exports");
  const ExportFormat format = format_of(exchange.request);
  const std::string table = exchange.request.parameter("table");
  const auto rows = co_await blocking(context.pool, [&] {
    return std::make_unique<TableExport>(context.store.file(), table, format, context.stopping);
  });
  const bool csv = format == ExportFormat::csv;
  ChunkedAnswer answer(exchange);
  std::vector<std::pair<std::string, std::string>> headers;
  headers.emplace_back("Cache-Control", "no-store");
  headers.emplace_back("Content-Disposition", "attachment; filename=\"" + table + (csv ? ".csv\"" : ".jsonl\""));
  co_await answer.begin(csv ? "text/csv; charset=utf-8" : "application/x-ndjson", std::move(headers));
  const auto end = std::chrono::steady_clock::now() + kLongest;
  while (exchange.request.method != boost::beast::http::verb::head) {
    const std::string piece = co_await blocking(context.pool, [&] { return rows->next(kPiece); });
    if (piece.empty()) break;
    if (std::chrono::steady_clock::now() > end) throw Error(ErrorCode::timeout, "the export took too long");
    co_await answer.write(piece);
  }
  if (exchange.request.method != boost::beast::http::verb::head) co_await answer.end();
}

}  // namespace

Route export_table_route(const ApiContext& context) {
  StreamHandler handler = [&context, open = std::make_shared<int>(0)](Exchange& exchange) {
    return stream_table(context, exchange, open);
  };
  return {.pattern = "/api/v1/export/{table}",
          .role = Role::read,
          .query = {{.name = "format"}},
          .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
