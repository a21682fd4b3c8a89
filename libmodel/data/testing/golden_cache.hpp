// For tests: the token cache of tests/data/golden_token_cache.
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace checkerlab::model {

inline const std::filesystem::path kGoldenCache = std::filesystem::path(CHECKERLAB_TEST_DATA) / "golden_token_cache";

inline nlohmann::json golden_cache_json() {
  std::ifstream file(kGoldenCache / "expected.json");
  return nlohmann::json::parse(file);
}

}  // namespace checkerlab::model
