#include "rpc/event_parser.hpp"

#include <utility>

namespace checkerlab::rpc {

bool EventParser::take_line(std::string_view line, const std::function<bool(const ServerEvent&)>& emit) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) {
    ServerEvent event = std::exchange(event_, {});
    if (event.data.empty()) return true;
    event.data.pop_back();  // the newline behind the last data line
    event.id = last_id_;
    if (event.type.empty()) event.type = "message";
    return emit(event);
  }
  const auto colon = line.find(':');
  const auto field = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") event_.data.append(value).push_back('\n');
  if (field == "event") event_.type = value;
  if (field == "id") last_id_ = value;
  return true;
}

bool EventParser::feed(std::string_view bytes, const std::function<bool(const ServerEvent&)>& emit) {
  while (true) {
    const auto end = bytes.find('\n');
    pending_.append(bytes.substr(0, end));
    if (end == std::string_view::npos) return true;
    bytes.remove_prefix(end + 1);
    const std::string line = std::exchange(pending_, {});
    if (!take_line(line, emit)) return false;
  }
}

}  // namespace checkerlab::rpc
