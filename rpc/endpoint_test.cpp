#include "rpc/endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "base/error.hpp"
#include "base/files.hpp"

namespace checkerlab::rpc {
namespace {

using testing::HasSubstr;

// Sets a variable for the length of a test.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Variable() { ::unsetenv(name_); }

 private:
  const char* name_;
};

class EndpointFiles : public testing::Test {
 protected:
  void SetUp() override {
    ::unsetenv("CHECKERLAB_URL");
    ::unsetenv("CHECKERLAB_TOKEN");
  }
  void write(const std::string& name, const std::string& text) { std::ofstream(folder_.path() / name) << text; }
  const TemporaryFolder folder_;
};

TEST(ParseEndpoint, TakesUrlsAndAuthorities) {
  EXPECT_EQ(parse_endpoint("http://127.0.0.1:8765/").url(), "http://127.0.0.1:8765");
  EXPECT_EQ(parse_endpoint("lab.example").url(), "http://lab.example:8765");
  EXPECT_EQ(parse_endpoint("[::1]:80").url(), "http://[::1]:80");
  EXPECT_EQ(parse_endpoint("[::1]").host, "::1");
  EXPECT_TRUE(parse_endpoint("https://lab.example:443").tls);
  EXPECT_EQ(parse_endpoint("https://lab.example:443").url(), "https://lab.example:443");
  EXPECT_FALSE(parse_endpoint("http://lab.example").tls);
}

TEST(ParseEndpoint, RefusesWhatItCannotReach) {
  for (const auto* url : {"ftp://a:1", "https://", "http://", "http://a:0", "http://a:65536", "http://a:x",
                          "http://a:", "http://a/b", "u@a", "[::1", "[::1]x", "http://a:1?x"}) {
    EXPECT_THROW(parse_endpoint(url), Error) << url;
  }
}

TEST_F(EndpointFiles, NothingRuns) {
  EXPECT_FALSE(find_endpoint(folder_.path()).has_value());
  try {
    discover_endpoint(folder_.path());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_THAT(error.fix(), HasSubstr("checkerlab-coordinator --data"));
  }
}

TEST_F(EndpointFiles, FindsTheLocalCoordinator) {
  write("coordinator.json", R"({"url":"http://127.0.0.1:4321","pid":)" + std::to_string(::getpid()) + "}");
  write("token", "abc\n");
  const auto endpoint = discover_endpoint(folder_.path());
  EXPECT_EQ(endpoint.url(), "http://127.0.0.1:4321");
  EXPECT_EQ(endpoint.token, "abc");
}

TEST_F(EndpointFiles, AFileOfADeadProcessIsNoCoordinator) {
  write("coordinator.json", R"({"url":"http://127.0.0.1:4321","pid":4194304999})");
  EXPECT_FALSE(find_endpoint(folder_.path()).has_value());
}

TEST_F(EndpointFiles, ADamagedFileIsAnError) {
  write("coordinator.json", R"({"url":7,"pid":1})");
  try {
    find_endpoint(folder_.path());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr(".url: expected text"));
  }
}

TEST_F(EndpointFiles, TheEnvironmentWins) {
  write("token", "abc");
  const Variable url("CHECKERLAB_URL", "http://other:1");
  EXPECT_EQ(discover_endpoint(folder_.path()).token, "abc");
  const Variable token("CHECKERLAB_TOKEN", "xyz");
  EXPECT_EQ(discover_endpoint(folder_.path()).token, "xyz");
  EXPECT_EQ(discover_endpoint(folder_.path()).host, "other");
}

}  // namespace
}  // namespace checkerlab::rpc
