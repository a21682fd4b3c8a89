#include "tests/simulation/disk/disk.hpp"

#include <algorithm>

#include "tests/simulation/random.hpp"

namespace checkerlab::simulation {
namespace {

constexpr std::size_t kAll = static_cast<std::size_t>(-1);

// How a power loss treats what was not synced. Each crash tears in one size, and keeps much, little or half.
struct Tear {
  std::size_t piece;
  std::uint32_t kept_of_four;
};

Tear tear_of(Random& random) {
  constexpr std::array<std::size_t, 3> kPieces{64, 512, 4096};
  constexpr std::array<std::uint32_t, 4> kKept{0, 2, 3, 4};
  const std::size_t piece = kPieces.at(random.pick(3));
  return {piece, kKept.at(random.pick(4))};
}

void copy_range(const std::string& from, const Range& range, std::string& to) {
  const std::size_t end = std::min(range.end, from.size());
  if (range.begin >= end) return;
  if (to.size() < end) to.resize(end, '\0');
  std::copy(from.begin() + static_cast<std::ptrdiff_t>(range.begin), from.begin() + static_cast<std::ptrdiff_t>(end),
            to.begin() + static_cast<std::ptrdiff_t>(range.begin));
}

}  // namespace

Disk::Disk(std::map<std::string, std::string> contents) {
  for (auto& [name, bytes] : contents) {
    auto file = std::make_shared<DiskFile>();
    file->now = bytes;
    file->durable = std::move(bytes);
    file->exists_durably = true;
    files_[name] = std::move(file);
  }
}

void Disk::die_after(std::uint32_t operations, Death death, std::uint64_t seed) {
  death_is_set_ = true;
  until_death_ = operations;
  death_ = death;
  death_seed_ = seed;
}

void Disk::die(Death death, std::uint64_t seed) {
  if (dead_) return;
  dead_ = true;
  death_ = death;
  for (const auto& [name, file] : files_) {
    if (death == Death::process) {
      if (file->exists) survivors_[name] = file->now;
      continue;
    }
    Random random(seed ^ std::hash<std::string>{}(name));
    // A name that was made or removed without a sync of its folder may or may not be there.
    const bool there = file->exists == file->exists_durably ? file->exists : random.one_in(2);
    if (there) survivors_[name] = after_power_loss(*file, random.next());
  }
}

std::string Disk::after_power_loss(const DiskFile& file, std::uint64_t seed) {
  Random random(seed);
  const Tear tear = tear_of(random);
  std::string bytes = file.durable;
  if (file.now.size() < bytes.size() && random.one_in(2)) bytes.resize(file.now.size());
  for (const Range& range : file.unsynced) {
    for (std::size_t at = range.begin; at < range.end;) {
      const std::size_t end = std::min(range.end, (at / tear.piece + 1) * tear.piece);
      // The same piece, written twice, has one fate.
      Random fate(seed + at / tear.piece);
      if (fate.pick(4) < tear.kept_of_four) {
        copy_range(file.now, {at, end}, bytes);
        ++tally_.kept_pieces;
      } else {
        ++tally_.lost_pieces;
      }
      at = end;
    }
  }
  return bytes;
}

void Disk::fail_after(std::uint32_t operations, std::uint32_t count, bool reads) {
  until_failure_ = operations;
  failures_ = count;
  reads_fail_ = reads;
}

void Disk::leave_free(std::size_t bytes) {
  free_ = bytes;
}

void Disk::heal() {
  death_is_set_ = false;
  failures_ = 0;
  free_ = kAll;
}

std::map<std::string, std::string> Disk::survivors() const {
  return survivors_;
}

std::map<std::string, std::string> Disk::contents() const {
  std::map<std::string, std::string> contents;
  for (const auto& [name, file] : files_) {
    if (file->exists) contents[name] = file->now;
  }
  return contents;
}

std::shared_ptr<DiskFile> Disk::open(const std::string& name) {
  auto& file = files_[name];
  if (!file) file = std::make_shared<DiskFile>();
  file->exists = true;
  return file;
}

std::shared_ptr<DiskFile> Disk::find(const std::string& name) const {
  const auto found = files_.find(name);
  return found == files_.end() || !found->second->exists ? nullptr : found->second;
}

DiskAnswer Disk::begin_operation() {
  if (held_ && !dead_) return DiskAnswer::ok;
  if (!dead_ && death_is_set_ && until_death_-- == 0) die(death_, death_seed_);
  if (dead_) return DiskAnswer::io_error;
  if (failures_ == 0) return DiskAnswer::ok;
  if (until_failure_ > 0) {
    --until_failure_;
    return DiskAnswer::ok;
  }
  --failures_;
  ++tally_.errors;
  return DiskAnswer::io_error;
}

DiskAnswer Disk::read() {
  if (dead_) return DiskAnswer::io_error;
  if (!reads_fail_ || failures_ == 0) return DiskAnswer::ok;
  return begin_operation();
}

DiskAnswer Disk::write(DiskFile& file, std::size_t offset, std::string_view bytes) {
  if (const DiskAnswer answer = begin_operation(); answer != DiskAnswer::ok) return answer;
  const std::size_t end = offset + bytes.size();
  const std::size_t growth = end > file.now.size() ? end - file.now.size() : 0;
  if (growth > free_) {
    ++tally_.full;
    return DiskAnswer::full;
  }
  if (free_ != kAll) free_ -= growth;
  const std::size_t begin = std::min(offset, file.now.size());  // a gap is written with zeros
  if (growth > 0) file.now.resize(end, '\0');
  std::copy(bytes.begin(), bytes.end(), file.now.begin() + static_cast<std::ptrdiff_t>(offset));
  if (!file.unsynced.empty() && file.unsynced.back().end == begin) {
    file.unsynced.back().end = end;
  } else {
    file.unsynced.push_back({begin, end});
  }
  ++tally_.writes;
  return DiskAnswer::ok;
}

DiskAnswer Disk::sync(DiskFile& file) {
  if (const DiskAnswer answer = begin_operation(); answer != DiskAnswer::ok) return answer;
  ++tally_.syncs;
  if (ignores_syncs_) return DiskAnswer::ok;
  if (file.durable.size() > file.now.size()) file.durable.resize(file.now.size());
  for (const Range& range : file.unsynced)
    copy_range(file.now, range, file.durable);
  file.unsynced.clear();
  if (!file.exists_durably) sync_names();
  return DiskAnswer::ok;
}

// SQLite's VFS for Unix syncs the folder with the first sync of a journal that it made.
void Disk::sync_names() {
  for (const auto& [name, file] : files_)
    file->exists_durably = file->exists;
}

DiskAnswer Disk::truncate(DiskFile& file, std::size_t size) {
  if (const DiskAnswer answer = begin_operation(); answer != DiskAnswer::ok) return answer;
  file.now.resize(size, '\0');
  for (Range& range : file.unsynced)
    range.end = std::min(range.end, std::max(size, range.begin));
  return DiskAnswer::ok;
}

DiskAnswer Disk::remove(const std::string& name, bool durably) {
  if (const DiskAnswer answer = begin_operation(); answer != DiskAnswer::ok) return answer;
  const auto found = files_.find(name);
  if (found == files_.end()) return DiskAnswer::ok;
  DiskFile& file = *found->second;
  file.exists = false;
  if (durably) file.exists_durably = false;
  file.now.clear();
  file.unsynced.clear();
  return DiskAnswer::ok;
}

}  // namespace checkerlab::simulation
