#include "cli/testing/fake_coordinator.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace checkerlab::cli::testing {
namespace {

std::string path_of(const Asked& request) {
  return request.method + " " + request.target.substr(0, request.target.find('?'));
}

void send_all(int socket, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const auto count = ::send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

std::string header(const std::string& head, const std::string& name) {
  const auto start = head.find("\r\n" + name + ": ");
  if (start == std::string::npos) return "";
  const auto value = start + name.size() + 4;
  return head.substr(value, head.find("\r\n", value) - value);
}

// Reads one request; false when the other side closed.
bool read_request(int socket, Asked& request) {
  std::string text;
  char buffer[4096];
  std::size_t wanted = std::string::npos;
  while (text.size() < wanted) {
    const auto count = ::recv(socket, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    text.append(buffer, static_cast<std::size_t>(count));
    const auto end = text.find("\r\n\r\n");
    if (end == std::string::npos || wanted != std::string::npos) continue;
    const std::string length = header(text.substr(0, end + 2), "Content-Length");
    wanted = end + 4 + (length.empty() ? 0 : std::stoul(length));
  }
  const auto end = text.find("\r\n\r\n");
  const std::string head = text.substr(0, end + 2);
  const auto space = head.find(' ');
  request.method = head.substr(0, space);
  request.target = head.substr(space + 1, head.find(' ', space + 1) - space - 1);
  request.authorization = header(head, "Authorization");
  request.body = text.substr(end + 4);
  return true;
}

}  // namespace

FakeCoordinator::FakeCoordinator() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("the fake coordinator cannot listen");
  }
  port_ = ntohs(address.sin_port);
  answer("GET /healthz", {{"status", "ok"}});
  acceptor_ = std::thread([this] { accept_all(); });
}

FakeCoordinator::~FakeCoordinator() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopping_.notify_all();
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (auto& connection : connections_)
    connection.join();
  ::close(listener_);
}

void FakeCoordinator::answer(const std::string& method_and_path, Json body, int status) {
  const std::lock_guard lock(mutex_);
  answers_[method_and_path].push_back({status, body.dump()});
}

void FakeCoordinator::event(const std::string& type, const Json& data) {
  const std::lock_guard lock(mutex_);
  events_.push_back("id: " + std::to_string(events_.size() + 1) + "\nevent: " + type + "\ndata: " + data.dump() +
                    "\n\n");
}

std::vector<Asked> FakeCoordinator::asked(const std::string& method_and_path) const {
  const std::lock_guard lock(mutex_);
  std::vector<Asked> found;
  for (const auto& request : asked_) {
    if (path_of(request) == method_and_path) found.push_back(request);
  }
  return found;
}

void FakeCoordinator::accept_all() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    connections_.emplace_back([this, socket] {
      serve(socket);
      ::close(socket);
    });
  }
}

void FakeCoordinator::serve(int socket) {
  Asked request;
  if (!read_request(socket, request)) return;
  if (path_of(request) == "GET /api/v1/events") {
    stream(socket);
    return;
  }
  const Answer answer = answer_to(request);
  send_all(socket, "HTTP/1.1 " + std::to_string(answer.status) +
                       " Answer\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                       std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body);
}

void FakeCoordinator::stream(int socket) {
  send_all(socket, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
  std::unique_lock lock(mutex_);
  for (const auto& event : events_)
    send_all(socket, event);
  stopping_.wait(lock, [this] { return stop_; });
}

FakeCoordinator::Answer FakeCoordinator::answer_to(const Asked& request) {
  const std::lock_guard lock(mutex_);
  asked_.push_back(request);
  const auto found = answers_.find(path_of(request));
  if (found == answers_.end()) {
    const Json problem{{"type", "urn:checkerlab:problem:not_found"},
                       {"title", "Not found"},
                       {"status", 404},
                       {"detail", "there is no " + request.target},
                       {"fix", "Look at the list."}};
    return {404, problem.dump()};
  }
  const Answer answer = found->second.front();
  if (found->second.size() > 1) found->second.erase(found->second.begin());
  return answer;
}

nlohmann::json study_document(const std::string& state, long long done, long long total) {
  return {{"id", "s1"},
          {"name", "demo"},
          {"title", "A demo"},
          {"state", state},
          {"created_at", "2026-01-01T00:00:00.000Z"},
          {"finished_at", nullptr},
          {"jobs",
           {{"total", total},
            {"blocked", 0},
            {"queued", 0},
            {"running", 0},
            {"succeeded", done},
            {"failed", state == "failed" ? total - done : 0},
            {"cancelled", 0}}},
          {"points", {{"total", 2}, {"done", done > 0 ? 1 : 0}}},
          {"revision", 1},
          {"code", nullptr},
          {"paused", false},
          {"archived_at", nullptr},
          {"notice", nullptr},
          {"priority", 0},
          {"deadline", nullptr},
          {"owner", ""},
          {"stages",
           {{{"kind", "train_model"},
             {"total", total},
             {"done", done},
             {"failed", 0},
             {"running", total > done ? 1 : 0},
             {"rate_per_second", nullptr},
             {"eta_seconds", nullptr}}}}};
}

nlohmann::json forecast_document(long long jobs) {
  const nlohmann::json hours{{"low", 3'600}, {"likely", 7'200}, {"high", 10'800}};
  return {{"jobs", jobs},         {"complete", true},        {"stages", nlohmann::json::array()},
          {"slots", 1},           {"worker_seconds", hours}, {"gpu_seconds", hours},
          {"wall_seconds", hours}};
}

nlohmann::json figure_document(const std::vector<std::string>& ratios) {
  nlohmann::json series = nlohmann::json::array();
  for (const auto& ratio : ratios) {
    nlohmann::json points = nlohmann::json::array();
    for (const int steps : {1, 4}) {
      points.push_back({{"score_key", std::string(64, 'a')},
                        {"ratio", ratio},
                        {"ratio_value", nullptr},
                        {"steps_per_scale", steps},
                        {"total_steps", steps * 5},
                        {"guidance", 0.5},
                        {"seed", 0},
                        {"n", 500},
                        {"fid", 40.0 / steps},
                        {"fid_uncertainty", 0.42},
                        {"inception_score", 2.5 + steps},
                        {"inception_score_uncertainty", 0.05},
                        {"network_sha256", std::string(64, '1')},
                        {"reference_sha256", std::string(64, '2')},
                        {"evaluator_version", "1"},
                        {"code_version", "0.1.0"},
                        {"precision", "fp32"}});
    }
    series.push_back({{"ratio", ratio}, {"label", ratio}, {"points", points}});
  }
  return {{"series", series}};
}

}  // namespace checkerlab::cli::testing
