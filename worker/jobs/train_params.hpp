// The params of a train_model job as a training's configuration.
#pragma once

#include "libmodel/training/train_config.hpp"
#include "worker/jobs/params.hpp"

namespace checkerlab::worker {

// All but the codes of the tokenizer (ModelConfig::codes, code_dim). Asks for every param there can be and refuses
// others. Throws Error(invalid_argument) that names the param.
model::TrainConfig read_train_params(Params& params);

}  // namespace checkerlab::worker
