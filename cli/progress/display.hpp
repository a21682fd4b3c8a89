// Where the progress of a study goes: a block that is redrawn in place, plain lines, JSON lines, or nowhere. Not
// thread-safe.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "cli/console.hpp"
#include "cli/progress/study_view.hpp"

namespace checkerlab::cli {

class Display {
 public:
  virtual ~Display() = default;
  // The picture as of `elapsed` since the work began. Called often; each display decides what is worth writing.
  virtual void update(const StudyView& study, std::chrono::milliseconds elapsed) = 0;
  // An event of the stream as it came.
  virtual void event(const nlohmann::json& event) { static_cast<void>(event); }
  // The last picture; afterwards the cursor stands at the start of a free line.
  virtual void finish(const StudyView& study, std::chrono::milliseconds elapsed) = 0;
};

// Redraws a block of lines with ANSI escapes, at most five times a second.
class TerminalDisplay final : public Display {
 public:
  explicit TerminalDisplay(const Console& console);
  void update(const StudyView& study, std::chrono::milliseconds elapsed) override;
  void finish(const StudyView& study, std::chrono::milliseconds elapsed) override;

 private:
  void draw(const StudyView& study, std::chrono::milliseconds elapsed);

  std::ostream& out_;
  std::size_t width_;
  bool colour_;
  std::size_t drawn_lines_ = 0;
  std::chrono::milliseconds next_{0};
};

// A line when a stage begins or ends and, in between, one every five seconds for each stage that moved.
class PlainDisplay final : public Display {
 public:
  explicit PlainDisplay(std::ostream& out);
  void update(const StudyView& study, std::chrono::milliseconds elapsed) override;
  void finish(const StudyView& study, std::chrono::milliseconds elapsed) override;

 private:
  void write(const StageView& stage, std::chrono::milliseconds elapsed);

  std::ostream& out_;
  std::map<std::string, std::string> written_;  // the last line of each stage
  std::map<std::string, bool> ended_;
  std::chrono::milliseconds next_{0};
};

// Every event of the stream as one line of JSON.
class JsonDisplay final : public Display {
 public:
  explicit JsonDisplay(std::ostream& out);
  void update(const StudyView& study, std::chrono::milliseconds elapsed) override;
  void event(const nlohmann::json& event) override;
  void finish(const StudyView& study, std::chrono::milliseconds elapsed) override;

 private:
  std::ostream& out_;
};

// The display that fits: JSON lines on out with `json`, else on err a redrawn block or plain lines.
std::unique_ptr<Display> make_display(Console& console, bool json);

}  // namespace checkerlab::cli
