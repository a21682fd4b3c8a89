#include "coordinator/app/application.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>

#include "coordinator/app/parts.hpp"
#include "rpc/endpoint.hpp"

namespace checkerlab::coordinator {
namespace {

using boost::system::error_code;
using namespace std::chrono_literals;

constexpr auto kTick = 250ms;
constexpr auto kGrace = 600ms;     // for changes under way to reach the disk and be answered
constexpr auto kLastBytes = 50ms;  // for closed connections to end

}  // namespace

class Application::Impl {
 public:
  Impl(const Options& options, const DataDirectory& directory, const Clock& clock, Files& files,
       std::span<const EmbeddedFile> page)
      : parts_(options, directory, clock, files, page),
        files_(files),
        file_(rpc::coordinator_file_path(directory.path())) {
    parts_.server.start();
    Json where{{"url", parts_.url}, {"pid", ::getpid()}};
    if (!options.tls_certificate.empty())
      where["certificate"] = std::filesystem::absolute(options.tls_certificate).string();
    files_.write_atomic(file_, where.dump() + "\n", 0600);
    spdlog::info("coordinator listens on {} (data in {})", parts_.url, directory.path().string());
  }

  ~Impl() { files_.remove(file_); }

  const Parts& parts() const { return parts_; }

  void run(bool signals) {
    if (signals) {
      signals_.add(SIGINT);
      signals_.add(SIGTERM);
      signals_.async_wait([this](error_code error, int) {
        if (!error) shut_down();
      });
    }
    tick();
    parts_.context.run();
    spdlog::info("coordinator stopped");
  }

  void stop() {
    boost::asio::post(parts_.context, [this] { shut_down(); });
  }

 private:
  void tick() {
    ticker_.expires_after(kTick);
    ticker_.async_wait([this](error_code error) {
      if (error || parts_.stopping.stop_requested()) return;
      parts_.coordinator.tick();
      parts_.tokens.tick();
      parts_.audit.tick();
      tick();
    });
  }

  // New requests are refused, changes under way reach the disk and are answered, then every connection ends.
  void shut_down() {
    if (!parts_.stopping.request_stop()) return;
    spdlog::info("coordinator stops");
    files_.remove(file_);
    ticker_.cancel();
    parts_.server.stop_accepting();
    end_after(kGrace);
    // The answer may come after the grace, when this object is being destroyed.
    parts_.coordinator.shutdown([this, alive = std::weak_ptr(alive_)] {
      boost::asio::post(parts_.context, [this, alive] {
        if (alive.expired()) return;
        parts_.server.close_all();
        end_after(kLastBytes);
      });
    });
  }

  // Replaces the deadline before.
  void end_after(std::chrono::milliseconds limit) {
    deadline_.expires_after(limit);
    deadline_.async_wait([this](error_code error) {
      if (!error) parts_.context.stop();
    });
  }

  Parts parts_;
  Files& files_;
  const std::filesystem::path file_;
  boost::asio::signal_set signals_{parts_.context};
  boost::asio::steady_timer ticker_{parts_.context};
  boost::asio::steady_timer deadline_{parts_.context};
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // destroyed first
};

Application::Application(const Options& options, const DataDirectory& directory, const Clock& clock, Files& files,
                         std::span<const EmbeddedFile> page) {
  require_safe_bind(options);
  impl_ = std::make_unique<Impl>(options, directory, clock, files, page);
}
Application::~Application() = default;

void Application::run(bool signals) {
  impl_->run(signals);
}
void Application::stop() {
  impl_->stop();
}
const std::string& Application::url() const {
  return impl_->parts().url;
}
const std::string& Application::token() const {
  return impl_->parts().token;
}

}  // namespace checkerlab::coordinator
