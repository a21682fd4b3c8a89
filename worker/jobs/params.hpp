// Checked access to a job's params. Every failure is Error(invalid_argument) that names kind and param, what stands
// there and what may. A view: the spec must outlive it. Not thread-safe.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace checkerlab::worker {

class Params {
 public:
  using Json = nlohmann::json;

  // Throws when the spec has no params object.
  explicit Params(const Json& spec);

  // Whether a param that may be left out was given.
  bool has(const std::string& name) const { return params_->contains(name); }
  std::int64_t integer(const std::string& name, std::int64_t least, std::int64_t most);
  double number(const std::string& name, double least, double most);
  bool flag(const std::string& name);
  std::string text(const std::string& name);
  std::string one_of(const std::string& name, const std::vector<std::string>& choices);
  // Not empty; every entry in the range.
  std::vector<std::int64_t> integers(const std::string& name, std::int64_t least, std::int64_t most);
  std::vector<std::string> texts(const std::string& name, const std::vector<std::string>& choices);
  // A list of anything.
  const Json& list(const std::string& name);

  // Throws when there is a param that was not asked for: a spec that means more than this worker understands.
  void expect_no_more() const;

  [[noreturn]] void refuse(const std::string& name, const std::string& complaint) const;

 private:
  const Json& at(const std::string& name);

  std::string kind_;
  const Json* params_;
  std::set<std::string> asked_;
};

inline constexpr std::int64_t kMostSteps = 100'000'000;
inline constexpr std::int64_t kMostBatch = 1'000'000;
inline constexpr std::int64_t kMostSeed = 9'007'199'254'740'991;  // 2^53 - 1: exact in every JSON reader

}  // namespace checkerlab::worker
