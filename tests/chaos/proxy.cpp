#include "tests/chaos/proxy.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace checkerlab::chaos {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

// One connection: two sockets, and what flows between them.
class Proxy::Pair : public std::enable_shared_from_this<Pair> {
 public:
  Pair(Proxy& proxy, Tcp::socket client) : proxy_(proxy), client_(std::move(client)), server_(proxy.context_) {}

  void start() {
    boost::system::error_code error;
    server_.connect({asio::ip::address_v4::loopback(), proxy_.target_}, error);
    if (error) return close();
    for (Tcp::socket* socket : {&client_, &server_})
      socket->set_option(Tcp::no_delay(true));
    flow(client_, server_, upwards_);
    flow(server_, client_, downwards_);
  }

  void close() {
    boost::system::error_code ignored;
    // Nothing is said in good order: the rest of what was under way is thrown away.
    for (Tcp::socket* socket : {&client_, &server_}) {
      socket->set_option(asio::socket_base::linger(true, 0), ignored);
      socket->close(ignored);
    }
  }

  void garble() { upwards_.garbles = downwards_.garbles = true; }

 private:
  struct Direction {
    explicit Direction(asio::io_context& context) : timer(context) {}
    std::array<char, 16 * 1024> bytes{};
    asio::steady_timer timer;
    bool garbles = false;
  };

  void flow(Tcp::socket& from, Tcp::socket& to, Direction& direction) {
    from.async_read_some(asio::buffer(direction.bytes),
                         [this, self = shared_from_this(), &from, &to, &direction](auto error, std::size_t count) {
                           if (error) return close();
                           if (std::exchange(direction.garbles, false)) spoil(direction, count);
                           direction.timer.expires_after(proxy_.delay_.load());
                           direction.timer.async_wait([this, self, &from, &to, &direction, count](auto stopped) {
                             if (!stopped) pass(from, to, direction, count);
                           });
                         });
  }

  void pass(Tcp::socket& from, Tcp::socket& to, Direction& direction, std::size_t count) {
    asio::async_write(to, asio::buffer(direction.bytes.data(), count),
                      [this, self = shared_from_this(), &from, &to, &direction](auto error, std::size_t) {
                        if (error) return close();
                        flow(from, to, direction);
                      });
  }

  // Bytes that are no UTF-8, whatever they are masked with.
  static void spoil(Direction& direction, std::size_t count) {
    constexpr std::size_t kNoise = 64;
    const std::size_t begin = count / 2;
    for (std::size_t i = begin; i < std::min(count, begin + kNoise); ++i)
      direction.bytes.at(i) = static_cast<char>(0xC0 + i * 37 % 61);
  }

  Proxy& proxy_;
  Tcp::socket client_;
  Tcp::socket server_;
  Direction upwards_{proxy_.context_};
  Direction downwards_{proxy_.context_};
};

Proxy::Proxy(std::uint16_t target)
    : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}),
      port_(acceptor_.local_endpoint().port()),
      target_(target) {
  accept();
  thread_ = std::jthread([this] { context_.run(); });
}

Proxy::~Proxy() {
  context_.stop();
}

void Proxy::accept() {
  acceptor_.async_accept([this](auto error, Tcp::socket client) {
    if (error) return;
    ++connections_;
    const auto pair = std::make_shared<Pair>(*this, std::move(client));
    std::erase_if(pairs_, [](const auto& old) { return old.expired(); });
    pairs_.push_back(pair);
    pair->start();
    accept();
  });
}

void Proxy::cut_all() {
  asio::post(context_, [this] {
    for (const auto& pair : pairs_) {
      if (const auto there = pair.lock()) there->close();
    }
  });
}

void Proxy::garble_all() {
  asio::post(context_, [this] {
    for (const auto& pair : pairs_) {
      if (const auto there = pair.lock()) there->garble();
    }
  });
}

}  // namespace checkerlab::chaos
