#include "rpc/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

#include "base/error.hpp"

namespace checkerlab::rpc {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

TlsContext make_context(ssl::context::method method) {
  auto context = std::make_shared<ssl::context>(method);
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                       ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::no_compression);
  ::SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  ::SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION);
  return context;
}

void check(error_code error, const std::string& what, const std::filesystem::path& file) {
  if (!error) return;
  throw Error(ErrorCode::invalid_data, "cannot use " + file.string() + " as " + what + ": " + error.message(),
              "Give a PEM file, as openssl writes it.");
}

void require_owner_only(const std::filesystem::path& key) {
  using std::filesystem::perms;
  std::error_code error;
  const auto others = std::filesystem::status(key, error).permissions() & (perms::group_all | perms::others_all);
  if (error) throw errno_error(error.value(), "read " + key.string());
  if (others == perms::none) return;
  throw Error(ErrorCode::forbidden, "the TLS key " + key.string() + " can be read by other users",
              "chmod 600 " + key.string());
}

bool is_address(const std::string& host) {
  error_code error;
  boost::asio::ip::make_address(host, error);
  return !error;
}

}  // namespace

TlsContext server_tls(const std::filesystem::path& certificate, const std::filesystem::path& key) {
  require_owner_only(key);
  auto context = make_context(ssl::context::tls_server);
  error_code error;
  context->use_certificate_chain_file(certificate.string(), error);
  check(error, "certificate", certificate);
  context->use_private_key_file(key.string(), ssl::context::pem, error);
  check(error, "the key of " + certificate.string(), key);
  return context;
}

TlsContext client_tls(const Endpoint& endpoint) {
  if (!endpoint.tls) return nullptr;
  auto context = make_context(ssl::context::tls_client);
  context->set_verify_mode(ssl::verify_peer);
  error_code error;
  if (!endpoint.certificate.empty()) {
    ::X509_STORE_set_flags(::SSL_CTX_get_cert_store(context->native_handle()), X509_V_FLAG_PARTIAL_CHAIN);
    context->load_verify_file(endpoint.certificate.string(), error);
    check(error, "the coordinator's certificate", endpoint.certificate);
  } else if (!endpoint.authority_file.empty()) {
    context->load_verify_file(endpoint.authority_file.string(), error);
    check(error, "certificate authority", endpoint.authority_file);
  } else {
    context->set_default_verify_paths(error);
  }
  return context;
}

void expect_server(NetStream& stream, const Endpoint& endpoint) {
  if (!stream.encrypted()) return;
  auto* handle = stream.tls().native_handle();
  if (!is_address(endpoint.host)) ::SSL_set_tlsext_host_name(handle, endpoint.host.c_str());
  if (endpoint.certificate.empty()) stream.tls().set_verify_callback(ssl::host_name_verification(endpoint.host));
}

}  // namespace checkerlab::rpc
