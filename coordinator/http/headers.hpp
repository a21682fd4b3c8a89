// Headers that every answer of the coordinator carries.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

namespace checkerlab::coordinator {

// The page needs its own scripts and styles, inline styles of charts, and images from memory; nothing else, from
// nowhere else.
inline constexpr const char* kContentSecurityPolicy =
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

template <class Fields>
void set_common_headers(boost::beast::http::header<false, Fields>& header) {
  namespace http = boost::beast::http;
  header.set(http::field::server, "checkerlab");
  header.set("X-Content-Type-Options", "nosniff");
  header.set("Referrer-Policy", "no-referrer");
  header.set("X-Frame-Options", "DENY");
  header.set("Cross-Origin-Resource-Policy", "same-origin");
  header.set("Cross-Origin-Opener-Policy", "same-origin");
  if (header.find("Content-Security-Policy") == header.end()) {
    header.set("Content-Security-Policy", kContentSecurityPolicy);
  }
}

}  // namespace checkerlab::coordinator
