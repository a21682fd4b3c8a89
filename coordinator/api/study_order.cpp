#include "coordinator/api/study_order.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"

namespace checkerlab::coordinator {

std::int64_t deadline_of(const std::string& text, const std::string& path) {
  try {
    return parse_rfc3339(text).time_since_epoch().count();
  } catch (const Error&) {
    rpc::refuse_field(path, "'" + text + "' is no time; write it in UTC as 2027-01-31T12:00:00Z");
  }
}

OrderChange order_of(const nlohmann::json& json, const rpc::Fields& body) {
  constexpr int kMost = 100;
  OrderChange change;
  if (body.has("priority")) change.priority = static_cast<int>(body.integer("priority", -kMost, kMost));
  if (!json.contains("deadline")) return change;
  change.deadline.emplace();
  if (body.has("deadline")) *change.deadline = deadline_of(body.text("deadline"), body.path_of("deadline"));
  return change;
}

}  // namespace checkerlab::coordinator
