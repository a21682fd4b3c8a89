// A coordinator for tests: a real HTTP server on 127.0.0.1 that gives prepared answers and keeps what it was asked.
// Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace checkerlab::cli::testing {

struct Asked {
  std::string method;
  std::string target;  // path and query
  std::string authorization;
  std::string body;
};

class FakeCoordinator {
 public:
  using Json = nlohmann::json;

  FakeCoordinator();
  ~FakeCoordinator();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  // What "GET /path" (without query) answers. Several answers are given one after the other, the last one again and
  // again.
  void answer(const std::string& method_and_path, Json body, int status = 200);

  // Events that every stream under /api/v1/events begins with; the stream then stays open.
  void event(const std::string& type, const Json& data);

  // All requests for "POST /path" (without query) so far.
  std::vector<Asked> asked(const std::string& method_and_path) const;

 private:
  struct Answer {
    int status;
    std::string body;
  };

  void accept_all();
  void serve(int socket);
  void stream(int socket);
  Answer answer_to(const Asked& request);

  int listener_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;
  std::map<std::string, std::vector<Answer>> answers_;
  std::vector<std::string> events_;
  std::vector<Asked> asked_;
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

// A study document with one stage, as the API gives it.
nlohmann::json study_document(const std::string& state, long long done, long long total);

// A forecast of one to three hours, with one slot.
nlohmann::json forecast_document(long long jobs);

// A figure document with the ratios given, two points each.
nlohmann::json figure_document(const std::vector<std::string>& ratios);

}  // namespace checkerlab::cli::testing
