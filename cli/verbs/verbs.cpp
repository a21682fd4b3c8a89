#include <array>

#include "cli/verb.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

const std::array kVerbs{
    VerbEntry{"run", "Run a study from its definition to its table and figure",
              "  checkerlab run sweeps/demo.yaml\n"
              "  checkerlab run sweeps/demo.yaml --set evaluation.samples=1000 --set 'sweep.ratios=[2, 4]'\n"
              "  checkerlab run sweeps/cifar10/smoke.yaml --set dataset.path=../data/cifar10 --dry-run\n"
              "  checkerlab run sweeps/demo.yaml --data /tmp/lab --figure demo.svg",
              make_run_verb},
    VerbEntry{"submit", "Hand a study to a running coordinator and return at once",
              "  checkerlab submit sweeps/demo.yaml\n"
              "  checkerlab submit sweeps/demo.yaml --url http://lab:8765 --token-file lab.token\n"
              "  checkerlab submit sweeps/demo.yaml --priority 10 --deadline 2027-01-31T12:00:00Z\n"
              "  checkerlab submit sweeps/demo.yaml --json | jq -r .id",
              make_submit_verb},
    VerbEntry{"plan", "Tell what a study would cost: jobs, GPU-hours and disk, without any data",
              "  checkerlab plan sweeps/paper/fig5.yaml\n"
              "  checkerlab plan sweeps/paper/fig5.yaml --gpus 8 --json\n"
              "  checkerlab plan sweeps/cifar10/small.yaml --set dataset.images=50000 --rates mine.yaml",
              make_plan_verb},
    VerbEntry{"status", "Show all studies, or one with its stages",
              "  checkerlab status\n"
              "  checkerlab status --archived\n"
              "  checkerlab status demo\n"
              "  checkerlab status demo --json | jq .jobs",
              make_status_verb},
    VerbEntry{"watch", "Follow a study live until it ends",
              "  checkerlab watch demo\n"
              "  checkerlab watch demo --json | jq -c 'select(.type == \"point\")'",
              make_watch_verb},
    VerbEntry{"cancel", "Cancel the jobs of a study that no other study needs", "  checkerlab cancel demo",
              make_cancel_verb},
    VerbEntry{"study", "Change a study that is there: compare, extend, run again, pause, archive",
              "  checkerlab study diff demo sweeps/demo.yaml --set 'sweep.guidance=[0, 1, 2, 3]'\n"
              "  checkerlab study extend demo sweeps/demo.yaml --set 'sweep.guidance=[0, 1, 2, 3]'\n"
              "  checkerlab study rerun demo --failed\n"
              "  checkerlab study pause --help",
              make_study_verb},
    VerbEntry{"priority", "Change how a study stands to others: its priority, its deadline",
              "  checkerlab priority demo 10\n"
              "  checkerlab priority demo --deadline 2027-01-31T12:00:00Z\n"
              "  checkerlab priority demo 0 --no-deadline",
              make_priority_verb},
    VerbEntry{"results", "Show what was measured: table, CSV, JSON, figure or any SQL",
              "  checkerlab results\n"
              "  checkerlab results demo --format svg --out demo.svg\n"
              "  checkerlab results --sql \"select * from fig_5\"\n"
              "  checkerlab results --sql \"select ratio, min(fid) from fig_5 group by ratio\" --format csv",
              make_results_verb},
    VerbEntry{"reproduce",
              "Make a table or figure of the paper from the results, with a verdict for every printed number",
              "  checkerlab reproduce fig5 --study demo --out out\n"
              "  checkerlab reproduce table1 --out out\n"
              "  checkerlab reproduce table1 --score 'VAR-d16=var.json' --out out\n"
              "  checkerlab reproduce fig3 --out out",
              make_reproduce_verb},
    VerbEntry{"jobs", "List jobs, failed ones first",
              "  checkerlab jobs\n"
              "  checkerlab jobs demo --state failed\n"
              "  checkerlab jobs demo --kind train_model --json | jq -r '.items[].key'",
              make_jobs_verb},
    VerbEntry{"why", "Tell why a job waits, down to each worker", "  checkerlab why 3fa1\n  checkerlab why 3fa1 --json",
              make_why_verb},
    VerbEntry{"workers", "List workers and what they do; drain, cordon or uncordon one",
              "  checkerlab workers\n"
              "  checkerlab workers --json\n"
              "  checkerlab workers cordon gpu-3     # no new work, also when it is started anew\n"
              "  checkerlab workers uncordon gpu-3   # ends a quarantine too\n"
              "  checkerlab workers drain gpu-3      # ends what it has, then its process ends",
              make_workers_verb},
    VerbEntry{"logs", "Show the log of a job",
              "  checkerlab logs 3fa1\n"
              "  checkerlab logs 3fa1 --follow\n"
              "  checkerlab logs 3fa1 --tail 20",
              make_logs_verb},
    VerbEntry{"timeline", "Show where the time of a job went: waiting, fetching, running, checkpoints, every attempt",
              "  checkerlab timeline 3fa1\n"
              "  checkerlab timeline 3fa1 --json | jq '.events[]'",
              make_timeline_verb},
    VerbEntry{"top", "Watch studies, workers and running jobs live; q ends it",
              "  checkerlab top\n"
              "  checkerlab top --once\n"
              "  checkerlab top --json | jq '.workers[].load'",
              make_top_verb},
    VerbEntry{"export", "Write a table or view of any size, or the whole database, while it is being filled",
              "  checkerlab export results_long > results.csv\n"
              "  checkerlab export jobs_overview --format jsonl --out jobs.jsonl\n"
              "  checkerlab export --snapshot results.db",
              make_export_verb},
    VerbEntry{"web", "Print a one-time link that signs a browser in",
              "  checkerlab web\n  checkerlab web --json | jq -r .url", make_web_verb},
    VerbEntry{"token", "Give out, list and end access tokens",
              "  checkerlab token add ann --role submit --label laptop --expires 90d > ann.token\n"
              "  checkerlab token add lab --role worker --worker gpu-3 > gpu-3.token\n"
              "  checkerlab token list\n"
              "  checkerlab token revoke h2v0c1xk3f",
              make_token_verb},
    VerbEntry{"audit", "Show who did what, newest first",
              "  checkerlab audit\n"
              "  checkerlab audit --user ann --limit 1000 --json | jq -c '.items[]'",
              make_audit_verb},
    VerbEntry{"model", "Work on model files, without a coordinator",
              "  checkerlab model --help\n"
              "  checkerlab model devices",
              make_model_verb},
    VerbEntry{"features", "Write the features of images, as metrics see them, to a safetensors file",
              "  checkerlab features --help\n"
              "  checkerlab features --network inception-2015-12-05.pt --out samples.safetensors samples.npz",
              make_features_verb},
    VerbEntry{"score", "Measure samples against a reference: FID, sFID, IS, precision, recall, KID, density, coverage",
              "  checkerlab score --help\n"
              "  checkerlab score --network inception-2015-12-05 --samples samples.npz --reference reference.npz",
              make_score_verb},
    VerbEntry{"version", "Print the versions of this program and of the coordinator",
              "  checkerlab version\n  checkerlab version --json", make_version_verb},
    VerbEntry{"completion", "Print a completion script for a shell",
              "  source <(checkerlab completion bash)\n"
              "  checkerlab completion zsh > ~/.zfunc/_checkerlab\n"
              "  checkerlab completion fish > ~/.config/fish/completions/checkerlab.fish",
              make_completion_verb},
};

}  // namespace

std::span<const VerbEntry> all_verbs() {
  return kVerbs;
}

}  // namespace checkerlab::cli
