// Watches a coordinator as the page does, by the stream of events and by its documents, and holds every word against
// the database's file: what is shown is never ahead of what is on disk.
//
// Two threads of its own until finish(). The coordinator may die, the network may break and come back meanwhile.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "rpc/http_client.hpp"
#include "tests/chaos/page_view.hpp"

namespace checkerlab::chaos {

class Watcher {
 public:
  // `endpoint` is the coordinator's or a proxy's.
  Watcher(rpc::Endpoint endpoint, std::filesystem::path database);
  ~Watcher();

  // Nothing changes any more: waits until the stream has told of the end of `studies` studies, stops, and compares what
  // both views show with the database. Gives everything that was not true, at most a dozen.
  std::vector<std::string> finish(std::size_t studies);

  std::uint64_t events() const { return events_; }
  std::uint64_t documents() const { return documents_; }

 private:
  void follow(const std::stop_token& stop);
  void poll(const std::stop_token& stop);
  void take(const rpc::ServerEvent& event, SQLite::Database& database);
  void poll_once(rpc::HttpClient& client, SQLite::Database& database);
  void hold_against(SQLite::Database& database, const Json& study);
  void compare(const PageView& view, const char* whose);
  void report(const std::string& what);

  const rpc::Endpoint endpoint_;
  const std::filesystem::path file_;
  std::mutex mutex_;  // guards lies_ and ended_
  std::condition_variable_any changed_;
  std::vector<std::string> lies_;
  std::size_t ended_ = 0;  // studies that the stream has shown to have succeeded
  std::atomic<std::uint64_t> events_ = 0;
  std::atomic<std::uint64_t> documents_ = 0;
  std::uint64_t last_event_ = 0;
  PageView told_;   // by events
  PageView asked_;  // by documents
  std::jthread follower_;
  std::jthread poller_;
};

}  // namespace checkerlab::chaos
