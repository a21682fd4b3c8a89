#include "cli/run/submission.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

namespace checkerlab::cli {
namespace {

constexpr int kMostPriority = 100;

// Empty when the system does not know the user, as in some containers.
std::string user_name() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) return "";
  return found->pw_name;
}

}  // namespace

CLI::Option* add_deadline_option(CLI::App& command, std::optional<std::string>& deadline) {
  return command
      .add_option(
          "--deadline", deadline,
          "When it should be done, in UTC, such as 2027-01-31T12:00:00Z; in its last day it goes before its equals")
      ->type_name("TIME");
}

void SubmissionOptions::declare(CLI::App& command) {
  command.add_option("--priority", priority, "Larger runs before smaller (default: the definition's, else 0)")
      ->check(CLI::Range(-kMostPriority, kMostPriority))
      ->type_name("N");
  add_deadline_option(command, deadline);
}

nlohmann::json SubmissionOptions::request(const StudySource& source) const {
  nlohmann::json body = source.request();
  if (priority) body["priority"] = *priority;
  if (deadline) body["deadline"] = *deadline;
  if (const std::string owner = user_name(); !owner.empty()) body["owner"] = owner;
  return body;
}

}  // namespace checkerlab::cli
