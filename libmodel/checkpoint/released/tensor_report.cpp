#include "libmodel/checkpoint/released/tensor_report.hpp"

#include "base/error.hpp"
#include "libmodel/checkpoint/printable.hpp"

namespace checkerlab::model {
namespace {

std::string listed(const std::string& title, const std::vector<std::string>& lines, std::size_t most) {
  if (lines.empty()) return "";
  std::string text =
      "; " + std::to_string(lines.size()) + (lines.size() == 1 ? " tensor " : " tensors ") + title + ": ";
  for (std::size_t i = 0; i < lines.size() && i < most; ++i)
    text += (i > 0 ? ", " : "") + lines[i];
  return lines.size() > most ? text + " and " + std::to_string(lines.size() - most) + " more" : text;
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

void TensorReport::raise(const std::string& where, const std::string& what, const std::string& fix,
                         std::size_t most) const {
  if (empty()) return;
  const std::string all = listed("missing", missing_, most) + listed("of another shape", mis_shaped_, most) +
                          listed("not known", unknown_, most);
  throw Error(ErrorCode::invalid_data, where + " does not fit " + what + ": " + all.substr(2), fix);
}

}  // namespace checkerlab::model
