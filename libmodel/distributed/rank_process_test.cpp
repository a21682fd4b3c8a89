#include "libmodel/distributed/rank_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

using testing::HasSubstr;

class RankProcess : public testing::Test {
 protected:
  ~RankProcess() override {
    for (const auto& [name, value] : to_environment({}))
      ::unsetenv(name.c_str());
  }
  static void set(const RankSettings& settings) {
    for (const auto& [name, value] : to_environment(settings))
      ::setenv(name.c_str(), value.c_str(), 1);
  }
};

TEST_F(RankProcess, settingsPassThroughTheEnvironment) {
  EXPECT_FALSE(rank_settings());
  set({.rank = 2, .size = 4, .share_device = true, .timeout = std::chrono::milliseconds(1500)});
  const auto got = rank_settings();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->rank, 2);
  EXPECT_EQ(got->size, 4);
  EXPECT_TRUE(got->share_device);
  EXPECT_EQ(got->timeout.count(), 1500);
}

TEST_F(RankProcess, refusesSettingsThatCannotBe) {
  set({.rank = 4, .size = 4});
  EXPECT_THROW(rank_settings(), Error);
  set({.rank = 0, .size = 1000});
  EXPECT_THROW(rank_settings(), Error);
  ::setenv("CHECKERLAB_RANKS", "many", 1);
  EXPECT_THROW(rank_settings(), Error);
}

TEST_F(RankProcess, withoutSocketsIsAnError) {
  const int beyond_all = 20;  // the descriptors of so many ranks are not all open here
  EXPECT_THROW(join_ranks({.rank = 0, .size = beyond_all}, c10::kCPU), Error);
}

TEST(RankDevice, isAGpuEach) {
  const RankSettings third{.rank = 2, .size = 4};
  EXPECT_EQ(rank_device("cuda", third, 4), "cuda:2");
  EXPECT_EQ(rank_device("auto", third, 8), "cuda:2");
  EXPECT_EQ(rank_device("auto", third, 0), "auto");
  EXPECT_EQ(rank_device("cpu", third, 8), "cpu");
  EXPECT_EQ(rank_device("cuda:3", {}, 8), "cuda:3");
}

TEST(RankDevice, mayBeShared) {
  EXPECT_EQ(rank_device("cuda", {.rank = 1, .size = 2, .share_device = true}, 1), "cuda:0");
  EXPECT_EQ(rank_device("cuda:3", {.rank = 1, .size = 2, .share_device = true}, 4), "cuda:3");
}

TEST(RankDevice, sayWhatWouldDo) {
  try {
    rank_device("cuda", {.rank = 0, .size = 8}, 4);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.full_text(), HasSubstr("this machine has 4"));
    EXPECT_THAT(error.full_text(), HasSubstr("--ranks 4"));
  }
  EXPECT_THROW(rank_device("cuda:1", {.rank = 0, .size = 2}, 4), Error);
}

}  // namespace
}  // namespace checkerlab::model
