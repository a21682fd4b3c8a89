#include "coordinator/auth/token_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/random_token.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::size_t kLength = 48;
constexpr std::size_t kLeast = 16;

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

void require_owner_only(const std::filesystem::path& file) {
  using std::filesystem::perms;
  const auto others = std::filesystem::status(file).permissions() & (perms::group_all | perms::others_all);
  if (others == perms::none) return;
  throw Error(ErrorCode::forbidden, "the token file " + file.string() + " can be read by other users",
              "chmod 600 " + file.string() + " (and delete it first if others may have seen it: a new one is made)");
}

std::string create_token(Files& files, const std::filesystem::path& file) {
  std::string token = random_token(kLength);
  files.write_atomic(file, fmt::format("{}\n", token), 0600);
  return token;
}

std::string read_token(Files& files, const std::filesystem::path& file) {
  require_owner_only(file);
  std::string token = files.read(file);
  token.erase(token.find_last_not_of(" \r\n") + 1);
  if (token.size() < kLeast || !std::all_of(token.begin(), token.end(), plain)) {
    throw Error(ErrorCode::invalid_data,
                "the token file " + file.string() + " does not hold a token (at least 16 letters and digits)",
                "Delete it: the coordinator makes a new one.");
  }
  return token;
}

}  // namespace

std::string load_or_create_token(Files& files, const std::filesystem::path& file) {
  return files.exists(file) ? read_token(files, file) : create_token(files, file);
}

}  // namespace checkerlab::coordinator
