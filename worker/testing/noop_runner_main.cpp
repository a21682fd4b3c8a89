// A runner that knows noop alone, for tests of the agent.
#include <memory>

#include "worker/runner/noop.hpp"
#include "worker/runner/runner.hpp"

int main() {
  checkerlab::worker::JobRegistry registry;
  registry.add(std::make_unique<checkerlab::worker::NoopJob>());
  checkerlab::worker::run_runner(registry);
}
