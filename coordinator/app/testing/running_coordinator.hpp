// A whole coordinator inside the test's process: real sockets on a free port, a real database in a fresh folder.
#pragma once

#include <memory>
#include <thread>

#include "base/files.hpp"
#include "coordinator/app/application.hpp"
#include "rpc/http_client.hpp"

namespace checkerlab::coordinator {

class RunningCoordinator {
 public:
  // `files` stands between the artifacts and the disk; the system's own when null.
  explicit RunningCoordinator(Files* files = nullptr);
  ~RunningCoordinator();

  rpc::Endpoint endpoint() const;
  rpc::HttpClient client() const { return rpc::HttpClient(endpoint()); }
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
  const SystemClock clock_;
  std::unique_ptr<DataDirectory> directory_;
  std::unique_ptr<Application> application_;
  std::jthread thread_;
};

}  // namespace checkerlab::coordinator
