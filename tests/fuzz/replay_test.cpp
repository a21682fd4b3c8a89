// A fuzz target as a test of the ordinary build: every seed and every finding of its corpus, and thousands of inputs
// made of them, the same in every run. What a target does not like ends the program; the input is kept in a file then.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "base/files.hpp"
#include "base/testing/mutations.hpp"
#include "tests/fuzz/target.hpp"

namespace checkerlab::fuzz {
namespace {

constexpr int kMutations = 5'000;
constexpr std::size_t kLongest = 32'768;

std::string current;       // input
std::string finding_file;  // where it goes when it ends the program

void print(const char* text) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, std::strlen(text));
}

// Only what may be done in a signal handler.
extern "C" void keep_input(int signal) {
  const int file = ::open(finding_file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (file >= 0 && ::write(file, current.data(), current.size()) == static_cast<ssize_t>(current.size())) {
    print("the input that did this is kept in ");
    print(finding_file.c_str());
    print("\n");
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

class Corpus : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    finding_file = std::filesystem::temp_directory_path() /
                   ("checkerlab-fuzz-" CHECKERLAB_FUZZ_TARGET "-" + std::to_string(::getpid()));
    GTEST_FLAG_SET(catch_exceptions, false);  // so that they end the program too
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL})
      std::signal(signal, keep_input);
  }

  // In the order of their names, so that every run does the same.
  static std::vector<std::string> seeds() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator("tests/fuzz/corpus/" CHECKERLAB_FUZZ_TARGET))
      files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<std::string> texts;
    for (const auto& file : files)
      texts.push_back(SystemFiles().read(file));
    return texts;
  }

  static void try_input(std::string input) {
    current = std::move(input);
    EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current.data()), current.size()), 0);
  }
};

TEST_F(Corpus, IsTakenOrRefused) {
  const auto all = seeds();
  ASSERT_GT(all.size(), 5U);
  for (const auto& seed : all)
    try_input(seed);
}

TEST_F(Corpus, SoIsWhatIsMadeOfIt) {
  Mutations mutations(seeds());
  for (int i = 0; i < kMutations; ++i)
    try_input(mutations.next().substr(0, kLongest));
}

}  // namespace
}  // namespace checkerlab::fuzz
