#include "coordinator/auth/origin_rules.hpp"

#include <algorithm>
#include <cctype>

namespace checkerlab::coordinator {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

// Without port and brackets.
std::string host_name(std::string_view host) {
  if (host.starts_with('[')) return lower(host.substr(1, host.find(']') - 1));
  return lower(host.substr(0, host.find(':')));
}

}  // namespace

OriginRules::OriginRules(const std::set<std::string>& names) {
  for (const auto& name : names)
    names_.insert(lower(name));
  names_.insert({"localhost", "127.0.0.1", "::1"});
}

bool OriginRules::host_allowed(std::string_view host, std::string_view local_address) const {
  const auto name = host_name(host);
  return !name.empty() && (names_.contains(name) || name == local_address);
}

bool OriginRules::same_origin(std::string_view origin, std::string_view host, bool tls) {
  return !host.empty() && lower(origin) == (tls ? "https://" : "http://") + lower(host);
}

}  // namespace checkerlab::coordinator
