// What `checkerlab top` shows, as lines of text. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace checkerlab::cli {

// Documents as the API gives them: lists of studies, workers and running jobs.
struct TopView {
  nlohmann::json studies = nlohmann::json::array();
  nlohmann::json workers = nlohmann::json::array();
  nlohmann::json jobs = nlohmann::json::array();
  std::string now;   // RFC 3339
  std::string note;  // shown at the top, for example that the coordinator does not answer
};

struct ScreenSize {
  std::size_t columns = 100;
  std::size_t lines = 0;  // 0: as many as there is to show
};

// Studies that are not finished (else the latest), workers with how busy they are, running jobs. No line is wider than
// the screen. With fewer lines than needed every part is cut, and says how much is not shown.
std::vector<std::string> render_top(const TopView& view, const ScreenSize& size);

}  // namespace checkerlab::cli
