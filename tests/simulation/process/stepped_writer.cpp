#include "tests/simulation/process/stepped_writer.hpp"

#include <algorithm>
#include <utility>

namespace checkerlab::simulation {

SteppedWriter::SteppedWriter(SQLite::Database database, std::filesystem::path file, WriterFaults faults)
    : Writer(std::move(database), std::move(file), WithoutThread{}), faults_(faults) {}

void SteppedWriter::submit(Change change, Done done, coordinator::WriteOptions options) {
  if (abandoned_) return;
  if (faults_.acknowledges_first && done) done(nullptr);
  queue_.push_back({std::move(change), faults_.acknowledges_first ? Done() : std::move(done), nullptr, options.series});
}

void SteppedWriter::flush() {
  while (acknowledge() || commit_some(static_cast<std::size_t>(-1))) {
  }
}

bool SteppedWriter::commit_some(std::size_t most) {
  if (queue_.empty() || !committed_.empty()) return false;
  const auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), most));
  std::vector<Item> batch(std::make_move_iterator(queue_.begin()), std::make_move_iterator(queue_.begin() + count));
  queue_.erase(queue_.begin(), queue_.begin() + count);
  leave_some_out(batch);
  commit(batch);
  committed_ = std::move(batch);
  return true;
}

void SteppedWriter::leave_some_out(std::vector<Item>& batch) {
  if (faults_.forgets_one_of == 0) return;
  for (Item& item : batch) {
    if (++changes_ % faults_.forgets_one_of == 0) item.change = [](SQLite::Database&) {};
  }
}

bool SteppedWriter::acknowledge() {
  if (committed_.empty()) return false;
  const std::vector<Item> items = std::exchange(committed_, {});
  for (const Item& item : items) {
    if (item.done) item.done(faults_.hides_errors ? nullptr : item.error);
  }
  return true;
}

void SteppedWriter::abandon() {
  abandoned_ = true;
  queue_.clear();
  committed_.clear();
}

}  // namespace checkerlab::simulation
