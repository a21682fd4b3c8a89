#include "coordinator/store/commit_mark.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "base/error.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::size_t kDigits = 8;           // hexadecimal, then a line feed
constexpr std::uint32_t kMost = 0x7fffffff;  // user_version has a sign; after this the count begins anew

std::filesystem::path mark_of(const std::filesystem::path& file) {
  return file.string() + ".mark";
}

// Nothing when the file holds no number, whatever else.
std::optional<std::uint32_t> read_number(int descriptor) {
  std::array<char, kDigits + 1> text{};
  if (::pread(descriptor, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) return std::nullopt;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + kDigits, number, 16);
  if (error != std::errc{} || end != text.data() + kDigits || text.back() != '\n' || number > kMost)
    return std::nullopt;
  return number;
}

void check(const std::filesystem::path& file, std::uint32_t database, std::uint32_t mark) {
  const std::uint32_t lost = (mark - database) & kMost;
  // Halfway round, it is the database that is ahead: the mark was not synced.
  if (lost == 0 || lost > kMost / 2) return;
  throw Error(
      ErrorCode::invalid_data,
      "the database " + file.string() + " lacks the last " + std::to_string(lost) +
          " commits, which were confirmed: its files were copied while a coordinator ran, or the disk lost them",
      "Restore a backup (checkerlab-coordinator restore). To go on with what is left, remove " +
          mark_of(file).string() + ".");
}

}  // namespace

CommitMark::CommitMark(const std::filesystem::path& file, SQLite::Database& database) {
  number_ = static_cast<std::uint32_t>(database.execAndGet("PRAGMA user_version").getInt()) & kMost;
  descriptor_ = ::open(mark_of(file).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor_ < 0) {
    spdlog::warn("{} cannot be written: lost commits would not be noticed", mark_of(file).string());
    return;
  }
  const auto mark = read_number(descriptor_);
  try {
    if (mark) check(file, number_, *mark);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

CommitMark::~CommitMark() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void CommitMark::count(SQLite::Database& database) const {
  database.exec("PRAGMA user_version = " + std::to_string((number_ + 1) & kMost));
}

void CommitMark::confirm() {
  number_ = (number_ + 1) & kMost;
  std::array<char, kDigits + 1> text{};
  text.fill('0');
  text.back() = '\n';
  std::array<char, kDigits> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number_, 16).ptr;
  std::copy(digits.data(), end, text.data() + kDigits - (end - digits.data()));
  // A mark that stays behind does no harm: a full disk is the commit's to report.
  [[maybe_unused]] const auto written = ::pwrite(descriptor_, text.data(), text.size(), 0);
}

void CommitMark::forget(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::remove(mark_of(file), ignored);
}

}  // namespace checkerlab::coordinator
