// `checkerlab model VERB` and the verbs of the top level that the worker does: handed over with their arguments,
// output, errors and exit code.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "base/files.hpp"
#include "tests/e2e/program.hpp"

namespace checkerlab::e2e {
namespace {

Finished model(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {program("checkerlab"), "model"});
  return run(arguments);
}

// The first words of the lines below "Subcommands:" of a help text.
std::set<std::string> verbs_in(const std::string& help) {
  std::istringstream lines(help.substr(help.find("Subcommands:")));
  std::set<std::string> verbs;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && line.starts_with("  ")) {
    if (line[2] != ' ') verbs.insert(line.substr(2, line.find(' ', 2) - 2));
  }
  return verbs;
}

TEST(ModelVerbs, TheCommandLineAndTheWorkerNameTheSame) {
  const auto of_worker = verbs_in(run({program("checkerlab-worker"), "model", "--help"}).out);
  EXPECT_TRUE(of_worker.contains("devices"));
  EXPECT_EQ(verbs_in(model({"--help"}).out), of_worker);
}

TEST(ModelVerbs, AreHandedOverWithTheirOptions) {
  const Finished devices = model({"devices", "--json"});
  EXPECT_TRUE(devices.status.ok()) << devices.err;
  EXPECT_NE(devices.out.find("\"device\":\"cpu\""), std::string::npos) << devices.out;
  EXPECT_NE(model({"devices", "--help"}).out.find("checkerlab model devices"), std::string::npos);
}

TEST(ModelVerbs, ErrorsAndExitCodesComeBack) {
  const Finished wrong = model({"devices", "--nonsense"});
  EXPECT_EQ(wrong.status.code, 1);
  EXPECT_NE(wrong.err.find("--nonsense"), std::string::npos) << wrong.err;
}

TEST(ModelVerbs, WithoutAWorkerBesideItTheProgramSaysWhatIsMissing) {
  const TemporaryFolder folder("checkerlab-alone");
  const auto alone = folder.path() / "checkerlab";
  std::filesystem::copy_file(program("checkerlab"), alone);
  const Finished refused = run({alone.string(), "model", "devices"});
  EXPECT_EQ(refused.status.code, 5);
  EXPECT_NE(refused.err.find("checkerlab-worker"), std::string::npos) << refused.err;
}

// Each has a help of its own with examples, and takes options before and behind words that are verbs elsewhere.
TEST(TopVerbs, AreHandedOverWithTheirOptions) {
  for (const std::string verb : {"features", "score"}) {
    const Finished help = run({program("checkerlab"), verb, "--help"});
    EXPECT_TRUE(help.status.ok()) << help.err;
    for (const std::string& part :
         {"checkerlab " + verb + " --network", std::string("Examples:"), std::string("--json")})
      EXPECT_NE(help.out.find(part), std::string::npos) << help.out;
    const Finished wrong =
        run({program("checkerlab"), verb, "--network", "model", "--out", "results", "web", "--nonsense"});
    EXPECT_EQ(wrong.status.code, 1);
    EXPECT_NE(wrong.err.find("--nonsense"), std::string::npos) << wrong.err;
    EXPECT_NE(wrong.err.find("See: checkerlab " + verb + " --help"), std::string::npos) << wrong.err;
  }
}

TEST(TopVerbs, NetworksOfTheDataDirectoryAreFoundByName) {
  const TemporaryFolder data("checkerlab-networks");
  const Finished refused = run({program("checkerlab"), "--data", data.path().string(), "features", "--network",
                                "nowhere", "--out", (data.path() / "f.safetensors").string(), data.path().string()});
  EXPECT_EQ(refused.status.code, 1);
  EXPECT_NE(refused.err.find((data.path() / "networks").string()), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace checkerlab::e2e
