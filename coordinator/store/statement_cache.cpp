#include "coordinator/store/statement_cache.hpp"

namespace checkerlab::coordinator {
namespace {

thread_local StatementCache* current = nullptr;

}  // namespace

StatementCache::Scope::Scope(StatementCache& cache) : outer_(current) {
  current = &cache;
}

StatementCache::Scope::~Scope() {
  current = outer_;
}

StatementCache::Kept* StatementCache::find(std::string_view sql) {
  const auto known = kept_.find(sql);
  if (known != kept_.end()) return known->second->in_use ? nullptr : known->second.get();
  if (kept_.size() >= kMost) return nullptr;
  std::string text(sql);
  auto made = std::make_unique<Kept>(Kept{SQLite::Statement(database_, text)});
  return kept_.emplace(std::move(text), std::move(made)).first->second.get();
}

PreparedStatement::PreparedStatement(SQLite::Database& database, std::string_view sql) {
  if (current != nullptr && &current->database_ == &database) kept_ = current->find(sql);
  if (kept_ != nullptr) {
    kept_->in_use = true;
  } else {
    own_ = std::make_unique<SQLite::Statement>(database, std::string(sql));
  }
}

PreparedStatement::~PreparedStatement() {
  if (kept_ == nullptr) return;
  kept_->statement.tryReset();
  kept_->statement.clearBindings();
  kept_->in_use = false;
}

}  // namespace checkerlab::coordinator
