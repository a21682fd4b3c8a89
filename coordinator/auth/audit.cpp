#include "coordinator/auth/audit.hpp"

#include <spdlog/spdlog.h>

#include "coordinator/store/audit_rows.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::size_t kMostSubject = 500;
constexpr std::chrono::hours kForgetEvery{1};

void note(std::exception_ptr error) {
  if (error) spdlog::error("an entry of the audit log could not be stored");
}

}  // namespace

Audit::Audit(Store& store, const Clock& clock, std::chrono::hours keep)
    : store_(store),
      clock_(clock),
      keep_(keep),
      last_(store.read([](SQLite::Database& database) { return last_audit_number(database); })) {}

std::int64_t Audit::begin(const Request& request, const std::string& route) {
  const auto method = boost::beast::http::to_string(request.method);
  AuditRow row{.number = ++last_,
               .time = clock_.utc().time_since_epoch().count(),
               .user = request.identity.user,
               .token = request.identity.token,
               .role = std::string(to_string(request.identity.role)),
               .method = std::string(method.data(), method.size()),
               .route = route,
               .subject = request.path.substr(0, kMostSubject),
               .status = std::nullopt,
               .address = request.address};
  store_.write([row = std::move(row)](SQLite::Database& database) { insert_audit(database, row); }, note,
               {.in_passing = true});
  return last_;
}

void Audit::end(std::int64_t entry, const Request& request, unsigned status, const std::string& named) {
  auto subject = request.path.substr(0, kMostSubject);
  if (!named.empty()) subject += " " + named;
  store_.write([entry, status, subject = std::move(subject)](
                   SQLite::Database& database) { set_audit_outcome(database, entry, status, subject); },
               note, {.in_passing = true});
}

void Audit::refused(const Request& request, const std::string& route, unsigned status) {
  end(begin(request, route), request, status);
}

void Audit::tick() {
  const auto now = clock_.utc();
  if (now < forget_at_) return;
  forget_at_ = now + kForgetEvery;
  store_.write([before = (now - keep_).time_since_epoch().count()](
                   SQLite::Database& database) { forget_audit_before(database, before); },
               note);
}

}  // namespace checkerlab::coordinator
