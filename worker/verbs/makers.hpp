// One maker a verb; each stands in the file of its verb.
#pragma once

#include <memory>

#include "worker/verbs/verb.hpp"

namespace checkerlab::worker {

std::unique_ptr<ModelVerb> make_devices_verb();

}  // namespace checkerlab::worker
