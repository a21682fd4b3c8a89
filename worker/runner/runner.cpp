#include "worker/runner/runner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "base/error.hpp"
#include "worker/protocol/line_splitter.hpp"
#include "worker/runner/run_attempt.hpp"

namespace checkerlab::worker {
namespace {

constexpr int kTickMilliseconds = 100;
constexpr std::size_t kLongestCommand = 16U << 20;

void obey(const Command& command, CommandQueue& queue) {
  if (const auto* run = std::get_if<RunCommand>(&command)) {
    queue.push(*run);
  } else if (const auto* rank_zero = std::get_if<GangAddressCommand>(&command)) {
    queue.tell(*rank_zero);
  } else {
    queue.cancel(std::get<CancelCommand>(command).id);
  }
}

// Reads commands until the pipe closes; then the process ends at once, whatever the job is doing.
[[noreturn]] void read_commands(int fd, CommandQueue& queue) {
  LineSplitter lines(kLongestCommand, LineSplitter::Overlong::kRefuse);
  std::array<char, 65536> bytes{};
  for (;;) {
    pollfd watched{fd, POLLIN, 0};
    const int ready = ::poll(&watched, 1, kTickMilliseconds);
    queue.tick();
    if (ready <= 0) continue;
    const auto count = ::read(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) ::_exit(EXIT_SUCCESS);
    lines.feed({bytes.data(), static_cast<std::size_t>(count)});
    while (auto line = lines.next())
      obey(decode_command(*line), queue);
  }
}

void prepare_descriptors(const RunnerOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);
  // Programs that a library starts must not hold the pipes open.
  ::fcntl(options.command_fd, F_SETFD, FD_CLOEXEC);
  ::fcntl(options.event_fd, F_SETFD, FD_CLOEXEC);
}

}  // namespace

void run_runner(const JobRegistry& registry, const RunnerOptions& options) {
  prepare_descriptors(options);
  const SystemClock clock;
  EventWriter writer(options.event_fd);
  CommandQueue queue(writer, clock);
  WarmCache warm(options.warm_objects);
  std::thread(read_commands, options.command_fd, std::ref(queue)).detach();
  writer.send(ReadyEvent{registry.names()});

  bool sound = true;
  while (sound) {
    if (queue.empty()) writer.flush();
    const auto work = queue.next();
    if (!work) break;
    const bool light = is_light(work->command);
    if (!light) writer.flush();  // if this job takes the process down, the ones before it have been told
    const auto end = run_attempt(*work, registry, warm);
    queue.end();
    work->context->finish();
    sound = end.process_sound;
    writer.append(end.event);
    if (!light) writer.flush();
  }
  writer.flush();
  std::fflush(nullptr);
  // The reading thread still uses the queue: leave without unwinding.
  ::_exit(sound ? EXIT_SUCCESS : EXIT_FAILURE);
}

}  // namespace checkerlab::worker
