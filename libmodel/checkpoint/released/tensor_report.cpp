#include "libmodel/checkpoint/released/tensor_report.hpp"

#include "base/error.hpp"
#include "libmodel/checkpoint/printable.hpp"

namespace checkerlab::model {
namespace {

std::string listed(const std::string& title, const std::vector<std::string>& lines) {
  constexpr std::size_t kMost = 200;
  if (lines.empty()) return "";
  std::string text =
      "; " + std::to_string(lines.size()) + (lines.size() == 1 ? " tensor " : " tensors ") + title + ": ";
  for (std::size_t i = 0; i < lines.size() && i < kMost; ++i)
    text += (i > 0 ? ", " : "") + lines[i];
  return lines.size() > kMost ? text + " and " + std::to_string(lines.size() - kMost) + " more" : text;
}

}  // namespace

std::string shape_text(c10::IntArrayRef shape) {
  std::string text = "[";
  for (const std::int64_t size : shape)
    text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

void TensorReport::missing(const std::string& name, c10::IntArrayRef expected) {
  missing_.push_back(printable(name) + " " + shape_text(expected));
}

void TensorReport::mis_shaped(const std::string& name, c10::IntArrayRef found, c10::IntArrayRef expected) {
  mis_shaped_.push_back(printable(name) + " is " + shape_text(found) + ", not " + shape_text(expected));
}

void TensorReport::unknown(const std::string& name, c10::IntArrayRef found) {
  unknown_.push_back(printable(name) + " " + shape_text(found));
}

void TensorReport::raise(const std::string& where, const std::string& what, const std::string& fix) const {
  if (empty()) return;
  const std::string all =
      listed("missing", missing_) + listed("of another shape", mis_shaped_) + listed("not known", unknown_);
  throw Error(ErrorCode::invalid_data, where + " does not fit " + what + ": " + all.substr(2), fix);
}

}  // namespace checkerlab::model
