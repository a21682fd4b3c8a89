// `checkerlab model VERB …`: work on model files, handed over to the worker (worker/verbs).
#include <array>

#include "cli/verbs/hand_over.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

struct Name {
  const char* name;
  const char* summary;
};

// As in worker/verbs/verbs.cpp; an end-to-end test compares the two.
constexpr std::array kVerbs{
    Name{"devices", "List what can compute on this machine"},
    Name{"inspect", "Tell what a checkpoint, model or tokenizer file is"},
    Name{"export", "Write a model for the released code, or take one of it over"},
    Name{"train", "Train a model from a recipe, and continue where it stopped"},
    Name{"tokenize", "Encode an image set into a token cache"},
    Name{"retrain-codebook", "Train a new codebook, everything else frozen, so that small scales are coded well"},
    Name{"reconstruct", "Measure how well a tokenizer codes images, scale by scale, and show it"},
    Name{"sample", "Draw images from a checkpoint, with maps of how they came about"},
    Name{"entropy", "Measure how uncertain a model is in each step of sampling"},
    Name{"trace", "Compute intermediates and results of a model by name"},
};

class ModelVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command_ = &command;
    command.require_subcommand(1);
    for (const Name& verb : kVerbs) {
      leave_arguments(*command.add_subcommand(verb.name, verb.summary));
    }
  }

  ExitCode run(Context& context) override {
    const CLI::App* verb = command_->get_subcommands().front();
    hand_over(context, {"model", verb->get_name()}, *verb);
  }

 private:
  CLI::App* command_ = nullptr;
};

}  // namespace

std::unique_ptr<Verb> make_model_verb() {
  return std::make_unique<ModelVerb>();
}

}  // namespace checkerlab::cli
