#include "rpc/testing/scripted_server.hpp"

#include <boost/asio.hpp>

namespace checkerlab::rpc {

namespace asio = boost::asio;
using asio::ip::tcp;

ScriptedServer::ScriptedServer(std::vector<Script> scripts)
    : acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()),
      thread_([this, scripts = std::move(scripts)] {
        for (const auto& script : scripts)
          play(script);
      }) {}

ScriptedServer::~ScriptedServer() = default;

void ScriptedServer::play(const Script& script) {
  tcp::socket socket = acceptor_.accept();
  boost::system::error_code error;
  std::string head;
  asio::read_until(socket, asio::dynamic_buffer(head), "\r\n\r\n", error);
  {
    const std::lock_guard guard(mutex_);
    requests_.push_back(head);
  }
  changed_.notify_all();
  asio::write(socket, asio::buffer(script.answer), error);
  char byte = 0;
  while (script.hold_open && !error)
    socket.read_some(asio::buffer(&byte, 1), error);
}

std::vector<std::string> ScriptedServer::requests() const {
  const std::lock_guard guard(mutex_);
  return requests_;
}

void ScriptedServer::wait_for_requests(std::size_t count) const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return requests_.size() >= count; });
}

}  // namespace checkerlab::rpc
