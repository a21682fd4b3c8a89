#include "coordinator/auth/tokens.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/random_token.hpp"
#include "base/sha256.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::size_t kTextLength = 52;  // characters of five bits: 260 bits
constexpr std::size_t kIdLength = 10;
constexpr std::int64_t kFlushEvery = 60'000;
constexpr std::size_t kMostText = 100;
constexpr std::chrono::seconds kLongest = std::chrono::hours(24 * 3650);

void check_text(const std::string& what, const std::string& text, bool may_be_empty) {
  const auto printable = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; };
  if (text.size() <= kMostText && (may_be_empty || !text.empty()) && std::all_of(text.begin(), text.end(), printable))
    return;
  throw Error(ErrorCode::invalid_argument, "the " + what + " of a token must have " +
                                               (may_be_empty ? "at most " : "1 to ") + std::to_string(kMostText) +
                                               " bytes without control characters");
}

void check(const NewToken& wanted) {
  check_text("user", wanted.user, false);
  check_text("label", wanted.label, true);
  check_text("worker's name", wanted.worker, true);
  if (wanted.user == kOwner) {
    throw Error(ErrorCode::invalid_argument, "the user 'owner' is the one of the token file", "Choose another name.");
  }
  if (wanted.role == Role::anyone) {
    throw Error(ErrorCode::invalid_argument, "a token needs the role read, submit, worker or admin");
  }
  if (!wanted.worker.empty() && wanted.role != Role::worker) {
    throw Error(ErrorCode::invalid_argument, "only a token of the role worker can be bound to a worker's name");
  }
  if (wanted.lifetime && (*wanted.lifetime < std::chrono::seconds(1) || *wanted.lifetime > kLongest)) {
    throw Error(ErrorCode::invalid_argument, "a token lives from one second to ten years",
                "Leave the lifetime out for one that stays until it is revoked.");
  }
}

}  // namespace

Tokens::Tokens(Store& store, const Clock& clock, Post post)
    : store_(store), clock_(clock), post_(std::move(post)), flushed_at_(now()), looked_at_(now()) {
  for (TokenRow& token : store_.read([](SQLite::Database& database) { return load_tokens(database); })) {
    order_.push_back(token.id);
    by_hash_.emplace(token.sha256, token.id);
    tokens_.emplace(token.id, std::move(token));
  }
}

Tokens::~Tokens() {
  flush_uses();
  store_.flush();
}

bool Tokens::valid(const TokenRow& token) const {
  return !token.revoked_at && (!token.expires_at || now() < *token.expires_at);
}

std::optional<Identity> Tokens::use(TokenRow& token, Credential credential) {
  if (!valid(token)) return std::nullopt;
  token.last_used_at = now();
  used_.insert(token.id);
  return Identity{credential, token.role, token.user, token.id, token.worker};
}

std::optional<Identity> Tokens::identify(std::string_view text) {
  const auto id = by_hash_.find(sha256_hex(text));
  if (id == by_hash_.end()) return std::nullopt;
  return use(tokens_.at(id->second), Credential::bearer_token);
}

std::optional<Identity> Tokens::holder_of(const std::string& id) {
  const auto token = tokens_.find(id);
  if (token == tokens_.end()) return std::nullopt;
  return use(token->second, Credential::session_cookie);
}

std::vector<TokenRow> Tokens::all() const {
  std::vector<TokenRow> list;
  for (const std::string& id : order_)
    list.push_back(tokens_.at(id));
  return list;
}

void Tokens::write(std::function<void(SQLite::Database&)> change, std::function<void(std::exception_ptr)> done) {
  store_.write(std::move(change),
               [post = post_, done = std::move(done), alive = std::weak_ptr(alive_)](std::exception_ptr error) {
                 post([done, alive, error] {
                   if (!alive.expired()) done(error);
                 });
               });
}

void Tokens::issue(NewToken wanted, const std::string& by, Done<IssuedToken> done) {
  check(wanted);
  IssuedToken issued{.text = "ckl_" + random_token(kTextLength), .token = {}};
  issued.token = {.id = random_token(kIdLength),
                  .sha256 = sha256_hex(issued.text),
                  .user = std::move(wanted.user),
                  .role = wanted.role,
                  .label = std::move(wanted.label),
                  .worker = std::move(wanted.worker),
                  .created_at = now(),
                  .created_by = by};
  if (wanted.lifetime) {
    issued.token.expires_at = issued.token.created_at + std::chrono::milliseconds(*wanted.lifetime).count();
  }
  write([token = issued.token](SQLite::Database& database) { insert_token(database, token); },
        [this, issued, done = std::move(done)](std::exception_ptr error) {
          if (!error) {
            order_.push_back(issued.token.id);
            by_hash_.emplace(issued.token.sha256, issued.token.id);
            tokens_.emplace(issued.token.id, issued.token);
          }
          done(error, issued);
        });
}

void Tokens::revoke(const std::string& id, Done<TokenRow> done) {
  const auto token = tokens_.find(id);
  if (token == tokens_.end()) {
    throw Error(ErrorCode::not_found, "there is no token with the id '" + id + "'",
                id == kOwner ? "The owner's token is replaced by deleting its file and starting the coordinator again."
                             : "`checkerlab token list` lists them.");
  }
  const bool first = !token->second.revoked_at;
  if (first) token->second.revoked_at = now();
  if (first && ended_) ended_(id);
  write([id, at = *token->second.revoked_at](SQLite::Database& database) { set_token_revoked(database, id, at); },
        [this, id, done = std::move(done)](std::exception_ptr error) { done(error, tokens_.at(id)); });
}

void Tokens::tick() {
  const auto present = now();
  for (const auto& [id, token] : tokens_) {
    const bool just_expired = token.expires_at && *token.expires_at > looked_at_ && *token.expires_at <= present;
    if (just_expired && !token.revoked_at && ended_) ended_(id);
  }
  looked_at_ = std::max(looked_at_, present);
  if (present - flushed_at_ >= kFlushEvery) flush_uses();
}

void Tokens::flush_uses() {
  flushed_at_ = now();
  for (const std::string& id : std::exchange(used_, {})) {
    store_.write(
        [id, at = *tokens_.at(id).last_used_at](SQLite::Database& database) { set_token_used(database, id, at); },
        [](std::exception_ptr error) {
          if (error) spdlog::warn("a token's last use could not be stored");
        });
  }
}

}  // namespace checkerlab::coordinator
