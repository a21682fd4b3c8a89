#include "cli/client/token.hpp"

#include "base/error.hpp"
#include "base/files.hpp"

namespace checkerlab::cli {

std::string read_token(const std::filesystem::path& file) {
  constexpr const char* kSpace = " \t\r\n";
  const std::string text = SystemFiles().read(file);
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string::npos) {
    throw Error(ErrorCode::unauthorized, "the token file " + file.string() + " is empty",
                "Remove it and start the coordinator again: it writes a new one.");
  }
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace checkerlab::cli
