// The coordinator's speed on this machine, as a table. `./dev bench coordinator` runs it on the release build.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "bench/coordinator/measures.hpp"
#include "bench/coordinator/table.hpp"

int main(int argc, char** argv) {
  using namespace checkerlab::bench;
  const std::vector<std::pair<std::string, void (*)(const Setting&)>> measures{
      {"throughput", measure_throughput}, {"hyperqueue", measure_hyperqueue}, {"latency", measure_latency},
      {"queue", measure_queue},           {"fleet", measure_fleet},           {"viewers", measure_viewers}};
  Setting setting;
  std::vector<std::string> chosen;
  CLI::App app{"Measures a coordinator with real processes on this machine."};
  app.add_option("BIN", setting.bin, "The folder of the programs")->required()->check(CLI::ExistingDirectory);
  std::vector<std::string> names;
  for (const auto& [name, measure] : measures)
    names.push_back(name);
  app.add_option("--only", chosen, "What to measure; all of it unless given")->check(CLI::IsMember(names));
  app.add_option("--runs", setting.runs, "How often each")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--scale", setting.scale, "Times the number of jobs")->check(CLI::Range(0.001, 10.0));
  app.add_option("--hyperqueue", setting.hyperqueue_python, "A Python that has HyperQueue's wheel")
      ->check(CLI::ExistingFile);
  app.add_option("--hyperqueue-script", setting.hyperqueue_script, "bench/coordinator/hyperqueue_rate.py")
      ->check(CLI::ExistingFile);
  CLI11_PARSE(app, argc, argv);
  try {
    print_heading();
    for (const auto& [name, measure] : measures) {
      if (chosen.empty() || std::ranges::find(chosen, name) != chosen.end()) measure(setting);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "coordinator_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
