#include "tests/simulation/schedule/operation.hpp"

#include <sstream>

#include "base/error.hpp"

namespace checkerlab::simulation {
namespace {

constexpr std::array<std::string_view, kActs> kNames{
    "submit", "cancel",     "extend",  "rerun",      "pause",        "resume",      "reorder",    "cordon",  "connect",
    "cut",    "vanish",     "replace", "deliver_to", "deliver_from", "work",        "heartbeat",  "chatter", "repeat",
    "lie",    "tick",       "stall",   "jump",       "commit",       "acknowledge", "post",       "settle",  "round",
    "crash",  "crash_soon", "start",   "shutdown",   "fail_soon",    "fill",        "free_space", "drain",   "inspect"};

Act act_from(const std::string& name, const std::string& line) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Act>(i);
  }
  throw Error(ErrorCode::invalid_data, "no operation of a schedule: '" + line + "'");
}

}  // namespace

std::string_view to_string(Act act) {
  return kNames.at(static_cast<std::size_t>(act));
}

std::string print(const Operation& operation) {
  std::string line(to_string(operation.act));
  for (const std::uint32_t number : operation.numbers)
    line += " " + std::to_string(number);
  return line;
}

std::string print(const Schedule& schedule) {
  std::string text = "seed " + std::to_string(schedule.seed) + (schedule.empty_disk ? " empty_disk\n" : "\n");
  for (const Operation& operation : schedule.operations)
    text += print(operation) + "\n";
  return text;
}

Schedule parse_schedule(std::string_view text) {
  Schedule schedule;
  std::istringstream lines{std::string(text)};
  std::string line;
  std::string word;
  std::getline(lines, line);
  std::istringstream head(line);
  if (!(head >> word >> schedule.seed) || word != "seed")
    throw Error(ErrorCode::invalid_data, "a schedule begins with 'seed NUMBER', not with '" + line + "'");
  schedule.empty_disk = (head >> word) && word == "empty_disk";
  while (std::getline(lines, line)) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    words >> word;
    Operation operation{act_from(word, line), {}};
    for (std::uint32_t& number : operation.numbers) {
      if (!(words >> number)) throw Error(ErrorCode::invalid_data, "an operation has three numbers: '" + line + "'");
    }
    schedule.operations.push_back(operation);
  }
  return schedule;
}

}  // namespace checkerlab::simulation
