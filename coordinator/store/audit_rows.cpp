#include "coordinator/store/audit_rows.hpp"

#include <limits>

#include "coordinator/store/cursor.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

// So that a cursor of another list is seen to be one.
constexpr std::int64_t kCursorMark = 6;

AuditRow row_of(SQLite::Statement& row) {
  const auto status = row.getColumn(8);
  return {.number = row.getColumn(0).getInt64(),
          .time = row.getColumn(1).getInt64(),
          .user = row.getColumn(2).getString(),
          .token = row.getColumn(3).getString(),
          .role = row.getColumn(4).getString(),
          .method = row.getColumn(5).getString(),
          .route = row.getColumn(6).getString(),
          .subject = row.getColumn(7).getString(),
          .status = status.isNull() ? std::nullopt : std::optional<std::int64_t>(status.getInt64()),
          .address = row.getColumn(9).getString()};
}

Json document_of(const AuditRow& row) {
  return {{"time", time_text(row.time)}, {"user", row.user},
          {"token", row.token},          {"role", row.role},
          {"method", row.method},        {"route", row.route},
          {"subject", row.subject},      {"status", row.status ? Json(*row.status) : Json(nullptr)},
          {"address", row.address}};
}

std::int64_t before_of(const std::string& cursor) {
  if (cursor.empty()) return std::numeric_limits<std::int64_t>::max();
  const auto values = parse_cursor(cursor, 3);
  if (values[0] != kCursorMark || values[1] != kCursorMark) (void)parse_cursor(cursor, 0);  // refuses it
  return values[2];
}

}  // namespace

std::int64_t last_audit_number(SQLite::Database& database) {
  return database.execAndGet("SELECT COALESCE(MAX(number), 0) FROM audit").getInt64();
}

void insert_audit(SQLite::Database& database, const AuditRow& row) {
  execute(database,
          "INSERT INTO audit (number, time, user, token, role, method, route, subject, status, address) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          row.number, row.time, row.user, row.token, row.role, row.method, row.route, row.subject, row.status,
          row.address);
}

void set_audit_outcome(SQLite::Database& database, std::int64_t number, std::int64_t status,
                       const std::string& subject) {
  execute(database, "UPDATE audit SET status = ?, subject = ? WHERE number = ?", status, subject, number);
}

void forget_audit_before(SQLite::Database& database, std::int64_t time) {
  execute(database, "DELETE FROM audit WHERE time < ?", time);
}

Json audit_page(SQLite::Database& database, const std::string& user, const std::string& cursor, std::int64_t limit) {
  check_limit(limit, 1000);
  std::vector<AuditRow> rows;
  for_each_row(
      database,
      "SELECT number, time, user, token, role, method, route, subject, status, address FROM audit "
      "WHERE number < ?1 AND (?2 = '' OR user = ?2) ORDER BY number DESC LIMIT ?3",
      [&](SQLite::Statement& row) { rows.push_back(row_of(row)); }, before_of(cursor), user, limit + 1);
  const auto mark = std::to_string(kCursorMark) + "." + std::to_string(kCursorMark) + ".";
  return make_page(rows, limit, document_of, [&](const AuditRow& row) { return mark + std::to_string(row.number); });
}

}  // namespace checkerlab::coordinator
