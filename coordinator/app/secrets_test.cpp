// No secret is written where others may read it: not into logs, whatever their level, and not into the database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <sstream>

#include "base/logging.hpp"
#include "coordinator/app/testing/fake_worker.hpp"
#include "coordinator/app/testing/running_coordinator.hpp"
#include "rpc/http_connection.hpp"

namespace checkerlab::coordinator {
namespace {

using rpc::Method;

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

// Everything is logged into a file while this lives.
class LoggedHere {
 public:
  LoggedHere() : before_(spdlog::default_logger()) {
    setup_logging({.level = "trace", .to_stderr = false, .json_file = file()});
  }
  ~LoggedHere() { spdlog::set_default_logger(before_); }
  std::filesystem::path file() const { return folder_.path() / "log.jsonl"; }

 private:
  const TemporaryFolder folder_;
  std::shared_ptr<spdlog::logger> before_;
};

// Uses every kind of secret, rightly and wrongly; gives them by name.
std::map<std::string, std::string> use_secrets(RunningCoordinator& coordinator) {
  std::map<std::string, std::string> secrets{{"the owner's token", coordinator.endpoint().token},
                                             {"a reader's token", coordinator.issue("read")},
                                             {"a worker's token", coordinator.issue("worker")}};
  const auto link = coordinator.client().post("/api/v1/sign_in_links").at("url").get<std::string>();
  secrets["the code of a link"] = link.substr(link.find("code=") + 5);
  rpc::HttpClient visitor(coordinator.endpoint_with(""));
  const auto target = link.substr(coordinator.endpoint().url().size());
  const auto cookie = visitor.request(Method::kGet, target).headers.at("set-cookie");
  const auto session = cookie.substr(0, cookie.find(';'));
  secrets["the signature of a session"] = session.substr(session.rfind('.') + 1);
  visitor.request(Method::kGet, target);
  rpc::HttpClient reader(coordinator.endpoint_with(secrets.at("a reader's token")));
  reader.request(Method::kPost, "/api/v1/noop_studies", R"({"name":"n","count":1})");
  reader.request(Method::kPost, "/api/v1/query", R"({"sql":"select nonsense"})");
  FakeWorker worker(coordinator.endpoint_with(secrets.at("a worker's token")));
  worker.send_raw({{"v", 99}, {"type", "hello"}});
  worker.wait_for_close();
  const auto tokens = coordinator.client().get("/api/v1/tokens").at("items");
  coordinator.client().post("/api/v1/tokens/" + tokens.at(0).at("id").get<std::string>() + "/revoke");
  return secrets;
}

TEST(Secrets, StandInNoLogAndNoDatabase) {
  const LoggedHere logged;
  RunningCoordinator coordinator;
  const auto secrets = use_secrets(coordinator);
  coordinator.stop();
  spdlog::default_logger()->flush();
  EXPECT_GT(bytes_of(logged.file()).size(), 100u);
  std::vector<std::filesystem::path> files{logged.file()};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(coordinator.data())) {
    if (entry.is_regular_file() && entry.path().filename() != "token") files.push_back(entry.path());
  }
  EXPECT_GE(files.size(), 2u);
  for (const auto& file : files) {
    const auto bytes = bytes_of(file);
    for (const auto& [name, secret] : secrets) {
      EXPECT_GE(secret.size(), 16u) << name;
      EXPECT_EQ(bytes.find(secret), std::string::npos) << name << " stands in " << file;
    }
  }
}

}  // namespace
}  // namespace checkerlab::coordinator
