// What a trace is made of, from files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "libmodel/trace/trace.hpp"

namespace checkerlab::model {

struct TraceFiles {
  std::filesystem::path checkpoint;                // released or our own
  std::optional<std::filesystem::path> config;     // of a released checkpoint; else config.yaml beside it
  std::optional<std::filesystem::path> tokenizer;  // where the checkpoint holds none, or instead of its own
  bool ema = false;                                // the averaged weights are the model
};

struct LoadedSubject {
  TraceSubject subject;
  std::vector<std::string> notes;
};

// Throws Error naming the file: see read_released_checkpoint; not_found where averaged weights are asked for and there
// are none.
LoadedSubject load_trace_subject(const TraceFiles& files);

}  // namespace checkerlab::model
