// A blocking HTTP/1.1 client for the CLI and for artifact transfer.
//
// One client holds one kept-alive connection and belongs to one thread at a time (not thread-safe); making one is cheap
// and connects lazily. Every call is bounded by the time-outs of HttpOptions and ends early with Error(cancelled) when
// the stop token given at construction is triggered (from any thread). A connection that the server closed while idle
// is reopened once without a word for GET, HEAD, PUT and DELETE. Failures: transport trouble throws TransportError
// (code unavailable or timeout), an answer with status >= 400 throws ApiError with the problem document.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "rpc/endpoint.hpp"
#include "rpc/problem.hpp"

namespace checkerlab::rpc {

// The connection could not be made, broke or fell silent.
class TransportError : public Error {
 public:
  using Error::Error;
};

struct HttpOptions {
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds idle_timeout{60'000};  // longest silence inside one request
  std::uint64_t max_response_bytes = 256ULL
                                     << 20;  // of a body held in memory; downloads to files are not bounded by it
  std::stop_token stop;                      // ends whatever call is in progress
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  Json json() const;  // throws Error when the body is no JSON
};

enum class Method { kGet, kHead, kPost, kPut, kDelete };

// One server-sent event. `data` is the text as sent (JSON for every event of the coordinator).
struct ServerEvent {
  std::string id;
  std::string type;
  std::string data;
};

struct EventOptions {
  std::optional<std::string> last_event_id;         // resume after this event; nothing starts with what comes next
  std::chrono::milliseconds give_up_after{30'000};  // longest time without a connection before the reader throws
  std::stop_token stop;                             // ends the reader quietly
};

class HttpClient {
 public:
  explicit HttpClient(Endpoint endpoint, HttpOptions options = {});
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  // `target` is path and query, already escaped (see escape_query). Answers the JSON body (null for an empty one).
  Json get(std::string_view target);
  Json post(std::string_view target, const Json& body = Json::object());
  Json put(std::string_view target, const Json& body = Json::object());
  Json del(std::string_view target);

  // Any method; answers whatever status came, throws only for transport trouble.
  HttpResponse request(Method method, std::string_view target, std::string_view body = {},
                       std::string_view content_type = "application/json");

  // GETs `target` and hands the body over as it comes, in pieces of bounded size. An answer with status >= 400 throws
  // ApiError before anything is handed over; one that breaks off throws TransportError.
  void stream(std::string_view target, const std::function<void(std::string_view)>& take);

  // True when the coordinator holds the artifact.
  bool has_artifact(std::string_view sha256);

  // Streams `file` as artifact `sha256`. Does nothing when the coordinator has it already. A file whose bytes do not
  // have that hash is refused by the coordinator (ApiError 422).
  void upload_file(std::string_view sha256, const std::filesystem::path& file);

  // Fetches artifact `sha256` to `destination` by way of `<destination>.part`, which survives a failure so that the
  // next call resumes with a Range request. The hash of the whole file is checked before the rename; a mismatch removes
  // the part and throws Error(invalid_data). `expected_bytes` != 0 is compared with what the coordinator announces.
  void download_file(std::string_view sha256, const std::filesystem::path& destination,
                     std::uint64_t expected_bytes = 0);

  // Reads server-sent events until `handler` answers false or options.stop is triggered. Reconnects by itself with
  // Last-Event-ID. Blocks; `handler` runs on the calling thread. Throws ApiError when refused, TransportError after
  // give_up_after.
  void read_events(std::string_view target, const std::function<bool(const ServerEvent&)>& handler,
                   const EventOptions& options = {});

  const Endpoint& endpoint() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Percent-encodes one query value or path segment.
std::string escape_query(std::string_view text);

}  // namespace checkerlab::rpc
