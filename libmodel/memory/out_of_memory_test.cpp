#include "libmodel/memory/out_of_memory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "libmodel/memory/fitting_batch.hpp"

namespace checkerlab::model {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kGiB = std::int64_t{1} << 30;

TEST(FittingBatch, takesTheLineThroughTwoPeaks) {
  // 10 GiB for everything and 1 GiB an item; 0.95 · 80 = 76.
  EXPECT_EQ(fitting_batch(80 * kGiB, {4, 14 * kGiB}, {8, 18 * kGiB}, 256), 66);
  EXPECT_EQ(fitting_batch(80 * kGiB, {0, 10 * kGiB}, {1, 11 * kGiB}, 256), 66);
}

TEST(FittingBatch, isBelowWhatDidNotFit) {
  EXPECT_EQ(fitting_batch(80 * kGiB, {4, 14 * kGiB}, {8, 18 * kGiB}, 60), 59);
  EXPECT_EQ(fitting_batch(80 * kGiB, {0, 0}, {1, 1}, 2), 1);
  EXPECT_EQ(fitting_batch(80 * kGiB, {0, 0}, {1, 1}, 1), 0);
}

TEST(FittingBatch, isZeroWhereTheFixedPartAloneIsTooLarge) {
  EXPECT_EQ(fitting_batch(9 * kGiB, {4, 14 * kGiB}, {8, 18 * kGiB}, 256), 0);
  EXPECT_EQ(fitting_batch(0, {0, 0}, {1, 1}, 256), 0);
}

TEST(FittingBatch, takesFlatPeaksForItemsAlone) {
  EXPECT_EQ(fitting_batch(100 * kGiB, {1, 8 * kGiB}, {4, 8 * kGiB}, 256), 47);
}

// A device with `available` bytes on which b items need fixed + b · each.
class FakeMemory final : public DeviceMemory {
 public:
  FakeMemory(std::int64_t room, std::int64_t fixed, std::int64_t each) : room_(room), fixed_(fixed), each_(each) {}
  std::string name() const override { return "test device"; }
  std::int64_t available() const override { return room_; }
  std::int64_t peak() const override { return peak_; }
  std::int64_t in_use() const override { return fixed_; }
  void begin() override { peak_ = 0; }

  void work(std::int64_t items) {
    trials.push_back(items);
    const auto needed = fixed_ + items * each_ + (items > bump_from ? bump : 0);
    TORCH_CHECK_WITH(OutOfMemoryError, needed <= room_, "no room");
    peak_ = needed;
  }
  std::vector<std::int64_t> trials;
  std::int64_t bump = 0, bump_from = 0;  // more for larger batches than the line says

 private:
  std::int64_t room_, fixed_, each_, peak_ = 0;
};

std::int64_t found(FakeMemory& memory, std::int64_t tried) {
  return find_fitting_batch(memory, tried, [&](std::int64_t items) { memory.work(items); });
}

TEST(FindFittingBatch, estimatesAndTries) {
  FakeMemory memory(1000, 100, 10);
  EXPECT_EQ(found(memory, 128), 85);
  EXPECT_EQ(memory.trials.back(), 85);
  EXPECT_LE(memory.trials.size(), 4U);
}

TEST(FindFittingBatch, takesLessWhereTheEstimateWasTooGood) {
  FakeMemory memory(1000, 100, 10);
  memory.bump = 300;
  memory.bump_from = 60;
  const auto fitting = found(memory, 128);
  EXPECT_LE(fitting, 60);
  EXPECT_GE(fitting, 45);
}

TEST(FindFittingBatch, findsOneAndNone) {
  FakeMemory one(1000, 100, 850);
  EXPECT_EQ(found(one, 128), 1);
  FakeMemory none(1000, 100, 950);
  EXPECT_EQ(found(none, 128), 0);
  EXPECT_EQ(found(none, 1), 0);
}

TEST(OutOfMemory, saysWhatWasTriedAndWhatFits) {
  FakeMemory memory(80 * kGiB, 10 * kGiB, kGiB);
  const auto error = out_of_memory_error({"sampling", "images", "--batch"}, 256, &memory,
                                         [&](std::int64_t items) { memory.work(items); });
  EXPECT_EQ(error.code(), ErrorCode::out_of_memory);
  EXPECT_THAT(error.full_text(), HasSubstr("sampling 256 images at once"));
  EXPECT_THAT(error.full_text(), HasSubstr("test device has free, 70.0 GiB"));
  EXPECT_THAT(error.full_text(), HasSubstr("Set --batch to 66"));
}

TEST(OutOfMemory, advisesWhatDividesWhereItMust) {
  FakeMemory memory(80 * kGiB, 10 * kGiB, kGiB);
  const auto error = out_of_memory_error({"training on", "images", "micro_batch", 256}, 256, &memory,
                                         [&](std::int64_t items) { memory.work(items); });
  EXPECT_THAT(error.fix(), HasSubstr("Set micro_batch to 64: 66 fit, and it must divide 256"));
}

TEST(OutOfMemory, ofTheHostAdvisesHalf) {
  const auto failing = [] { TORCH_CHECK(false, "DefaultCPUAllocator: can't allocate memory: you tried"); };
  try {
    with_batch_advice({"training on", "images", "batch"}, 64, c10::kCPU, failing, [](std::int64_t) {});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::out_of_memory);
    EXPECT_THAT(error.fix(), HasSubstr("batch to 32"));
  }
}

TEST(OutOfMemory, otherErrorsPass) {
  const auto failing = [] { TORCH_CHECK(false, "shapes do not fit"); };
  EXPECT_THROW(with_batch_advice({"a", "b", "c"}, 4, c10::kCPU, failing, [](std::int64_t) {}), c10::Error);
}

}  // namespace
}  // namespace checkerlab::model
