// A disk in memory that forgets like a real one: what was not synced may be lost or torn when the power goes.
//
// Files hold what the process sees (`now`) and what surely survives (`durable`). Writes, syncs, truncations and
// removals are counted, so that a crash can be set between any two of them. Everything is decided by numbers that are
// given: equal calls make equal disks. For one thread; files are used through vfs.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace checkerlab::simulation {

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

inline constexpr int kSharedLocks = 8;  // slots of SQLite's WAL index

struct DiskFile {
  std::string now;
  std::string durable;
  std::vector<Range> unsynced;  // of `now`
  bool exists = true;
  bool exists_durably = false;  // its name was synced

  // Shared by the connections of one process, never on disk.
  int shared_locks = 0;
  bool reserved = false;
  bool pending = false;
  bool exclusive = false;
  std::vector<std::unique_ptr<std::array<char, 32 * 1024>>> index_regions;
  std::array<int, kSharedLocks> index_shared{};
  std::array<bool, kSharedLocks> index_exclusive{};
};

enum class Death : std::uint8_t {
  process,  // kill -9: what was written stays
  power     // what was not synced is kept, lost or torn, sector by sector
};

// What SQLite is told about an operation.
enum class DiskAnswer : std::uint8_t { ok, io_error, full };

class Disk {
 public:
  // Another process's view of the same place: nobody holds a lock, everything is durable.
  Disk() = default;
  explicit Disk(std::map<std::string, std::string> contents);
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  // ---- faults ----
  // Dies before the operation that comes after `operations` more; then every operation fails.
  void die_after(std::uint32_t operations, Death death, std::uint64_t seed);
  // Dies now.
  void die(Death death, std::uint64_t seed);
  bool dead() const { return dead_; }
  Death death() const { return death_; }
  // `count` operations fail, after `operations` more that do not; reads too when `reads`.
  void fail_after(std::uint32_t operations, std::uint32_t count, bool reads);
  // Files may grow by this many bytes more.
  void leave_free(std::size_t bytes);
  // No fault is left: space for all, nothing fails, nobody dies.
  void heal();
  // Faults wait while someone looks who is no part of the play.
  void hold_faults(bool held) { held_ = held; }
  // For planted bugs: syncs do nothing.
  void ignore_syncs() { ignores_syncs_ = true; }

  // After death: the contents that the next process finds.
  std::map<std::string, std::string> survivors() const;
  // The contents as the process sees them.
  std::map<std::string, std::string> contents() const;

  struct Tally {
    std::uint64_t writes = 0;
    std::uint64_t syncs = 0;
    std::uint64_t lost_pieces = 0;  // at the death
    std::uint64_t kept_pieces = 0;
    std::uint64_t errors = 0;
    std::uint64_t full = 0;
  };
  const Tally& tally() const { return tally_; }

  // ---- what the VFS calls ----
  std::shared_ptr<DiskFile> open(const std::string& name);  // made when missing
  std::shared_ptr<DiskFile> find(const std::string& name) const;
  DiskAnswer read();
  DiskAnswer write(DiskFile& file, std::size_t offset, std::string_view bytes);
  DiskAnswer sync(DiskFile& file);
  DiskAnswer truncate(DiskFile& file, std::size_t size);
  DiskAnswer remove(const std::string& name, bool durably);

 private:
  DiskAnswer begin_operation();
  void sync_names();
  std::string after_power_loss(const DiskFile& file, std::uint64_t seed);

  std::map<std::string, std::shared_ptr<DiskFile>> files_;
  std::map<std::string, std::string> survivors_;
  Tally tally_;
  bool dead_ = false;
  bool held_ = false;
  bool ignores_syncs_ = false;
  bool death_is_set_ = false;
  std::uint32_t until_death_ = 0;
  Death death_ = Death::process;
  std::uint64_t death_seed_ = 0;
  std::uint32_t until_failure_ = 0;
  std::uint32_t failures_ = 0;
  bool reads_fail_ = false;
  std::size_t free_ = static_cast<std::size_t>(-1);
};

}  // namespace checkerlab::simulation
