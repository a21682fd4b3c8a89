#include "libmodel/data/token_spill.hpp"

#include <torch/types.h>
#include <unistd.h>

#include <cstring>

#include "base/error.hpp"

namespace checkerlab::model {

namespace fs = std::filesystem;

namespace {

fs::path fresh_folder(const fs::path& parent) {
  const auto folder = parent / (".tokens." + std::to_string(::getpid()));
  std::error_code error;
  fs::remove_all(folder, error);
  fs::create_directories(folder, error);
  if (error) throw Error(ErrorCode::io_error, "cannot make the folder " + folder.string() + ": " + error.message());
  return folder;
}

}  // namespace

TokenSpill::TokenSpill(const fs::path& parent, std::int64_t images, std::int64_t crops, const std::vector<int>& sides)
    : folder_(fresh_folder(parent)), images_(images), crops_(crops) {
  try {
    for (const int side : sides) {
      const auto bytes = static_cast<std::uint64_t>(images * crops * side * side) * sizeof(std::int16_t);
      files_.emplace(side, MappedFile::create(folder_ / std::to_string(side), bytes));
    }
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    throw;
  }
}

TokenSpill::~TokenSpill() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void TokenSpill::put(const std::vector<std::size_t>& places, int side, const torch::Tensor& tokens) {
  const auto rows = tokens.to(torch::kInt16).contiguous();
  const auto row_bytes = static_cast<std::size_t>(crops_ * side * side) * sizeof(std::int16_t);
  const auto* source = reinterpret_cast<const std::uint8_t*>(rows.const_data_ptr<std::int16_t>());
  auto* const target = files_.at(side).data();
  for (const auto place : places) {
    std::memcpy(target + place * row_bytes, source, row_bytes);
    source += row_bytes;
  }
}

torch::Tensor TokenSpill::tokens(int side) {
  return torch::from_blob(files_.at(side).data(), {images_, crops_, std::int64_t{side} * side}, torch::kInt16);
}

}  // namespace checkerlab::model
