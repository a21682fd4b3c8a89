// Starting a training from the weights of another model.
#pragma once

#include "libmodel/observer.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

// `fresh` with the weights of `other`, but for tables of another shape, which keep their fresh values (adopt_weights);
// the observer's log says which. Throws Error: not_finite naming the first parameter of `other` that holds NaN or
// infinity, invalid_data listing what else does not fit.
Model start_from(const Model& fresh, const Model& other, Observer& observer);

}  // namespace checkerlab::model
