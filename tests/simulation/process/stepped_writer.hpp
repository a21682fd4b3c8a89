// The store's writer without its thread: commits and acknowledges when told, so that a crash may fall in between.
// For one thread.
#pragma once

#include <deque>
#include <vector>

#include "coordinator/store/writer.hpp"

namespace checkerlab::simulation {

// Bugs to plant; none in an honest run.
struct WriterFaults {
  bool acknowledges_first = false;   // says done before it commits
  bool hides_errors = false;         // says done although it failed
  std::uint32_t forgets_one_of = 0;  // leaves out every n-th change, and says done
};

class SteppedWriter final : public coordinator::Writer {
 public:
  SteppedWriter(SQLite::Database database, std::filesystem::path file, WriterFaults faults);

  void submit(Change change, Done done, coordinator::WriteOptions options) override;
  // Commits and acknowledges until nothing waits.
  void flush() override;

  // Commits up to `most` of those who wait, in one transaction; nothing while others wait for their acknowledgement.
  bool commit_some(std::size_t most);
  // Says what became of those committed last.
  bool acknowledge();
  // Forgets all that waits, as the end of a process does.
  void abandon();
  bool idle() const { return queue_.empty() && committed_.empty(); }

 private:
  void leave_some_out(std::vector<Item>& batch);

  WriterFaults faults_;
  std::uint32_t changes_ = 0;
  std::deque<Item> queue_;
  std::vector<Item> committed_;
  bool abandoned_ = false;
};

}  // namespace checkerlab::simulation
