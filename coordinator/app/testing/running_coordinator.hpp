// A whole coordinator inside the test's process: real sockets on a free port, a real database in a fresh folder.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "base/files.hpp"
#include "coordinator/app/application.hpp"
#include "rpc/http_client.hpp"

namespace checkerlab::coordinator {

class RunningCoordinator {
 public:
  // `files` stands between the artifacts and the disk; the system's own when null. `change` is given the options
  // before every start.
  explicit RunningCoordinator(Files* files = nullptr, std::function<void(Options&)> change = {});
  ~RunningCoordinator();

  rpc::Endpoint endpoint() const;
  rpc::HttpClient client() const { return rpc::HttpClient(endpoint()); }
  // The same with another token.
  rpc::Endpoint endpoint_with(const std::string& token) const;
  // A fresh token of this role; `more` are further fields of the request.
  std::string issue(const std::string& role, const nlohmann::json& more = nlohmann::json::object()) const;
  const std::filesystem::path& data() const { return folder_.path(); }

  // Ends gracefully; nothing happens the second time.
  void stop();
  // Ends gracefully and starts again on the same data.
  void restart();

 private:
  void start();

  const TemporaryFolder folder_;
  SystemFiles system_files_;
  Files& files_;
  const std::function<void(Options&)> change_;
  const SystemClock clock_;
  std::unique_ptr<DataDirectory> directory_;
  std::unique_ptr<Application> application_;
  std::jthread thread_;
};

}  // namespace checkerlab::coordinator
