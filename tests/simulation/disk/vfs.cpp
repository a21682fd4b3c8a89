#include "tests/simulation/disk/vfs.hpp"

#include <sqlite3.h>

#include <cstring>
#include <memory>
#include <mutex>
#include <new>

namespace checkerlab::simulation {
namespace {

thread_local Disk* mounted = nullptr;

// One connection's handle. SQLite owns the bytes; the members are made in open and destroyed in close.
struct Handle {
  sqlite3_file base;
  Disk* disk;
  std::shared_ptr<DiskFile> file;
  bool temporary;  // private to the connection: no faults, nothing to survive
  int lock;
  unsigned index_shared;  // bits of the slots held
  unsigned index_exclusive;
};

Handle& handle_of(sqlite3_file* file) {
  return *reinterpret_cast<Handle*>(file);
}

int as_code(DiskAnswer answer, int io_error) {
  if (answer == DiskAnswer::full) return SQLITE_FULL;
  return answer == DiskAnswer::ok ? SQLITE_OK : io_error;
}

int read(sqlite3_file* base, void* to, int count, sqlite3_int64 offset) {
  Handle& handle = handle_of(base);
  if (!handle.temporary && handle.disk->read() != DiskAnswer::ok) return SQLITE_IOERR_READ;
  const std::string& bytes = handle.file->now;
  const auto begin = static_cast<std::size_t>(offset);
  const auto wanted = static_cast<std::size_t>(count);
  const std::size_t there = begin < bytes.size() ? std::min(wanted, bytes.size() - begin) : 0;
  std::memcpy(to, bytes.data() + std::min(begin, bytes.size()), there);
  if (there == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(to) + there, 0, wanted - there);
  return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* base, const void* from, int count, sqlite3_int64 offset) {
  Handle& handle = handle_of(base);
  const std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(count));
  const auto begin = static_cast<std::size_t>(offset);
  if (!handle.temporary) return as_code(handle.disk->write(*handle.file, begin, bytes), SQLITE_IOERR_WRITE);
  std::string& now = handle.file->now;
  if (now.size() < begin + bytes.size()) now.resize(begin + bytes.size(), '\0');
  now.replace(begin, bytes.size(), bytes);
  return SQLITE_OK;
}

int truncate(sqlite3_file* base, sqlite3_int64 size) {
  Handle& handle = handle_of(base);
  if (!handle.temporary)
    return as_code(handle.disk->truncate(*handle.file, static_cast<std::size_t>(size)), SQLITE_IOERR_TRUNCATE);
  handle.file->now.resize(static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int sync(sqlite3_file* base, int) {
  Handle& handle = handle_of(base);
  return handle.temporary ? SQLITE_OK : as_code(handle.disk->sync(*handle.file), SQLITE_IOERR_FSYNC);
}

int file_size(sqlite3_file* base, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(handle_of(base).file->now.size());
  return SQLITE_OK;
}

// ---- locks of the database file: as SQLite's documentation of its locking states describes them ----

int lock(sqlite3_file* base, int wanted) {
  Handle& handle = handle_of(base);
  DiskFile& file = *handle.file;
  if (handle.lock >= wanted) return SQLITE_OK;
  if (wanted == SQLITE_LOCK_SHARED) {
    if (file.pending || file.exclusive) return SQLITE_BUSY;
    ++file.shared_locks;
  } else if (wanted == SQLITE_LOCK_RESERVED) {
    if (file.reserved) return SQLITE_BUSY;
    file.reserved = true;
  } else {
    if (handle.lock < SQLITE_LOCK_PENDING && file.pending) return SQLITE_BUSY;
    if (handle.lock < SQLITE_LOCK_RESERVED && file.reserved) return SQLITE_BUSY;
    file.reserved = file.pending = true;
    handle.lock = SQLITE_LOCK_PENDING;
    if (file.shared_locks > 1) return SQLITE_BUSY;
    file.exclusive = true;
  }
  handle.lock = wanted;
  return SQLITE_OK;
}

int unlock(sqlite3_file* base, int wanted) {
  Handle& handle = handle_of(base);
  DiskFile& file = *handle.file;
  if (handle.lock <= wanted) return SQLITE_OK;
  if (handle.lock >= SQLITE_LOCK_RESERVED) file.reserved = false;
  if (handle.lock >= SQLITE_LOCK_PENDING) file.pending = file.exclusive = false;
  if (wanted == SQLITE_LOCK_NONE) --file.shared_locks;
  handle.lock = wanted;
  return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* base, int* result) {
  *result = handle_of(base).file->reserved ? 1 : 0;
  return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) {
  return SQLITE_NOTFOUND;
}
int sector_size(sqlite3_file*) {
  return 4096;
}
// As SQLite takes it of every file system on Unix: a write damages nothing beside it.
int device_characteristics(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

// ---- the WAL's index: memory shared by the connections of a process ----

int index_map(sqlite3_file* base, int region, int size, int extend, void volatile** memory) {
  auto& regions = handle_of(base).file->index_regions;
  const auto index = static_cast<std::size_t>(region);
  *memory = nullptr;
  if (index >= regions.size() && extend == 0) return SQLITE_OK;
  while (index >= regions.size())
    regions.push_back(std::make_unique<std::array<char, 32 * 1024>>());
  if (static_cast<std::size_t>(size) > regions[index]->size()) return SQLITE_IOERR_SHMMAP;
  *memory = regions[index]->data();
  return SQLITE_OK;
}

void release_slot(Handle& handle, int slot) {
  const unsigned bit = 1U << slot;
  const auto at = static_cast<std::size_t>(slot);
  if ((handle.index_shared & bit) != 0) --handle.file->index_shared.at(at);
  if ((handle.index_exclusive & bit) != 0) handle.file->index_exclusive.at(at) = false;
  handle.index_shared &= ~bit;
  handle.index_exclusive &= ~bit;
}

bool slot_is_free(const Handle& handle, int slot, bool shared) {
  const unsigned bit = 1U << slot;
  const auto at = static_cast<std::size_t>(slot);
  if (handle.file->index_exclusive.at(at) && (handle.index_exclusive & bit) == 0) return false;
  const int mine = (handle.index_shared & bit) != 0 ? 1 : 0;
  return shared || handle.file->index_shared.at(at) <= mine;
}

int index_lock(sqlite3_file* base, int offset, int count, int flags) {
  Handle& handle = handle_of(base);
  const bool shared = (flags & SQLITE_SHM_SHARED) != 0;
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    for (int slot = offset; slot < offset + count; ++slot)
      release_slot(handle, slot);
    return SQLITE_OK;
  }
  for (int slot = offset; slot < offset + count; ++slot) {
    if (!slot_is_free(handle, slot, shared)) return SQLITE_BUSY;
  }
  for (int slot = offset; slot < offset + count; ++slot) {
    release_slot(handle, slot);
    (shared ? handle.index_shared : handle.index_exclusive) |= 1U << slot;
    if (shared) {
      ++handle.file->index_shared.at(static_cast<std::size_t>(slot));
    } else {
      handle.file->index_exclusive.at(static_cast<std::size_t>(slot)) = true;
    }
  }
  return SQLITE_OK;
}

void index_barrier(sqlite3_file*) {}

int index_unmap(sqlite3_file* base, int remove) {
  Handle& handle = handle_of(base);
  for (int slot = 0; slot < kSharedLocks; ++slot)
    release_slot(handle, slot);
  if (remove != 0) handle.file->index_regions.clear();
  return SQLITE_OK;
}

int close(sqlite3_file* base) {
  Handle& handle = handle_of(base);
  unlock(base, SQLITE_LOCK_NONE);
  index_unmap(base, 0);
  handle.~Handle();
  return SQLITE_OK;
}

const sqlite3_io_methods kMethods{
    .iVersion = 2,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = file_size,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = index_map,
    .xShmLock = index_lock,
    .xShmBarrier = index_barrier,
    .xShmUnmap = index_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

// ---- the VFS ----

int open(sqlite3_vfs*, const char* name, sqlite3_file* base, int flags, int* out_flags) {
  base->pMethods = nullptr;
  if (mounted == nullptr) return SQLITE_CANTOPEN;
  const bool temporary = name == nullptr;
  if (!temporary && mounted->read() != DiskAnswer::ok) return SQLITE_CANTOPEN;
  if (!temporary && (flags & SQLITE_OPEN_CREATE) == 0 && !mounted->find(name)) return SQLITE_CANTOPEN;
  auto file = temporary ? std::make_shared<DiskFile>() : mounted->open(name);
  new (base) Handle{{&kMethods}, mounted, std::move(file), temporary, SQLITE_LOCK_NONE, 0, 0};
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* name, int sync_folder) {
  if (!mounted->find(name)) return SQLITE_IOERR_DELETE_NOENT;
  return as_code(mounted->remove(name, sync_folder != 0), SQLITE_IOERR_DELETE);
}

// As on Unix: a file without bytes is as good as none.
int access(sqlite3_vfs*, const char* name, int, int* result) {
  const auto file = mounted->find(name);
  *result = file && !file->now.empty() ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* path) {
  sqlite3_snprintf(size, path, "%s", name);
  return SQLITE_OK;
}

int randomness(sqlite3_vfs*, int size, char* bytes) {
  for (int i = 0; i < size; ++i)
    bytes[i] = static_cast<char>(i * 73 + 11);
  return size;
}

int sleep(sqlite3_vfs*, int microseconds) {
  return microseconds;
}

int current_time(sqlite3_vfs*, sqlite3_int64* time) {
  constexpr sqlite3_int64 kSomeDay = 212'400'000'000'000;
  *time = kSomeDay;
  return SQLITE_OK;
}

int current_day(sqlite3_vfs* vfs, double* day) {
  sqlite3_int64 time = 0;
  current_time(vfs, &time);
  constexpr double kDay = 86'400'000.0;
  *day = static_cast<double>(time) / kDay;
  return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) {
  return 0;
}

sqlite3_vfs make_vfs() {
  sqlite3_vfs vfs{};
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(Handle);
  vfs.mxPathname = 512;
  vfs.zName = kVfsName;
  vfs.xOpen = open;
  vfs.xDelete = remove;
  vfs.xAccess = access;
  vfs.xFullPathname = full_path;
  vfs.xRandomness = randomness;
  vfs.xSleep = sleep;
  vfs.xCurrentTime = current_day;
  vfs.xGetLastError = last_error;
  vfs.xCurrentTimeInt64 = current_time;
  return vfs;
}

}  // namespace

void register_vfs() {
  static std::once_flag once;
  std::call_once(once, [] {
    static sqlite3_vfs vfs = make_vfs();
    sqlite3_vfs_register(&vfs, 0);
  });
}

void mount(Disk& disk) {
  mounted = &disk;
}

}  // namespace checkerlab::simulation
