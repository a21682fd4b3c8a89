// An answer that is written as it is made: its length is not known beforehand (chunked transfer). A client can tell an
// answer that was cut off from one that ended. Used on the server's thread by one handler.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/http/exchange.hpp"

namespace checkerlab::coordinator {

class ChunkedAnswer {
 public:
  explicit ChunkedAnswer(Exchange& exchange) : exchange_(exchange) {}

  // The head with status 200; after it, an error can only cut the answer off.
  boost::asio::awaitable<void> begin(std::string content_type,
                                     std::vector<std::pair<std::string, std::string>> headers);
  // Waits until the client has taken what came before; nothing for an empty text.
  boost::asio::awaitable<void> write(const std::string& text);
  boost::asio::awaitable<void> end();

 private:
  Exchange& exchange_;
};

}  // namespace checkerlab::coordinator
