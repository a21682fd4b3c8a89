#include "coordinator/app/maintenance_command.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "base/error.hpp"
#include "base/text/number.hpp"
#include "coordinator/maintenance/backup.hpp"
#include "coordinator/maintenance/gc.hpp"
#include "coordinator/maintenance/verify.hpp"
#include "rpc/endpoint.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr int kDamaged = 3;

using Json = nlohmann::json;

struct Arguments {
  std::string data;
  std::string to;
  std::string from;
  std::string backup;
  std::string snapshot;
  bool hard_links = false;
  bool skip_damaged = false;
  bool quick = false;
  bool remove = false;
  bool dry_run = false;
  bool json = false;
  int keep_recent = 24;

  std::filesystem::path data_directory() const {
    return data.empty() ? rpc::default_data_directory() : std::filesystem::path(data);
  }
};

// On a terminal one line that is written over.
class Progress {
 public:
  ~Progress() {
    if (shown_) std::cerr << "\r\x1b[K" << std::flush;
  }
  std::function<void(const std::string&)> teller() {
    if (::isatty(STDERR_FILENO) == 0) return [](const std::string&) {};
    return [this](const std::string& text) {
      shown_ = true;
      std::cerr << "\r" << text << "\x1b[K" << std::flush;
    };
  }

 private:
  bool shown_ = false;
};

void print(const Arguments& arguments, const Json& json, const std::string& text) {
  std::cout << (arguments.json ? json.dump(2) + "\n" : text) << std::flush;
}

std::string damaged_text(const std::vector<std::string>& damaged) {
  std::string text;
  for (const auto& sha256 : damaged)
    text += "not in it, for it is damaged: artifact " + sha256 + "\n";
  return text;
}

int backup(const Arguments& arguments) {
  const SystemClock clock;
  BackupReport report;
  {
    Progress progress;
    report = make_backup({.data = arguments.data_directory(),
                          .to = arguments.to,
                          .hard_links = arguments.hard_links,
                          .skip_damaged = arguments.skip_damaged,
                          .progress = progress.teller()},
                         clock);
  }
  print(arguments,
        {{"snapshot", report.snapshot},
         {"artifacts", report.artifacts},
         {"new_artifacts", report.new_artifacts},
         {"new_bytes", report.new_bytes},
         {"damaged", report.damaged}},
        damaged_text(report.damaged) + "snapshot " + report.snapshot + ": the database and " +
            std::to_string(report.artifacts) + " artifacts, " + std::to_string(report.new_artifacts) +
            " of them new (" + bytes_text(static_cast<double>(report.new_bytes)) + ")\n");
  return 0;
}

int restore(const Arguments& arguments) {
  RestoreReport report;
  {
    Progress progress;
    report = restore_backup({.from = arguments.from,
                             .snapshot = arguments.snapshot,
                             .data = arguments.data_directory(),
                             .progress = progress.teller()});
  }
  print(arguments,
        {{"snapshot", report.snapshot},
         {"data", arguments.data_directory().string()},
         {"artifacts", report.artifacts},
         {"damaged", report.damaged}},
        damaged_text(report.damaged) + "restored snapshot " + report.snapshot + " with " +
            std::to_string(report.artifacts) + " artifacts to " + arguments.data_directory().string() + "\n");
  return 0;
}

int verify(const Arguments& arguments) {
  VerifyReport report;
  {
    Progress progress;
    const VerifyOptions options{.read_artifacts = !arguments.quick, .progress = progress.teller()};
    report = arguments.backup.empty() ? verify_data(arguments.data_directory(), options)
                                      : verify_backup(arguments.backup, arguments.snapshot, options);
  }
  print(arguments, report.to_json(), report.to_text());
  return report.sound() ? 0 : kDamaged;
}

int gc(const Arguments& arguments) {
  const SystemClock clock;
  const auto report = collect_garbage({.data = arguments.data_directory(),
                                       .remove = arguments.remove,
                                       .keep_recent = std::chrono::hours(arguments.keep_recent)},
                                      clock);
  print(arguments, report.to_json(), report.to_text());
  return 0;
}

struct Command {
  const char* name;
  const char* summary;
  const char* examples;
  int (*run)(const Arguments&);
};

constexpr Command kCommands[] = {
    {"backup",
     "Add a snapshot of the data directory to a backup folder; works while the coordinator runs. Snapshots share the "
     "artifacts, so that each brings only what is new. Tokens are not part of it.",
     "  checkerlab-coordinator backup --to /mnt/backup/lab\n"
     "  checkerlab-coordinator backup --data /srv/checkerlab --to /srv/snapshots --hard-links",
     backup},
    {"restore", "Make a data directory from a snapshot, checked byte for byte; nothing is ever overwritten.",
     "  checkerlab-coordinator restore --from /mnt/backup/lab --data /srv/checkerlab", restore},
    {"verify",
     "Check the database, that every artifact it names is there with the right bytes, and that every result is "
     "whole; works while the coordinator runs. Exit code 3: damage was found.",
     "  checkerlab-coordinator verify --data /srv/checkerlab\n"
     "  checkerlab-coordinator verify --backup /mnt/backup/lab --json",
     verify},
    {"gc",
     "Tell what nothing needs any more: superseded checkpoints, artifacts that no result names, unfinished files. "
     "With --delete remove it; that is refused while a coordinator runs.",
     "  checkerlab-coordinator gc --data /srv/checkerlab\n"
     "  checkerlab-coordinator gc --data /srv/checkerlab --delete",
     gc}};

void add_options(CLI::App& app, const std::string& name, Arguments& arguments) {
  app.add_option("--data", arguments.data, "Data directory (default: $CHECKERLAB_HOME or ~/.local/share/checkerlab)")
      ->type_name("DIR");
  app.add_flag("--json", arguments.json, "Print one JSON document");
  if (name == "backup") {
    app.add_option("--to", arguments.to, "Backup folder; made when it is not there")->required()->type_name("FOLDER");
    app.add_flag("--hard-links", arguments.hard_links,
                 "Link artifacts instead of copying them, where both are on one file system");
    app.add_flag("--skip-damaged", arguments.skip_damaged, "Go on without artifacts that are damaged, and list them");
  } else if (name == "restore") {
    app.add_option("--from", arguments.from, "Backup folder")->required()->type_name("FOLDER");
    app.add_option("--snapshot", arguments.snapshot, "Snapshot (default: the latest)")->type_name("NAME");
  } else if (name == "verify") {
    auto* of_backup = app.add_option("--backup", arguments.backup, "A backup folder instead of a data directory")
                          ->type_name("FOLDER");
    app.add_option("--snapshot", arguments.snapshot, "Snapshot of it (default: the latest)")
        ->needs(of_backup)
        ->type_name("NAME");
    app.add_flag("--quick", arguments.quick, "Compare the sizes of artifacts instead of reading them");
  } else {
    auto* remove = app.add_flag("--delete", arguments.remove, "Remove what was found");
    app.add_flag("--dry-run", arguments.dry_run, "Only tell (the default)")->excludes(remove);
    app.add_option("--keep-recent", arguments.keep_recent,
                   "Hours for which a file that nothing refers to stays, in case it is still needed")
        ->check(CLI::Range(0, 100'000))
        ->capture_default_str();
  }
}

int run(const Command& command, int argc, const char* const* argv) {
  Arguments arguments;
  CLI::App app(command.summary);
  app.name(std::string("checkerlab-coordinator ") + command.name);
  app.footer(std::string("Examples:\n") + command.examples);
  add_options(app, command.name, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return command.run(arguments);
  } catch (const Error& error) {
    std::cerr << "error: " << error.full_text() << '\n';
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
  }
  return 1;
}

}  // namespace

std::optional<int> run_maintenance(int argc, const char* const* argv) {
  if (argc < 2) return std::nullopt;
  for (const Command& command : kCommands) {
    if (argv[1] == std::string(command.name)) return run(command, argc - 1, argv + 1);
  }
  return std::nullopt;
}

}  // namespace checkerlab::coordinator
