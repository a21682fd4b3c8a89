#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "cli/testing/fake_coordinator.hpp"
#include "cli/testing/lab_folder.hpp"

namespace checkerlab::cli {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class Reproduce : public ::testing::Test {
 protected:
  Reproduce() { lab.write("token", "secret\n"); }

  testing::Outcome call(std::vector<std::string> args) {
    args.insert(args.begin(), "reproduce");
    args.insert(args.end(), {"--out", lab.path() + "/out", "--url", server.url()});
    return lab.run_here(args);
  }
  std::string written(const std::string& name) { return SystemFiles().read(lab.path() + "/out/" + name); }
  // Answers the next query, then all after it with no rows.
  void answer(const std::vector<std::string>& columns, const json& rows) {
    server.answer("POST /api/v1/query", {{"columns", columns}, {"rows", rows}, {"truncated", false}});
  }

  testing::FakeCoordinator server;
  testing::LabFolder lab;
};

TEST_F(Reproduce, TheOrderNeedsNoCoordinator) {
  const auto outcome = lab.run_here({"reproduce", "fig3", "--out", lab.path() + "/out"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(written("fig3.svg"), HasSubstr("<title>row 1, column 1: step 1</title>"));
  EXPECT_THAT(written("fig3.md"), HasSubstr("![The order in 8 steps, and in full](fig3.svg)"));
  EXPECT_THAT(written("fig3.html"), HasSubstr("<svg"));
  EXPECT_THAT(written("fig3.csv"), HasSubstr("measured,Place of each location in the order,1,column 1,,1,"));
  EXPECT_THAT(outcome.out, HasSubstr(lab.path() + "/out/fig3.html\n"));
}

TEST_F(Reproduce, AnEmptyDatabaseIsNotAnError) {
  answer({"id", "name", "title", "state"}, json::array());
  const auto outcome = call({"table1", "--json"});
  // Nothing can be asked of no study but whether the views are there.
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const auto document = json::parse(outcome.out);
  EXPECT_EQ(document.at("tables")[0].at("rows")[0].at("cells")[1].at("verdict"), "not run");
  EXPECT_THAT(document.at("notes")[0].get<std::string>(), HasSubstr("checkerlab run sweeps/paper/table1-2x.yaml"));
  EXPECT_EQ(document.at("files").size(), 4u);
}

TEST_F(Reproduce, BadInputWritesNothing) {
  EXPECT_THAT(call({"fig55"}).err, HasSubstr("Did you mean fig5?"));
  EXPECT_THAT(call({"fig5", "--score", "a=b.json"}).err, HasSubstr("table1 and table2 only"));
  EXPECT_THAT(call({"table1", "--score", "VAR-d16"}).err, HasSubstr("is not ROW=FILE"));
  EXPECT_THAT(call({"table1", "--score", "VAR-d16=/no/such.json"}).err, HasSubstr("/no/such.json"));
  answer({"id", "name", "title", "state"}, {{"1", "demo", "", "succeeded"}});
  const auto unknown = call({"fig5", "--study", "dmeo"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("Did you mean 'demo'?"));
  EXPECT_FALSE(std::filesystem::exists(lab.path() + "/out"));
}

TEST_F(Reproduce, AFolderThatCannotBeMadeIsNamed) {
  const std::string file = lab.write("file", "");
  const auto outcome = lab.run_here({"reproduce", "fig1", "--out", file + "/out"});
  EXPECT_EQ(outcome.code, 5);
  EXPECT_THAT(outcome.err, HasSubstr(file + "/out"));
}

}  // namespace
}  // namespace checkerlab::cli
