// One process of the coordinator: the real store and the real core on a simulated disk and clock, driven step by step
// from one thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "coordinator/service/coordinator.hpp"
#include "tests/simulation/disk/disk.hpp"
#include "tests/simulation/plants/plant.hpp"
#include "tests/simulation/process/clock.hpp"
#include "tests/simulation/process/stepped_writer.hpp"

namespace checkerlab::simulation {

inline constexpr const char* kDatabase = "/data/checkerlab.db";

class Server {
 public:
  // Starts on what is on the disk; throws Error as the real start does. Everything given outlives the server.
  Server(Disk& disk, const Clock& clock, const Plant& plant, coordinator::Coordinator::EventSink sink);
  // As a kill: what was not committed is gone, nobody is told.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  coordinator::Coordinator& core() { return *core_; }
  coordinator::Store& store() { return *store_; }
  SteppedWriter& writer() { return *writer_; }

  // Runs one posted callback. False when there was none.
  bool run_posted();
  // Commits, acknowledges and runs callbacks until nothing is left.
  void settle();
  // Nothing waits anywhere: memory and disk have to agree.
  bool quiet() const { return writer_->idle() && posted_.empty() && core_->state() != nullptr; }

 private:
  std::deque<std::function<void()>> posted_;
  SteppedWriter* writer_ = nullptr;  // of the store
  std::unique_ptr<coordinator::Store> store_;
  std::unique_ptr<coordinator::Coordinator> core_;
};

// The files of an empty database of the present schema, made once; a run that does not test the first start begins with
// them.
const std::map<std::string, std::string>& empty_database();

// Whether the artifact's bytes are there, as the store of artifacts would say: all but those of kMissingArtifact.
inline constexpr const char* kMissingArtifact = "dead";

}  // namespace checkerlab::simulation
