// The live picture of a study as lines of text. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/progress/study_view.hpp"

namespace checkerlab::cli {

struct BlockOptions {
  std::size_t width = 100;      // columns; no line is wider
  bool colour = false;          // ANSI colours, which take no columns
  double elapsed_seconds = -1;  // shown when not negative
};

// A headline, then a line a stage: kind, bar, done/total, rate, time left, what it is doing.
std::vector<std::string> render_block(const StudyView& study, const BlockOptions& options);

// "███████▌░░" with eighths of a cell; `share` within 0…1.
std::string render_bar(double share, std::size_t cells);

// "3.2/s", "12/min", "5/h"; empty for nothing and for zero.
std::string rate_text(std::optional<double> per_second);

// The rate of a stage of several jobs; of a single job it says nothing.
std::string rate_text(const StageView& stage);

// "train tokenizer" for "train_tokenizer".
std::string stage_name(std::string kind);

}  // namespace checkerlab::cli
