#pragma once

namespace checkerlab::model {

// Names the meaning of every number this room computes (features, statistics, FID, IS and their uncertainties). Part
// of the identity of a measurement: raise it with any change that can change a value.
inline constexpr const char* kEvaluatorVersion = "checkerlab-metrics-1";

}  // namespace checkerlab::model
