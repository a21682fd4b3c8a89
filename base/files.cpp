#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "base/random_token.hpp"

namespace checkerlab {
namespace fs = std::filesystem;
namespace {

class Descriptor {
 public:
  Descriptor(const fs::path& file, int flags, unsigned mode, const char* verb)
      : file_(file), fd_(::open(file.c_str(), flags | O_CLOEXEC, mode)) {
    if (fd_ < 0) throw errno_error(errno, std::string(verb) + " " + file.string());
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void write_all(std::string_view data) {
    while (!data.empty()) {
      const auto written = ::write(fd_, data.data(), data.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw errno_error(errno, "write " + file_.string());
      data.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() {
    if (::fsync(fd_) != 0) throw errno_error(errno, "sync " + file_.string());
  }

 private:
  fs::path file_;
  int fd_;
};

void sync_folder_of(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  Descriptor(folder, O_RDONLY | O_DIRECTORY, 0, "open").sync();
}

}  // namespace

std::string SystemFiles::read(const fs::path& file) {
  std::error_code ec;
  if (fs::is_directory(file, ec)) throw Error(ErrorCode::io_error, "cannot read " + file.string() + ": it is a folder");
  std::ifstream in(file, std::ios::binary);
  if (!in) throw errno_error(errno, "read " + file.string());
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) throw errno_error(errno, "read " + file.string());
  return std::move(text).str();
}

void SystemFiles::write_atomic(const fs::path& file, std::string_view data, unsigned mode) {
  fs::path temporary = file;
  temporary += ".tmp-" + random_token(8);
  try {
    Descriptor out(temporary, O_WRONLY | O_CREAT | O_EXCL, mode, "create");
    out.write_all(data);
    out.sync();
    commit(temporary, file);
  } catch (...) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
}

void SystemFiles::commit(const fs::path& temporary, const fs::path& file) {
  Descriptor(temporary, O_RDONLY, 0, "open").sync();
  if (::rename(temporary.c_str(), file.c_str()) != 0) throw errno_error(errno, "rename to " + file.string());
  sync_folder_of(file);
}

void SystemFiles::remove(const fs::path& file) {
  std::error_code ec;
  fs::remove(file, ec);
  if (ec) throw errno_error(ec.value(), "remove " + file.string());
}

bool SystemFiles::exists(const fs::path& file) {
  std::error_code ec;
  return fs::exists(file, ec);
}

std::uintmax_t SystemFiles::free_bytes(const fs::path& folder) {
  std::error_code ec;
  const auto space = fs::space(folder, ec);
  if (ec) throw errno_error(ec.value(), "ask for the free space of " + folder.string());
  return space.available;
}

TemporaryFolder::TemporaryFolder(const std::string& prefix)
    : path_(fs::temp_directory_path() / (prefix + "-" + random_token(12))) {
  fs::create_directories(path_);
  fs::permissions(path_, fs::perms::owner_all);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::move(other.path_)) {
  other.path_.clear();
}

}  // namespace checkerlab
