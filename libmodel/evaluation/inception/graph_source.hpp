// Weights in TensorFlow's graph of 2015.
#pragma once

#include <memory>
#include <string>

#include "libmodel/checkpoint/graph_def/graph_def.hpp"
#include "libmodel/evaluation/inception/weight_source.hpp"

namespace checkerlab::model {

// SCOPE/conv2d_params [height, width, in, out]; SCOPE/batchnorm/{gamma, beta, moving_mean, moving_variance};
// softmax/weights [2048, 1008], softmax/biases. The node SCOPE/batchnorm tells variance_epsilon, and by
// scale_after_normalization whether gamma is used.
std::unique_ptr<WeightSource> graph_names(std::unique_ptr<GraphDef> graph, std::string where);

}  // namespace checkerlab::model
