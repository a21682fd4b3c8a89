#include "rpc/http_client.hpp"

#include "rpc/fields.hpp"
#include "rpc/http_client_impl.hpp"

namespace checkerlab::rpc {
namespace {

Json json_of(const HttpResponse& response) {
  require_success(response.status, response.body);
  return response.body.empty() ? Json() : response.json();
}

}  // namespace

void require_success(int status, const std::string& body) {
  if (status >= 400) throw ApiError(parse_problem(status, body));
}

Json HttpResponse::json() const {
  return parse_json(body, "the coordinator's answer");
}

HttpClient::HttpClient(Endpoint endpoint, HttpOptions options)
    : impl_(std::make_unique<Impl>(std::move(endpoint), std::move(options))) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

const Endpoint& HttpClient::endpoint() const noexcept {
  return impl_->endpoint;
}

HttpResponse HttpClient::request(Method method, std::string_view target, std::string_view body,
                                 std::string_view content_type) {
  const bool has_body = method == Method::kPost || method == Method::kPut;
  return impl_->connection.exchange({.method = method,
                                     .target = std::string(target),
                                     .body = std::string(body),
                                     .content_type = has_body ? std::string(content_type) : std::string(),
                                     .headers = {},
                                     .file = {}});
}

Json HttpClient::get(std::string_view target) {
  return json_of(request(Method::kGet, target));
}

Json HttpClient::post(std::string_view target, const Json& body) {
  return json_of(request(Method::kPost, target, body.dump()));
}

Json HttpClient::put(std::string_view target, const Json& body) {
  return json_of(request(Method::kPut, target, body.dump()));
}

Json HttpClient::del(std::string_view target) {
  return json_of(request(Method::kDelete, target));
}

std::string escape_query(std::string_view text) {
  static constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return result;
}

}  // namespace checkerlab::rpc
