#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "cli/app.hpp"
#include "cli/completion/scripts.hpp"
#include "cli/testing/lab_folder.hpp"

namespace checkerlab::cli {
namespace {

using testing::LabFolder;

CompletionTree tree() {
  CommandLine line;
  return completion_tree(line.app());
}

const CompletionCommand& command(const CompletionTree& tree, const std::string& name) {
  return *std::find_if(tree.commands.begin(), tree.commands.end(), [&](const auto& c) { return c.name == name; });
}

std::string output_of(const std::string& shell_command) {
  FILE* pipe = ::popen(shell_command.c_str(), "r");
  std::string text;
  char buffer[4096];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    text.append(buffer, count);
  ::pclose(pipe);
  return text;
}

// What bash offers when TAB is pressed behind `line`.
std::string offered(const std::string& script, const std::string& line, int word) {
  return output_of("bash -c 'source " + script + "; COMP_WORDS=(" + line + "); COMP_CWORD=" + std::to_string(word) +
                   "; _checkerlab 2>/dev/null; echo \"${COMPREPLY[*]}\"' 2>&1");
}

TEST(CompletionTree, KnowsVerbsOptionsAndChoices) {
  const auto known = tree();
  EXPECT_EQ(known.commands.size(), all_verbs().size());
  const auto& results = command(known, "results");
  const auto format = std::find_if(results.options.begin(), results.options.end(), [](const auto& option) {
    return std::find(option.names.begin(), option.names.end(), "--format") != option.names.end();
  });
  ASSERT_NE(format, results.options.end());
  EXPECT_EQ(format->value, ValueKind::choice);
  EXPECT_EQ(format->choices.size(), 4U);
  EXPECT_EQ(command(known, "run").positionals.at(0).value, ValueKind::file);
}

TEST(BashCompletion, OffersVerbsOptionsAndValues) {
  const LabFolder folder;
  const auto script = folder.write("completion.bash", bash_completion(tree()));
  EXPECT_EQ(offered(script, "checkerlab wa", 1), "watch\n");
  EXPECT_EQ(offered(script, "checkerlab run --dr", 2), "--dry-run\n");
  EXPECT_EQ(offered(script, "checkerlab results --format c", 3), "csv\n");
  EXPECT_EQ(offered(script, "checkerlab jobs --state fa", 3), "failed\n");
  EXPECT_EQ(offered(script, "checkerlab completion z", 2), "zsh\n");
  EXPECT_EQ(offered(script, "checkerlab model dev", 2), "devices\n");
}

TEST(ZshCompletion, NamesEveryVerbAndOption) {
  const std::string script = zsh_completion(tree());
  EXPECT_EQ(script.rfind("#compdef checkerlab\n", 0), 0U);
  for (const VerbEntry& entry : all_verbs()) {
    EXPECT_NE(script.find("      " + std::string(entry.name) + ")\n        _arguments"), std::string::npos);
  }
  EXPECT_NE(script.find("*--format["), std::string::npos);
  EXPECT_NE(script.find("(default\\: the data directory'\\''s)]:value:_files"), std::string::npos);
}

TEST(FishCompletion, NamesEveryVerbAndOption) {
  const std::string script = fish_completion(tree());
  for (const VerbEntry& entry : all_verbs()) {
    EXPECT_NE(script.find("__fish_use_subcommand -a " + std::string(entry.name) + " -d '"), std::string::npos);
  }
  EXPECT_NE(script.find("__fish_seen_subcommand_from run' -l dry-run"), std::string::npos);
}

}  // namespace
}  // namespace checkerlab::cli
