// Prepared statements of one connection, kept from use to use: preparing costs several times what most of them do.
//
// The functions of sql.hpp take the statements of a connection from its cache while a Scope for it is open on their
// thread, and prepare them anew otherwise. A statement that is in use (a query inside the same query) is prepared a
// second time for that. Not thread-safe: a cache moves with its connection. It goes before its connection does.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace checkerlab::coordinator {

class StatementCache {
 public:
  // Texts beyond that many are not kept: they are made up at run time and would have no end.
  static constexpr std::size_t kMost = 512;

  explicit StatementCache(SQLite::Database& database) : database_(database) {}
  StatementCache(const StatementCache&) = delete;
  StatementCache& operator=(const StatementCache&) = delete;

  std::size_t size() const { return kept_.size(); }

  // Makes the cache serve this thread. Scopes nest: the inner one counts.
  class Scope {
   public:
    explicit Scope(StatementCache& cache);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    StatementCache* outer_;
  };

 private:
  friend class PreparedStatement;
  struct Kept {
    SQLite::Statement statement;
    bool in_use = false;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  // Null when it cannot be kept or is in use.
  Kept* find(std::string_view sql);

  SQLite::Database& database_;
  std::unordered_map<std::string, std::unique_ptr<Kept>, Hash, std::equal_to<>> kept_;
};

// A statement ready to be bound: from the cache of the connection, or its own. Afterwards it is reset and what was
// bound to it forgotten.
class PreparedStatement {
 public:
  PreparedStatement(SQLite::Database& database, std::string_view sql);
  ~PreparedStatement();
  PreparedStatement(const PreparedStatement&) = delete;
  PreparedStatement& operator=(const PreparedStatement&) = delete;

  SQLite::Statement& operator*() { return kept_ != nullptr ? kept_->statement : *own_; }
  SQLite::Statement* operator->() { return &**this; }

 private:
  StatementCache::Kept* kept_ = nullptr;
  std::unique_ptr<SQLite::Statement> own_;
};

}  // namespace checkerlab::coordinator
