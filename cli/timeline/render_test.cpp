#include "cli/timeline/render.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;

Json timeline() {
  const auto time = [](const char* clock) { return std::string("2026-01-01T00:") + clock + ".000Z"; };
  return {{"key", std::string(64, 'a')},
          {"kind", "train_model"},
          {"label", "ratio 2"},
          {"state", "running"},
          {"now", time("10:00")},
          {"spans",
           {{{"phase", "blocked"}, {"from", time("00:00")}, {"to", time("02:00")}},
            {{"phase", "queued"}, {"from", time("02:00")}, {"to", time("04:00")}, {"attempt", 1}},
            {{"phase", "running"}, {"from", time("04:00")}, {"to", time("05:00")}, {"attempt", 1}, {"worker", "w"}},
            {{"phase", "running"}, {"from", time("05:00")}, {"to", nullptr}, {"attempt", 2}, {"worker", "w"}}}},
          {"events",
           {{{"event", "submitted"}, {"at", time("00:00")}},
            {{"event", "ended"},
             {"at", time("05:00")},
             {"attempt", 1},
             {"worker", "w"},
             {"state", "crashed"},
             {"message", "signal\x1b[2J 11"}},
            {{"event", "checkpoint"}, {"at", time("07:30")}, {"attempt", 2}, {"step", 5}, {"bytes", 9}}}}};
}

TEST(TimelineText, ShowsSpansOnOneAxis) {
  EXPECT_EQ(render_timeline(timeline(), 48),
            "train model · ratio 2 · running · submitted 202…\n"
            "\n"
            "              0 s      10 min 00 s\n"
            "blocked       ░░░░░                 2 min 00 s\n"
            "#1 queued         ░░░░░             2 min 00 s\n"
            "#1 running            ███           1 min 00 s\n"
            "#2 running              █████◆████  5 min 00 s …\n"
            "\n"
            "attempt 1 on w crashed: signal [2J 11\n"
            "◆ 1 checkpoint\n");
}

TEST(TimelineText, StandsAJobThatHasJustComeAndANarrowScreen) {
  Json fresh = timeline();
  fresh["spans"] = Json::array({{{"phase", "blocked"}, {"from", fresh["now"]}, {"to", nullptr}}});
  fresh["events"] = Json::array({{{"event", "submitted"}, {"at", fresh["now"]}}});
  EXPECT_NE(render_timeline(fresh, 60).find("blocked"), std::string::npos);
  EXPECT_NO_THROW(render_timeline(timeline(), 0));
  fresh["now"] = "yesterday";
  EXPECT_THROW(render_timeline(fresh, 60), Error);
}

}  // namespace
}  // namespace checkerlab::cli
