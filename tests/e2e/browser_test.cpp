// The real page of a real coordinator in a real browser, after a real study (tests/browser/real.spec.ts).
#include <gtest/gtest.h>

#include "tests/e2e/stack.hpp"

namespace checkerlab::e2e {
namespace {

TEST(Page, ShowsAFinishedStudyInABrowser) {
  Stack stack;
  stack.start_coordinator();
  stack.start_worker();
  ASSERT_TRUE(stack.cli({"submit", e2e_file("tiny.yaml")}).status.ok());
  const Finished watched = stack.cli({"watch", "tiny"});
  ASSERT_TRUE(watched.status.ok()) << watched.out << watched.err;
  const Finished web = stack.cli({"web", "--json"});
  ASSERT_TRUE(web.status.ok()) << web.err;
  const std::string link = rpc::Json::parse(web.out).at("url").get<std::string>();

  const Finished browser = run({"/bin/sh", "-c", "cd web && exec npx playwright test"}, std::chrono::seconds(240),
                               {{"CHECKERLAB_URL", link}, {"CHECKERLAB_STUDY", "tiny"}});
  EXPECT_TRUE(browser.status.ok()) << browser.out << browser.err;
}

}  // namespace
}  // namespace checkerlab::e2e
