#include "cli/verbs/study/words.hpp"

#include <algorithm>

#include "base/text/number.hpp"
#include "cli/figure/from_api.hpp"
#include "cli/progress/block.hpp"
#include "cli/tables/table.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostLines = 40;
constexpr std::size_t kShortKey = 12;

long long count(const Json& document, const char* name) {
  return document.value(name, 0LL);
}

std::string jobs(long long number) {
  return grouped(number) + (number == 1 ? " job" : " jobs");
}

std::string points(long long number) {
  return grouped(number) + (number == 1 ? " point" : " points");
}

std::string both(const Json& tally) {
  return jobs(count(tally, "jobs")) + ", " + points(count(tally, "points"));
}

std::string side_text(const Json& side) {
  const std::string name = side.at("study");
  if (side.at("revision").is_null()) return name + " as defined now";
  return name + " (revision " + std::to_string(side.at("revision").get<long long>()) + ")";
}

std::string sharing_text(const Json& sharing) {
  if (sharing.empty()) return "";
  std::string text;
  constexpr std::size_t kMost = 5;
  for (std::size_t i = 0; i < std::min(kMost, sharing.size()); ++i) {
    text += (text.empty() ? "" : ", ") + sharing[i].at("name").get<std::string>() + " (" +
            jobs(count(sharing[i], "jobs")) + ")";
  }
  if (sharing.size() > kMost) text += " and " + grouped(static_cast<long long>(sharing.size() - kMost)) + " more";
  return "  shared with other studies: " + text + "\n";
}

// The points that come and go; where none do, the jobs.
std::string items_text(const Json& diff) {
  const bool has_points = count(diff.at("added"), "points") + count(diff.at("removed"), "points") > 0;
  std::string text;
  std::size_t shown = 0;
  std::size_t left = 0;
  for (const Json& item : diff.at("items")) {
    if (has_points && item.at("kind") != "score_point") continue;
    if (shown == kMostLines) {
      ++left;
      continue;
    }
    ++shown;
    const std::string label = item.at("label");
    const std::string state = item.at("state");
    text += std::string(item.at("change") == "added" ? "+ " : "- ") +
            (label.empty() ? stage_name(item.at("kind")) : stage_name(item.at("kind")) + ", " + label) + "  " +
            item.at("key").get<std::string>().substr(0, kShortKey) + "  " + state + "\n";
  }
  if (left > 0 || diff.at("truncated").get<bool>()) text += "… and more: see them with --json\n";
  return text.empty() ? text : "\n" + text;
}

}  // namespace

std::string diff_text(const Json& diff) {
  std::string text = side_text(diff.at("from")) + " → " + side_text(diff.at("to")) + "\n";
  if (count(diff.at("added"), "jobs") + count(diff.at("removed"), "jobs") == 0) {
    return text + "  the same " + both(diff.at("shared")) + "\n" + sharing_text(diff.at("shared_with"));
  }
  text += "  added:   " + both(diff.at("added")) + " (" + grouped(count(diff, "jobs_done")) + " done already, " +
          grouped(count(diff, "jobs_new")) + " never asked for before)\n";
  text += "  removed: " + both(diff.at("removed")) + " (" + grouped(count(diff, "jobs_cancelled")) +
          " not done and needed by no other study; results stay)\n";
  text += "  shared:  " + both(diff.at("shared")) + "\n";
  return text + sharing_text(diff.at("shared_with")) + items_text(diff);
}

std::string extended_text(const Json& study) {
  const std::string name = study.at("name");
  const long long added = count(study, "jobs_added");
  const long long removed = count(study, "jobs_removed");
  if (added + removed == 0)
    return name + " has these " + jobs(count(study, "jobs_shared")) + " already (revision " +
           std::to_string(count(study, "revision")) + ")\n";
  std::string text = name + " is at revision " + std::to_string(count(study, "revision")) + ": " + jobs(added) +
                     " added (" + grouped(count(study, "jobs_done")) + " done already), " + jobs(removed) +
                     " removed, " + jobs(count(study, "jobs_shared")) + " shared\n";
  if (const long long cancelled = count(study, "jobs_cancelled"); cancelled > 0)
    text += jobs(cancelled) + " that waited or ran " + (cancelled == 1 ? "was" : "were") + " cancelled\n";
  if (study.value("paused", false)) text += "it is paused: nothing starts until it is resumed\n";
  return text;
}

std::string rerun_text(const Json& study) {
  const std::string name = study.at("name");
  const long long started = count(study, "jobs_started");
  const std::string rest = "; " + jobs(count(study, "jobs_succeeded")) + " done and left alone\n";
  if (started == 0)
    return name + ": nothing to run again, " + jobs(count(study, "jobs_open")) + " still run or wait" + rest;
  std::string text = name + ": " + jobs(started) + (started == 1 ? " starts" : " start") + " afresh";
  if (const long long revived = count(study, "jobs_revived"); revived > 0)
    text += ", " + grouped(revived) + " more that waited for " + (started == 1 ? "it" : "them") + " can run";
  text += rest;
  if (study.value("paused", false)) text += "it is paused: nothing starts until it is resumed\n";
  return text;
}

std::string paused_text(const Json& study) {
  std::string text = study.at("name").get<std::string>() + ": paused, nothing more is started";
  if (const long long taken = count(study, "attempts_taken_back"); taken > 0)
    text += "; " + jobs(taken) + " taken back, to go on from the last checkpoint";
  if (const long long running = count(study, "attempts_running"); running > 0)
    text += "; " + jobs(running) + (running == 1 ? " goes on" : " go on");
  return text + "\n";
}

std::string cancelled_text(const Json& study) {
  const Json& counts = study.at("jobs");
  std::string text = study.at("name").get<std::string>() + ": " + state_text(study) +
                     "; what is done is kept, submitting it again goes on from there\n";
  const long long kept = study.at("state") == "cancelled"
                             ? count(counts, "running") + count(counts, "queued") + count(counts, "blocked")
                             : 0;
  if (kept > 0)
    text += jobs(kept) + (kept == 1 ? " goes on: another study needs it\n" : " go on: other studies need them\n");
  return text;
}

std::string history_text(const Json& revisions) {
  Table table({{"Revision", Align::right},
               {"When"},
               {"By"},
               {"Added", Align::right},
               {"Removed", Align::right},
               {"Jobs", Align::right},
               {"Points", Align::right},
               {"Definition"},
               {"Title"}});
  for (const Json& revision : revisions.at("items")) {
    std::string definition = revision.at("filename");
    for (const Json& change : revision.at("overrides"))
      definition += " --set " + change.get<std::string>();
    table.add_row({std::to_string(count(revision, "number")), revision.at("created_at"), revision.at("submitted_by"),
                   grouped(count(revision, "jobs_added")), grouped(count(revision, "jobs_removed")),
                   grouped(count(revision, "jobs_added") + count(revision, "jobs_shared")),
                   grouped(count(revision, "points_total")), definition, revision.at("title")});
  }
  return table.to_text();
}

std::string code_text(const std::string& name, const Json& code) {
  const Json& pinned = code.at("pinned");
  std::string text = name + (pinned.is_null() ? " is not pinned to a code version\n"
                                              : " is pinned to code version " + pinned.get<std::string>() + "\n");
  if (code.at("versions").empty()) return text + "It has no result yet.\n";
  Table table({{"Code version"}, {"Results", Align::right}, {"Points", Align::right}, {"First"}, {"Last"}});
  for (const Json& version : code.at("versions")) {
    table.add_row({version.at("code_version"), grouped(count(version, "results")), grouped(count(version, "points")),
                   version.at("first_recorded_at"), version.at("last_recorded_at")});
  }
  text += table.to_text();
  for (const Json& curve : code.at("mixed_curves")) {
    std::string versions;
    for (const Json& version : curve.at("code_versions"))
      versions += (versions.empty() ? "" : ", ") + version.get<std::string>();
    text += "warning: the curve of ratio " + figure::ratio_label(curve.at("ratio").get<std::string>()) + " mixes " +
            versions + "\n";
  }
  return text;
}

std::string state_text(const Json& study) {
  std::string text = study.at("state");
  const bool over = text != "queued" && text != "running";
  if (study.value("paused", false) && !over) text += ", paused";
  if (study.contains("archived_at") && !study.at("archived_at").is_null()) text += ", archived";
  return text;
}

}  // namespace checkerlab::cli
