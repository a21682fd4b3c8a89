#include "libmodel/checkpoint/tensor_rows.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/files.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

class TensorRowsTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  fs::path file_ = folder_.path() / "rows.safetensors";
  at::Tensor a_ = torch::arange(60, torch::kFloat).view({20, 3});
  at::Tensor b_ = torch::arange(20, torch::kFloat).view({20, 1}) - 7;
  at::Tensor c_ = torch::arange(1000, torch::kFloat).view({20, 50}) / 3;

  void write(std::int64_t most, std::int64_t rows, std::int64_t step) {
    fs::remove(file_);
    TensorRowsWriter writer(file_, {{"z", 3}, {"b", 1}, {"c", 50}}, most);
    for (std::int64_t begin = 0; begin < rows; begin += step) {
      const auto end = std::min(begin + step, rows);
      writer.append({a_.slice(0, begin, end), b_.slice(0, begin, end), c_.slice(0, begin, end)});
    }
    EXPECT_EQ(writer.rows(), rows);
    EXPECT_FALSE(fs::exists(file_));
    writer.finish({{"kind", "test"}});
  }
};

TEST_F(TensorRowsTest, GiveAnOrdinaryFile) {
  for (const auto& [most, rows] : {std::pair{20, 20}, {20, 13}, {1000, 20}, {20, 0}}) {
    write(most, rows, 6);
    const auto contents = read_safetensors(file_);
    EXPECT_EQ(contents.tensors.size(), 3U);
    EXPECT_TRUE(torch::equal(contents.tensors.at("z"), a_.slice(0, 0, rows)));
    EXPECT_TRUE(torch::equal(contents.tensors.at("b"), b_.slice(0, 0, rows)));
    EXPECT_TRUE(torch::equal(contents.tensors.at("c"), c_.slice(0, 0, rows)));
    EXPECT_EQ(contents.metadata.at("kind"), "test");
  }
}

TEST_F(TensorRowsTest, LeaveNothingWhenTheyAreNotFinished) {
  {
    TensorRowsWriter writer(file_, {{"z", 3}}, 20);
    writer.append({a_});
    EXPECT_FALSE(fs::is_empty(folder_.path()));
    expect_error(ErrorCode::invalid_argument, "metadata", [&] { writer.finish({{"long", std::string(20000, 'x')}}); });
  }
  EXPECT_TRUE(fs::is_empty(folder_.path()));
  expect_error(ErrorCode::not_found, "no/such/folder", [&] { TensorRowsWriter("no/such/folder/x", {{"z", 3}}, 1); });
}

TEST_F(TensorRowsTest, RefuseWhatDoesNotFit) {
  TensorRowsWriter writer(file_, {{"z", 3}, {"b", 1}}, 20);
  for (const std::vector<at::Tensor>& rows :
       {std::vector<at::Tensor>{a_}, {b_, a_}, {a_, b_.slice(0, 1)}, {a_.to(torch::kDouble), b_}})
    expect_error(ErrorCode::invalid_argument, "do not fit", [&] { writer.append(rows); });
  writer.append({a_, b_});
  expect_error(ErrorCode::invalid_argument, "do not fit", [&] { writer.append({a_, b_}); });
}

}  // namespace
}  // namespace checkerlab::model
