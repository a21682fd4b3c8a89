#include "worker/agent/runner_process.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <utility>

#include "base/error.hpp"
#include "base/pipe.hpp"
#include "base/threading_environment.hpp"
#include "worker/protocol/line_splitter.hpp"

namespace checkerlab::worker {
namespace {

namespace asio = boost::asio;

// Must match worker/runner/runner.hpp: the child finds its pipes at these numbers.
constexpr int kChildCommands = 3;
constexpr int kChildEvents = 4;
constexpr std::size_t kLongestEvent = 16U << 20;
constexpr std::size_t kLongestOutput = 4096;
// A child of the runner may hold its output open; then its last lines are given up.
constexpr std::chrono::milliseconds kLastWords{200};
// A killed process is gone at once, unless the kernel is busy with it.
constexpr std::chrono::milliseconds kReap{300};

ChildProcess start(const std::vector<std::string>& command, const Pipe& commands, const Pipe& events,
                   const Pipe& output) {
  ChildOptions options;
  options.arguments = command;
  options.environment = threading_environment();
  options.descriptors = {{1, output.write.get()},
                         {2, output.write.get()},
                         {kChildCommands, commands.read.get()},
                         {kChildEvents, events.write.get()}};
  return ChildProcess(options);
}

}  // namespace

class RunnerProcess::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& context, const std::vector<std::string>& command, RunnerCallbacks callbacks)
      : Impl(context, command, std::move(callbacks), Pipe(), Pipe(), Pipe()) {}

  void open() {
    read_events();
    read_output();
  }

  void send(const Command& command) {
    waiting_ += encode(command);
    if (!writing_) write();
  }

  void kill() { child_.signal_group(SIGKILL); }

  // Ends everything without a word.
  void abandon() {
    callbacks_ = {};
    kill();
    commands_.close();
    events_.close();
    output_.close();
    last_words_.cancel();
    child_.wait(kReap);
  }

  int pid() const { return child_.pid(); }

 private:
  Impl(asio::io_context& context, const std::vector<std::string>& command, RunnerCallbacks callbacks, Pipe commands,
       Pipe events, Pipe output)
      : callbacks_(std::move(callbacks)),
        child_(start(command, commands, events, output)),
        commands_(context, commands.write.release()),
        events_(context, events.read.release()),
        output_(context, output.read.release()),
        last_words_(context) {}

  void write() {
    writing_ = true;
    leaving_ = std::exchange(waiting_, {});
    asio::async_write(commands_, asio::buffer(leaving_), [self = shared_from_this()](auto error, std::size_t) {
      self->writing_ = false;
      if (error) return;  // the child is dying; its event pipe tells
      if (!self->waiting_.empty()) self->write();
    });
  }

  void read_events() {
    events_.async_read_some(asio::buffer(event_bytes_), [self = shared_from_this()](auto error, std::size_t count) {
      if (error) return self->events_ended();
      self->take_events({self->event_bytes_.data(), count});
    });
  }

  void take_events(std::string_view bytes) {
    try {
      event_lines_.feed(bytes);
      while (auto line = event_lines_.next()) {
        if (callbacks_.on_event) callbacks_.on_event(decode_event(*line));
      }
    } catch (const Error& error) {
      complaint_ = error.what();
      kill();
      return events_ended();
    }
    read_events();
  }

  void read_output() {
    output_.async_read_some(asio::buffer(output_bytes_), [self = shared_from_this()](auto error, std::size_t count) {
      if (error) return self->output_ended();
      self->output_lines_.feed({self->output_bytes_.data(), count});
      while (auto line = self->output_lines_.next())
        self->print(*line);
      self->read_output();
    });
  }

  void print(const std::string& line) {
    if (callbacks_.on_output && !line.empty()) callbacks_.on_output(line);
  }

  void output_ended() {
    if (std::exchange(output_open_, false)) print(output_lines_.take_rest());
    if (!events_open_) exited();
  }

  // The only writer of this pipe is the process itself, so it is dead or as good as dead.
  void events_ended() {
    if (!callbacks_.on_exit || !std::exchange(events_open_, false)) return;
    kill();
    if (!output_open_) return exited();
    last_words_.expires_after(kLastWords);
    last_words_.async_wait([self = shared_from_this()](auto error) {
      if (!error) self->exited();
    });
  }

  void exited() {
    last_words_.cancel();
    output_.close();
    const auto on_exit = std::exchange(callbacks_.on_exit, nullptr);
    if (on_exit) on_exit(child_.stop(std::chrono::milliseconds(0)), complaint_);
  }

  RunnerCallbacks callbacks_;
  ChildProcess child_;
  asio::posix::stream_descriptor commands_;
  asio::posix::stream_descriptor events_;
  asio::posix::stream_descriptor output_;
  asio::steady_timer last_words_;
  std::string waiting_;
  std::string leaving_;
  std::string complaint_;
  std::array<char, 65536> event_bytes_{};
  std::array<char, 4096> output_bytes_{};
  LineSplitter event_lines_{kLongestEvent, LineSplitter::Overlong::kRefuse};
  LineSplitter output_lines_{kLongestOutput, LineSplitter::Overlong::kCut};
  bool writing_ = false;
  bool events_open_ = true;
  bool output_open_ = true;
};

RunnerProcess::RunnerProcess(asio::io_context& context, const std::vector<std::string>& command,
                             RunnerCallbacks callbacks)
    : impl_(std::make_shared<Impl>(context, command, std::move(callbacks))) {
  impl_->open();
}

RunnerProcess::~RunnerProcess() {
  impl_->abandon();
}

void RunnerProcess::send(const Command& command) {
  impl_->send(command);
}

void RunnerProcess::kill() {
  impl_->kill();
}

int RunnerProcess::pid() const {
  return impl_->pid();
}

}  // namespace checkerlab::worker
