#include "coordinator/app/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/error.hpp"
#include "coordinator/app/application.hpp"

namespace checkerlab::coordinator {
namespace {

using testing::HasSubstr;

CommandLine parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "checkerlab-coordinator");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

TEST(Options, AreRead) {
  const auto options =
      parse({"--data", "/d", "--listen", "[::1]:0", "--lease", "2", "--heartbeat", "0.5"}).options.value();
  EXPECT_EQ(options.data, "/d");
  EXPECT_EQ(options.host, "::1");
  EXPECT_EQ(options.port, 0);
  EXPECT_EQ(options.lease, std::chrono::seconds(2));
  EXPECT_EQ(options.heartbeat, std::chrono::milliseconds(500));
}

TEST(Options, MistakesEndWithTwo) {
  for (const auto& arguments : std::vector<std::vector<const char*>>{{"--listen", "8765"},
                                                                     {"--listen", "a:99999"},
                                                                     {"--listen", ":1"},
                                                                     {"--lease", "1", "--heartbeat", "1"},
                                                                     {"--tls-cert", "a.pem"},
                                                                     {"--tls-key", "a.key"},
                                                                     {"--max-connections", "0"},
                                                                     {"--token-rate", "-1"},
                                                                     {"--unknown"}}) {
    const auto result = parse(arguments);
    EXPECT_FALSE(result.options.has_value()) << arguments.front();
    EXPECT_EQ(result.exit_code, 2) << arguments.front();
  }
}

TEST(Options, HelpIsNoMistake) {
  EXPECT_EQ(parse({"--help"}).exit_code, 0);
}

TEST(Options, TheNetworkNeedsAnExplicitWord) {
  Options options;
  for (const auto* host : {"127.0.0.1", "127.8.8.8", "::1", "localhost"}) {
    options.host = host;
    EXPECT_NO_THROW(require_safe_bind(options)) << host;
  }
  for (const auto* host : {"0.0.0.0", "::", "10.0.0.5", "lab.example"}) {
    options.host = host;
    EXPECT_THROW(require_safe_bind(options), Error) << host;
  }
  options.allow_plain_http_on_network = true;
  EXPECT_NO_THROW(require_safe_bind(options));
}

TEST(Options, TlsOpensTheNetwork) {
  Options options;
  options.host = "10.0.0.5";
  options.tls_certificate = "a.pem";
  EXPECT_NO_THROW(require_safe_bind(options));
}

TEST(Options, LimitsAreReadAndVoidByAddressOnTheLoopback) {
  auto options = parse({"--listen", "0.0.0.0:1", "--max-connections", "10", "--max-connections-per-address", "3",
                        "--address-rate", "7", "--token-rate", "8", "--header-timeout", "1.5", "--keep-audit", "2"})
                     .options.value();
  EXPECT_EQ(limits_of(options).connections_per_address, 3u);
  EXPECT_EQ(limits_of(options).address_rate, 7);
  EXPECT_EQ(limits_of(options).token_rate, 8);
  EXPECT_EQ(limits_of(options).header, std::chrono::milliseconds(1500));
  EXPECT_EQ(options.keep_audit, std::chrono::hours(48));
  options.host = "127.0.0.1";
  EXPECT_EQ(limits_of(options).connections_per_address, 10u);
  EXPECT_EQ(limits_of(options).address_rate, 0);
}

TEST(Start, ASecondCoordinatorOnTheSameDataIsRefused) {
  const TemporaryFolder folder;
  const DataDirectory first(folder.path());
  try {
    const DataDirectory second(folder.path());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::conflict);
    EXPECT_THAT(error.what(), HasSubstr("process " + std::to_string(::getpid())));
  }
}

TEST(Start, APortInUseIsSaidSo) {
  boost::asio::io_context context;
  const boost::asio::ip::tcp::acceptor taken(context, {boost::asio::ip::address_v4::loopback(), 0});
  const TemporaryFolder folder;
  const DataDirectory directory(folder.path());
  SystemFiles files;
  const SystemClock clock;
  Options options;
  options.data = folder.path();
  options.port = taken.local_endpoint().port();
  try {
    const Application application(options, directory, clock, files, {});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::conflict);
    EXPECT_THAT(error.what(), HasSubstr("port is in use"));
    EXPECT_THAT(error.fix(), HasSubstr("--listen"));
  }
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "coordinator.json"));
}

}  // namespace
}  // namespace checkerlab::coordinator
