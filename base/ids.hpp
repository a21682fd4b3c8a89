// Typed identifiers: a job's key cannot be passed where a study's id is meant.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace checkerlab {

template <typename Tag>
class StringId {
 public:
  StringId() = default;
  explicit StringId(std::string value) : value_(std::move(value)) {}

  const std::string& str() const { return value_; }
  bool empty() const { return value_.empty(); }

  friend bool operator==(const StringId&, const StringId&) = default;
  friend auto operator<=>(const StringId&, const StringId&) = default;

 private:
  std::string value_;
};

using JobKey = StringId<struct JobKeyTag>;        // 64 hex digits, see canonical_json.hpp
using StudyId = StringId<struct StudyIdTag>;      // random, made by the coordinator
using WorkerId = StringId<struct WorkerIdTag>;    // made by the coordinator for each connection
using Sha256Hex = StringId<struct Sha256HexTag>;  // the name of an artifact

// The number of a try at a job, from 1. A result is accepted only with the number of the present try (the fence).
enum class AttemptNumber : std::uint32_t {};

constexpr std::uint32_t value_of(AttemptNumber number) {
  return static_cast<std::uint32_t>(number);
}

}  // namespace checkerlab

template <typename Tag>
struct std::hash<checkerlab::StringId<Tag>> {
  std::size_t operator()(const checkerlab::StringId<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};
