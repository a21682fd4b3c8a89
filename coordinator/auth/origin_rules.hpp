// Against pages of other sites: a request must be addressed to us by name (DNS rebinding), and one that changes
// something must not come from another origin (cross-site request forgery). Pure after construction.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace checkerlab::coordinator {

class OriginRules {
 public:
  // `names` are accepted in Host beside the loopback's: the configured host and what the operator calls this machine.
  explicit OriginRules(const std::set<std::string>& names);

  // The Host header names us. `local_address` is the numeric address that the connection arrived at.
  bool host_allowed(std::string_view host, std::string_view local_address) const;

  // `origin` (empty when absent) is this very site, as addressed by `host`.
  static bool same_origin(std::string_view origin, std::string_view host, bool tls);

 private:
  std::set<std::string> names_;
};

}  // namespace checkerlab::coordinator
