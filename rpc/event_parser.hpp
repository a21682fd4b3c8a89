// Cuts a text/event-stream into events, however the bytes arrive (WHATWG HTML, section 9.2.6). Pure; not thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "rpc/http_client.hpp"

namespace checkerlab::rpc {

class EventParser {
 public:
  // Takes the next bytes and calls `emit` for every event they complete; stops and answers false when `emit` does.
  bool feed(std::string_view bytes, const std::function<bool(const ServerEvent&)>& emit);

 private:
  bool take_line(std::string_view line, const std::function<bool(const ServerEvent&)>& emit);

  std::string pending_;  // an unfinished line
  std::string last_id_;  // ids stay until another is set
  ServerEvent event_;
};

}  // namespace checkerlab::rpc
