#include "coordinator/app/application.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <csignal>

#include "coordinator/api/routes.hpp"
#include "coordinator/auth/token_file.hpp"
#include "coordinator/http/server.hpp"
#include "rpc/endpoint.hpp"

namespace checkerlab::coordinator {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t kPoolThreads = 4;
constexpr auto kTick = 250ms;
constexpr auto kGrace = 600ms;  // for answers under way, once everything is on disk or not

std::set<std::string> host_names(const Options& options) {
  std::set<std::string> names(options.host_names.begin(), options.host_names.end());
  names.insert(options.host);
  return names;
}

}  // namespace

class Application::Impl {
 public:
  Impl(const Options& options, const DataDirectory& directory, const Clock& clock, Files& files,
       std::span<const EmbeddedFile> page)
      : directory_(directory),
        files_(files),
        token_(load_or_create_token(files, rpc::token_file_path(directory.path()))),
        store_(directory.database()),
        artifacts_(directory.artifacts(), files),
        coordinator_(
            store_, clock, [this](std::function<void()> work) { asio::post(context_, std::move(work)); },
            [this](const std::string& sha256) { return artifacts_.exists(sha256); },
            [this](const ServerEvent& event) { events_.publish(event); },
            {.lease = options.lease, .heartbeat = options.heartbeat}),
        reads_(store_, clock),
        authenticator_(token_, clock),
        origins_(host_names(options)),
        api_{.coordinator = coordinator_,
             .store = store_,
             .reads = reads_,
             .artifacts = artifacts_,
             .events = events_,
             .authenticator = authenticator_,
             .counters = counters_,
             .pool = pool_,
             .clock = clock,
             .page = page,
             .started_at = clock.utc(),
             .stopping = stopping_.get_token()},
        router_(all_routes(api_)),
        server_(context_, options.host, options.port,
                {.router = router_, .authenticator = authenticator_, .origins = origins_, .counters = counters_}),
        url_(rpc::Endpoint{.host = options.host, .port = server_.port(), .token = {}}.url()) {
    coordinator_.load();
    server_.start();
    files_.write_atomic(file_path(), Json{{"url", url_}, {"pid", ::getpid()}}.dump() + "\n", 0600);
    spdlog::info("coordinator listens on {} (data in {})", url_, directory.path().string());
  }

  // Connections end here at the latest: they use parts that are destroyed before the io_context is.
  ~Impl() {
    stopping_.request_stop();
    files_.remove(file_path());
    server_.stop_accepting();
    server_.close_all();
    pool_.join();
    context_.restart();
    context_.run_for(100ms);
  }

  void run(bool signals) {
    if (signals) {
      signals_.add(SIGINT);
      signals_.add(SIGTERM);
      signals_.async_wait([this](boost::system::error_code error, int) {
        if (!error) shut_down();
      });
    }
    tick();
    context_.run();
    spdlog::info("coordinator stopped");
  }

  void stop() {
    asio::post(context_, [this] { shut_down(); });
  }

  const std::string& url() const { return url_; }
  const std::string& token() const { return token_; }

 private:
  std::filesystem::path file_path() const { return rpc::coordinator_file_path(directory_.path()); }

  void tick() {
    ticker_.expires_after(kTick);
    ticker_.async_wait([this](boost::system::error_code error) {
      if (error || stopping_.stop_requested()) return;
      coordinator_.tick();
      tick();
    });
  }

  // New requests are refused, changes under way reach the disk and are answered, then every connection ends.
  void shut_down() {
    if (!stopping_.request_stop()) return;
    spdlog::info("coordinator stops");
    files_.remove(file_path());
    ticker_.cancel();
    server_.stop_accepting();
    deadline_.expires_after(kGrace);
    deadline_.async_wait([this](boost::system::error_code error) {
      if (!error) context_.stop();
    });
    coordinator_.shutdown([this] { asio::post(context_, [this] { close_connections(); }); });
  }

  void close_connections() {
    server_.close_all();
    deadline_.expires_after(50ms);
    deadline_.async_wait([this](boost::system::error_code error) {
      if (!error) context_.stop();
    });
  }

  const DataDirectory& directory_;
  Files& files_;
  std::stop_source stopping_;
  const std::string token_;
  asio::io_context context_{1};
  asio::thread_pool pool_{kPoolThreads};
  asio::signal_set signals_{context_};
  asio::steady_timer ticker_{context_};
  asio::steady_timer deadline_{context_};
  Store store_;
  ArtifactStore artifacts_;
  EventHub events_;
  Coordinator coordinator_;
  ReadModels reads_;
  Authenticator authenticator_;
  OriginRules origins_;
  RequestCounters counters_;
  ApiContext api_;
  Router router_;
  Server server_;
  const std::string url_;
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
std::string Application::url() const {
  return impl_->url();
}
const std::string& Application::token() const {
  return impl_->token();
}

}  // namespace checkerlab::coordinator
