// Lines between agent and runner, however the pipe cuts them. A runner that lost its mind must not take the agent with
// it: each line is decoded or refused, and what was decoded survives being written again.
#include <algorithm>

#include "tests/fuzz/target.hpp"
#include "worker/protocol/line_splitter.hpp"
#include "worker/protocol/messages.hpp"

namespace checkerlab::fuzz {
namespace {

constexpr std::size_t kLongestLine = 4096;

template <class Decode>
void decode(const std::string& line, Decode&& decode_line) {
  taken([&] {
    const auto message = decode_line(line);
    auto written = worker::encode(message);
    require(written.ends_with('\n') && std::count(written.begin(), written.end(), '\n') == 1, "a message is one line");
    written.pop_back();
    require(worker::encode(decode_line(written)) == written + "\n", "a message survives being written again");
  });
}

void read_line(const std::string& line) {
  decode(line, worker::decode_event);
  decode(line, worker::decode_command);
  taken([&] {
    const auto command = worker::decode_command(line);
    if (const auto* run = std::get_if<worker::RunCommand>(&command)) worker::is_light(run->spec);
  });
}

}  // namespace
}  // namespace checkerlab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace checkerlab;
  auto bytes = fuzz::text_of(data, size);
  worker::LineSplitter lines(fuzz::kLongestLine, worker::LineSplitter::Overlong::kRefuse);
  fuzz::taken([&] {
    // In pieces whose length the bytes themselves say.
    while (!bytes.empty()) {
      const auto length = std::min<std::size_t>(bytes.size(), 1 + static_cast<unsigned char>(bytes.front()));
      lines.feed(bytes.substr(0, length));
      bytes.remove_prefix(length);
      while (const auto line = lines.next()) {
        fuzz::require(line->size() <= fuzz::kLongestLine && line->find('\n') == std::string::npos,
                      "a line is no longer than the limit");
        fuzz::read_line(*line);
      }
    }
    fuzz::read_line(lines.take_rest());
  });
  return 0;
}
