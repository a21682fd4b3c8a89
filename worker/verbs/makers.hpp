// One maker a verb; each stands in the file of its verb.
#pragma once

#include <memory>

#include "worker/verbs/verb.hpp"

namespace checkerlab::worker {

std::unique_ptr<ModelVerb> make_devices_verb();
std::unique_ptr<ModelVerb> make_entropy_verb();
std::unique_ptr<ModelVerb> make_export_verb();
std::unique_ptr<ModelVerb> make_inspect_verb();
std::unique_ptr<ModelVerb> make_sample_verb();
std::unique_ptr<ModelVerb> make_trace_verb();
std::unique_ptr<ModelVerb> make_train_verb();
std::unique_ptr<ModelVerb> make_tokenize_verb();
std::unique_ptr<ModelVerb> make_retrain_codebook_verb();
std::unique_ptr<ModelVerb> make_reconstruct_verb();
std::unique_ptr<ModelVerb> make_features_verb();
std::unique_ptr<ModelVerb> make_score_verb();

}  // namespace checkerlab::worker
