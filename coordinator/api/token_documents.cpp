#include "coordinator/api/token_documents.hpp"

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

Json time_json(const std::optional<std::int64_t>& ms) {
  return ms ? Json(time_text(*ms)) : Json(nullptr);
}

}  // namespace

Json token_document(const Tokens& tokens, const TokenRow& token) {
  const char* state = token.revoked_at ? "revoked" : tokens.valid(token) ? "valid" : "expired";
  return {{"id", token.id},
          {"user", token.user},
          {"role", std::string(to_string(token.role))},
          {"label", token.label},
          {"worker", token.worker},
          {"state", state},
          {"created_at", time_text(token.created_at)},
          {"created_by", token.created_by},
          {"expires_at", time_json(token.expires_at)},
          {"revoked_at", time_json(token.revoked_at)},
          {"last_used_at", time_json(token.last_used_at)}};
}

}  // namespace checkerlab::coordinator
