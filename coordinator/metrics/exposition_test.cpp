#include "coordinator/metrics/exposition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/metrics/testing/exposition_parser.hpp"

namespace checkerlab::coordinator {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::parse_metrics;

TEST(Exposition, EscapesWhatLabelsHold) {
  Exposition text;
  text.family("x", "gauge", "Help with \\ and\nanother line.");
  text.sample(1.5, {{"worker", "a\"b\\c\nd"}, {"gpu", "0"}});
  const std::string written = text.take();
  EXPECT_EQ(
      written,
      "# HELP x Help with \\\\ and\\nanother line.\n# TYPE x gauge\nx{worker=\"a\\\"b\\\\c\\nd\",gpu=\"0\"} 1.5\n");
  EXPECT_THAT(parse_metrics(written).complaints, IsEmpty());
}

TEST(Exposition, AHistogramCountsUpToItsBounds) {
  Histogram histogram(kShortTimes);
  for (const double seconds : {0.0004, 0.001, 0.3, 1000.0})
    histogram.observe(seconds);
  Exposition text;
  text.family("t_seconds", "histogram", "Times.");
  text.sample(histogram, {{"route", "/x"}});
  const auto parsed = parse_metrics(text.take());
  EXPECT_THAT(parsed.complaints, IsEmpty());
  EXPECT_EQ(parsed.value("t_seconds_bucket{route=\"/x\",le=\"0.0005\"}"), 1);
  EXPECT_EQ(parsed.value("t_seconds_bucket{route=\"/x\",le=\"0.001\"}"), 2);
  EXPECT_EQ(parsed.value("t_seconds_bucket{route=\"/x\",le=\"0.5\"}"), 3);
  EXPECT_EQ(parsed.value("t_seconds_bucket{route=\"/x\",le=\"+Inf\"}"), 4);
  EXPECT_EQ(parsed.value("t_seconds_count{route=\"/x\"}"), 4);
  EXPECT_NEAR(parsed.value("t_seconds_sum{route=\"/x\"}"), 1000.3014, 1e-9);
}

// The reader itself complains about what Prometheus would.
TEST(ExpositionParser, IsStrict) {
  const std::string head = "# HELP a_total Help.\n# TYPE a_total counter\n";
  EXPECT_THAT(parse_metrics(head + "a_total 1\n").complaints, IsEmpty());
  for (const std::string& text :
       {head + "a_total 1", head + "a_total 1\na_total 2\n", head + "a_total one\n", head + "b 1\n",
        head + "a_total{x=\"1\",x=\"2\"} 1\n", head + "a_total{x=\"a\"b\"} 1\n",
        std::string("# HELP a Help.\n# TYPE a counter\na 1\n"),
        std::string("# HELP a_total \n# TYPE a_total counter\na_total 1\n"),
        std::string("# HELP a_ms Help.\n# TYPE a_ms gauge\na_ms 1\n"),
        std::string("# HELP h_seconds H.\n# TYPE h_seconds histogram\nh_seconds_bucket{le=\"1\"} 2\n"
                    "h_seconds_bucket{le=\"+Inf\"} 1\nh_seconds_sum 1\nh_seconds_count 1\n")}) {
    EXPECT_THAT(parse_metrics(text).complaints, Not(IsEmpty())) << text;
  }
}

}  // namespace
}  // namespace checkerlab::coordinator
