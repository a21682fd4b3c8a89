#include "libmodel/data/brace_path.hpp"

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

constexpr std::uint64_t kMostShards = 100'000;

constexpr std::uint64_t kNoNumber = ~std::uint64_t{0};

std::uint64_t number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return digits.empty() || error != std::errc() || end != digits.data() + digits.size() ? kNoNumber : value;
}

}  // namespace

std::vector<std::filesystem::path> expand_brace(const std::filesystem::path& path) {
  const auto name = path.filename().string();
  const auto open = name.find('{');
  if (open == std::string::npos) return {};
  const auto close = name.find('}', open);
  const auto range = close == std::string::npos ? "" : name.substr(open + 1, close - open - 1);
  const auto dots = range.find("..");
  const auto first = dots == std::string::npos ? kNoNumber : number(range.substr(0, dots));
  const auto last = dots == std::string::npos ? kNoNumber : number(range.substr(dots + 2));
  const bool archive = name.ends_with(".tar") || name.ends_with(".tar.gz") || name.ends_with(".tgz");
  if (first == kNoNumber || last == kNoNumber || last < first || last - first >= kMostShards || !archive) {
    throw Error(ErrorCode::invalid_argument, "the shards " + path.string() + " cannot be told from that path",
                "Write one range of numbers, for example NAME-{000000..000146}.tar.");
  }
  std::vector<std::filesystem::path> paths;
  for (auto i = first; i <= last; ++i) {
    auto digits = std::to_string(i);
    if (digits.size() < dots) digits.insert(0, dots - digits.size(), '0');
    paths.push_back(path.parent_path() / (name.substr(0, open) + digits + name.substr(close + 1)));
  }
  return paths;
}

}  // namespace checkerlab::model
