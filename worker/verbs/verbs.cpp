#include <array>

#include "worker/verbs/makers.hpp"

namespace checkerlab::worker {
namespace {

// Whoever adds a verb names it in cli/verbs/model.cpp too, which the completion scripts are written from.
const std::array kVerbs{
    ModelVerbEntry{"devices", "List what can compute on this machine",
                   "  checkerlab model devices\n"
                   "  checkerlab model devices --json",
                   make_devices_verb},
};

}  // namespace

std::span<const ModelVerbEntry> all_model_verbs() {
  return kVerbs;
}

}  // namespace checkerlab::worker
