// One process of a rank group: its process, its log, its report. Not thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/pipe.hpp"
#include "libmodel/distributed/rank_process.hpp"

namespace checkerlab::model {

class RankChild {
 public:
  static constexpr std::size_t kTailLines = 10;
  using OnLine = std::function<void(int rank, std::string_view line)>;

  // Starts it. Closes `sockets` here: the child has its own.
  RankChild(const std::vector<std::string>& command, const RankSettings& settings, std::vector<Descriptor> sockets,
            OnLine on_line);

  int rank() const { return settings_.rank; }
  // To wait for with poll(); −1 once it ended.
  int log_descriptor() const { return log_.get(); }
  int report_descriptor() const { return report_.get(); }
  // Takes what came; notices the process's end.
  void read();

  bool ended() const { return status_.has_value(); }
  bool ended_well() const { return status_ && status_->ok(); }
  bool died_by_signal() const { return status_ && status_->signal != 0; }
  void signal(int number) { process_.signal_group(number); }
  // Kills it and waits for its end.
  void kill();

  // What it reported; nothing where it said nothing.
  std::optional<Error> report() const;
  // Its end in words, with the last lines of its log.
  std::string end_text() const;

 private:
  struct Pipes {
    Pipe log, report;
  };
  RankChild(const std::vector<std::string>& command, const RankSettings& settings,
            const std::vector<Descriptor>& sockets, OnLine on_line, Pipes pipes);
  void take_log(std::string_view bytes);
  void take_line(std::string_view line);

  RankSettings settings_;
  OnLine on_line_;
  Descriptor log_, report_;
  ChildProcess process_;
  std::optional<ExitStatus> status_;
  std::string line_;  // of the log, not whole yet
  std::string report_text_;
  std::deque<std::string> tail_;
};

}  // namespace checkerlab::model
