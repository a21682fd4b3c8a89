// `checkerlab study`: what can be done to a study that is there.
#include <array>

#include "cli/verbs/makers.hpp"
#include "cli/verbs/study/actions.hpp"

namespace checkerlab::cli {
namespace {

const std::array kActions{
    VerbEntry{"diff", "Show how a definition, another study or another revision differs: points and jobs by key",
              "  checkerlab study diff demo sweeps/demo.yaml --set 'sweep.guidance=[0, 1, 2, 3]'\n"
              "  checkerlab study diff demo --with other\n"
              "  checkerlab study diff demo --from 1 --to 2 --json | jq .items",
              make_study_diff_verb},
    VerbEntry{"extend", "Give a study another definition: what is new joins it, what is no more leaves it",
              "  checkerlab study extend demo sweeps/demo.yaml --set 'sweep.ratios=[2, 4, single]'\n"
              "  checkerlab study extend demo sweeps/demo.yaml --set sweep.guidance='[0, 1]' --dry-run",
              make_study_extend_verb},
    VerbEntry{"rerun", "Run jobs again that failed or were cancelled, never what succeeded",
              "  checkerlab study rerun demo\n"
              "  checkerlab study rerun demo --failed\n"
              "  checkerlab study rerun demo --job 3fa1 --job 77c0",
              make_study_rerun_verb},
    VerbEntry{"pause", "Start nothing more of a study; what runs goes on",
              "  checkerlab study pause demo\n"
              "  checkerlab study pause demo --stop-running",
              make_study_pause_verb},
    VerbEntry{"resume", "Go on with a study that was paused", "  checkerlab study resume demo", make_study_resume_verb},
    VerbEntry{"cancel", "Cancel the jobs of a study that no other study needs", "  checkerlab study cancel demo",
              make_cancel_verb},
    VerbEntry{"archive", "Leave a study that is over out of lists",
              "  checkerlab study archive demo\n"
              "  checkerlab status --archived",
              make_study_archive_verb},
    VerbEntry{"unarchive", "Show an archived study in lists again", "  checkerlab study unarchive demo",
              make_study_unarchive_verb},
    VerbEntry{"history", "Show every definition that a study had",
              "  checkerlab study history demo\n"
              "  checkerlab study history demo --show 1 > before.yaml",
              make_study_history_verb},
    VerbEntry{"compare-code", "Show which code versions made a study's results, and which curves mix them",
              "  checkerlab study compare-code demo", make_study_compare_code_verb},
};

class StudyVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.require_subcommand(1);
    for (const VerbEntry& entry : kActions) {
      CLI::App* nested = command.add_subcommand(entry.name, entry.summary);
      nested->footer(std::string("Examples:\n") + entry.examples + "\n\n--json prints JSON.");
      actions_.push_back({nested, entry.make()});
      actions_.back().verb->configure(*nested);
    }
  }

  ExitCode run(Context& context) override {
    for (const Action& action : actions_) {
      if (action.command->parsed()) return action.verb->run(context);
    }
    return ExitCode::success;  // not reached: one is required
  }

 private:
  struct Action {
    CLI::App* command;
    std::unique_ptr<Verb> verb;
  };
  std::vector<Action> actions_;
};

}  // namespace

std::unique_ptr<Verb> make_study_verb() {
  return std::make_unique<StudyVerb>();
}

}  // namespace checkerlab::cli
