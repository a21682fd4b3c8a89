#include "libmodel/trace/subject.hpp"

#include "base/error.hpp"
#include "libmodel/checkpoint/released/load_any.hpp"
#include "libmodel/checkpoint/released/own_checkpoint.hpp"
#include "libmodel/checkpoint/released/released_checkpoint.hpp"
#include "libmodel/checkpoint/released/released_model.hpp"

namespace checkerlab::model {
namespace {

ReleasedCheckpoint read(const TraceFiles& files) {
  if (is_own_model(files.checkpoint)) return read_own_checkpoint(files.checkpoint);
  return read_released_checkpoint(files.checkpoint, {.config = files.config});
}

}  // namespace

LoadedSubject load_trace_subject(const TraceFiles& files) {
  ReleasedCheckpoint checkpoint = read(files);
  if (files.ema && !checkpoint.ema)
    throw Error(ErrorCode::not_found, files.checkpoint.string() + " holds no averaged weights", "Leave out --ema");
  require_finite(files.ema ? *checkpoint.ema : checkpoint.model, files.checkpoint.string());
  LoadedSubject loaded{.subject = {.model = files.ema ? *checkpoint.ema : checkpoint.model,
                                   .average = checkpoint.ema,
                                   .head_pull = checkpoint.config.head_weight_pull},
                       .notes = checkpoint.notes};
  if (checkpoint.tokenizer) loaded.subject.tokenizer = checkpoint.tokenizer->tokenizer;
  if (files.tokenizer) loaded.subject.tokenizer = load_any_tokenizer(*files.tokenizer);
  if (!checkpoint.optimizer) return loaded;
  for (const auto& [name, moments] : checkpoint.optimizer->moments) {
    loaded.subject.moments[name] = {moments.average, moments.square, moments.steps};
  }
  return loaded;
}

}  // namespace checkerlab::model
