// Checked access to the fields of a JSON object that came from outside. Every failure is Error(invalid_data) whose
// message names the field by its full path ("assign.jobs[0].key"). A view: the JSON must outlive it. Safe from any
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace checkerlab::rpc {

class Fields {
 public:
  using Json = nlohmann::json;

  // Throws when `json` is no object. `path` is what messages call it.
  Fields(const Json& json, std::string path);

  bool has(std::string_view name) const;  // present and not null
  std::string text(std::string_view name) const;
  std::string text_or(std::string_view name, std::string fallback) const;
  std::int64_t integer(std::string_view name, std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                       std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
  std::uint64_t size(std::string_view name) const;  // an integer >= 0
  double number(std::string_view name) const;
  bool flag(std::string_view name) const;
  bool flag_or(std::string_view name, bool fallback) const;
  std::string sha256(std::string_view name) const;  // 64 lower-case hex digits
  const Json& object(std::string_view name) const;  // an object, not null
  Fields fields(std::string_view name) const;

  // Calls `visit(item, path)` for every element of a list.
  void each(std::string_view name, const std::function<void(const Json&, const std::string&)>& visit) const;

  // Throws when there is a field besides these, so that a misspelt one is not ignored.
  void allow_only(std::initializer_list<std::string_view> names) const;

  const std::string& path() const { return path_; }
  std::string path_of(std::string_view name) const;

 private:
  const Json& at(std::string_view name) const;

  const Json& json_;
  std::string path_;
};

// Parses text as JSON; Error(invalid_data) names `what` and the byte where it stops being JSON.
nlohmann::json parse_json(std::string_view text, std::string_view what);

// Throws Error(invalid_data): "<path>: <complaint>".
[[noreturn]] void refuse_field(const std::string& path, const std::string& complaint);

}  // namespace checkerlab::rpc
