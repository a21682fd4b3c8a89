// simulation_soak: seeds for as long as one likes; a failing one is replayed, shortened and printed.
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "base/error.hpp"
#include "tests/simulation/sweep.hpp"

namespace checkerlab::simulation {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  simulation_soak --minutes 60\n"
    "  simulation_soak --seed 4711                    # one run, with its trace\n"
    "  simulation_soak --schedule found.txt           # a schedule as this program prints it\n"
    "  simulation_soak --plant loses_the_cancel       # finds a planted bug\n\n"
    "Exit codes: 0 every promise was kept, 1 wrong usage, 2 a promise was broken.";

struct Options {
  double minutes = 1;
  std::uint64_t seeds = 0;
  std::uint64_t from = 1;
  std::optional<std::uint64_t> seed;
  std::string schedule;
  std::string plant;
  unsigned threads = std::thread::hardware_concurrency();
  bool list_plants = false;
  bool as_found = false;
};

void add_options(CLI::App& app, Options& options) {
  app.footer(kFooter);
  app.add_option("--minutes", options.minutes, "How long new seeds are begun")->capture_default_str();
  app.add_option("--seeds", options.seeds, "How many seeds at most; 0 means no limit")->capture_default_str();
  app.add_option("--from", options.from, "The first seed")->capture_default_str();
  app.add_option("--threads", options.threads, "Runs at once")->capture_default_str();
  app.add_option("--seed", options.seed, "Run this seed alone and print its trace");
  app.add_option("--schedule", options.schedule, "Run the schedule in this file and print its trace")
      ->check(CLI::ExistingFile);
  app.add_flag("--as-found", options.as_found, "Print a failing schedule as it is, without shortening it");
  app.add_option("--plant", options.plant, "Plant this bug");
  app.add_flag("--list-plants", options.list_plants, "Name the bugs that can be planted");
}

void print_trace(const RunReport& report) {
  for (const std::string& line : report.trace)
    std::cout << line << '\n';
  std::cout << "hash " << std::hex << report.hash << std::dec << '\n';
}

int show(const Schedule& schedule, const Plant& plant, bool as_found) {
  RunReport report = run(schedule, plant, true);
  if (report.problem.empty()) {
    print_trace(report);
    std::cout << "every promise was kept\n";
    return 0;
  }
  Shortest shortest{schedule, std::move(report)};
  if (!as_found) shortest = shorten(schedule, plant);
  print_trace(shortest.report);
  std::cout << "\nproblem: " << shortest.report.problem << "\nshortest schedule found ("
            << shortest.schedule.operations.size() << " operations; save it for --schedule):\n"
            << print(shortest.schedule);
  return 2;
}

std::string read_file(const std::string& name) {
  std::ifstream file(name);
  return {std::istreambuf_iterator<char>(file), {}};
}

int soak(const Options& options, const Plant& plant) {
  const auto time = std::chrono::seconds(static_cast<std::int64_t>(options.minutes * 60));
  const SweepReport report = sweep({options.from, options.seeds, time, options.threads}, plant,
                                   [](std::uint64_t seeds) { std::cerr << '\r' << seeds << " seeds" << std::flush; });
  std::cerr << '\r';
  std::cout << report.seeds << " seeds from " << options.from << " in " << report.seconds << " s\n";
  for (const auto& [what, often] : report.tally)
    std::cout << "  " << what << ": " << often << '\n';
  if (!report.failure) return 0;
  std::cout << "seed " << report.failure->seed << " fails: " << report.failure->problem << "\n\n";
  return show(make_schedule(report.failure->seed), plant, options.as_found);
}

int run_program(const Options& options) {
  if (options.list_plants) {
    for (const Plant& plant : all_plants())
      std::cout << plant.name << '\n';
    return 0;
  }
  const Plant plant = options.plant.empty() ? Plant{} : find_plant(options.plant);
  if (!options.schedule.empty()) return show(parse_schedule(read_file(options.schedule)), plant, true);
  if (options.seed) return show(make_schedule(*options.seed), plant, options.as_found);
  return soak(options, plant);
}

}  // namespace
}  // namespace checkerlab::simulation

int main(int argc, char** argv) {
  using namespace checkerlab;
  spdlog::set_level(spdlog::level::off);
  CLI::App app("Runs the coordinator's core and store in a simulated world in which everything breaks.");
  app.name("simulation_soak");
  simulation::Options options;
  simulation::add_options(app, options);
  try {
    app.parse(argc, argv);
    return simulation::run_program(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  } catch (const Error& error) {
    std::cerr << "error: " << error.full_text() << '\n';
    return 1;
  }
}
