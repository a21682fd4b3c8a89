#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bench/coordinator/measures.hpp"
#include "bench/coordinator/table.hpp"

namespace checkerlab::bench {
namespace {

std::vector<double> run_wheel(const Setting& setting, int tasks, int cores) {
  const std::string command = fmt::format("'{}' '{}' {} {} {} 2>/dev/null", setting.hyperqueue_python.string(),
                                          setting.hyperqueue_script.string(), tasks, setting.runs, cores);
  const std::unique_ptr<FILE, int (*)(FILE*)> output(::popen(command.c_str(), "r"), ::pclose);
  if (!output) throw std::runtime_error("cannot run " + command);
  std::vector<double> rates;
  std::array<char, 256> line{};
  constexpr std::string_view kRate = "tasks per second: ";
  while (std::fgets(line.data(), static_cast<int>(line.size()), output.get()) != nullptr) {
    const std::string_view text(line.data());
    if (text.starts_with(kRate)) rates.push_back(std::stod(std::string(text.substr(kRate.size()))));
  }
  if (rates.size() != static_cast<std::size_t>(setting.runs)) throw std::runtime_error("HyperQueue failed: " + command);
  return rates;
}

}  // namespace

void measure_hyperqueue(const Setting& setting) {
  if (setting.hyperqueue_python.empty()) return;
  constexpr int kTasks = 10'000;  // at hundreds a second: half a minute
  const int tasks = std::max(200, static_cast<int>(kTasks * setting.scale));
  for (const int cores : {64, 2})
    print_row({fmt::format("HyperQueue 0.27.0: {} empty processes, {} cores declared", tasks, cores), "tasks/s",
               run_wheel(setting, tasks, cores), ""});
}

}  // namespace checkerlab::bench
