#include "libmodel/numpy/npz_file.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <numeric>
#include <string_view>

#include "base/error.hpp"
#include "libmodel/checkpoint/printable.hpp"

namespace checkerlab::model {
namespace {

constexpr std::string_view kEnding = ".npy";

std::string shown(const Archive& archive, const std::string& key) {
  return "the array '" + printable(key) + "' of " + archive.file().path().string();
}

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::invalid_data, where + " is not a usable NumPy array: " + what,
              "Write it anew, or copy or download it again");
}

// Where the file would land if someone unpacked the archive.
bool leads_out(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos) return true;
  while (!name.empty()) {
    const auto part = name.substr(0, name.find('/'));
    if (part == "..") return true;
    name.remove_prefix(std::min(name.size(), part.size() + 1));
  }
  return false;
}

NpyHeader read_header(EntryStream& stream, const std::string& where) {
  if (stream.size() < kNpyPreamble) refuse(where, "it has " + std::to_string(stream.size()) + " bytes");
  std::string start(kNpyPreamble, '\0');
  stream.read(start.data(), start.size());
  const auto place = parse_npy_preamble(start, where);
  if (place.begin + place.bytes > stream.size() || place.begin + place.bytes < kNpyPreamble)
    refuse(where, "it ends inside its header");
  std::string text = start.substr(place.begin);
  const std::size_t there = text.size();
  text.resize(place.bytes);
  stream.read(text.data() + there, place.bytes - there);
  return parse_npy_dictionary(text, where);
}

}  // namespace

NpzRows::NpzRows(std::shared_ptr<const Archive> archive, const std::string& key)
    : where_(shown(*archive, key)),
      stream_(archive, key + std::string(kEnding)),
      header_(read_header(stream_, where_)),
      data_(stream_.position()) {
  if (header_.bytes != stream_.left())
    refuse(where_, "its header claims " + header_.text() + ", which is " + std::to_string(header_.bytes) +
                       " bytes; the archive holds " + std::to_string(stream_.left()));
}

at::Tensor NpzRows::read(std::int64_t begin, std::int64_t end) {
  if (header_.shape.empty() || begin < 0 || end < begin || end > header_.rows())
    throw Error(ErrorCode::invalid_argument, where_ + " is " + header_.text() + "; it has no rows " +
                                                 std::to_string(begin) + " to " + std::to_string(end));
  if (header_.fortran_order && header_.shape.size() > 1)
    refuse(where_, "it is in Fortran order, which cannot be read row by row");
  auto shape = header_.shape;
  shape.front() = end - begin;
  at::Tensor rows = at::empty(shape, header_.type);
  stream_.seek(data_ + static_cast<std::uint64_t>(begin) * header_.row_bytes());
  stream_.read(rows.mutable_data_ptr(), rows.nbytes());
  return rows;
}

at::Tensor NpzRows::read_all() {
  auto shape = header_.shape;
  if (header_.fortran_order) std::reverse(shape.begin(), shape.end());
  at::Tensor all = at::empty(shape, header_.type);
  stream_.read(all.mutable_data_ptr(), all.nbytes());
  if (!header_.fortran_order) return all;
  std::vector<std::int64_t> axes(shape.size());
  std::iota(axes.rbegin(), axes.rend(), 0);
  return all.permute(axes).contiguous();
}

NpzFile::NpzFile(const std::filesystem::path& file)
    : archive_(std::make_shared<Archive>(std::make_shared<RandomFile>(file))) {
  for (const auto& [name, entry] : archive_->entries()) {
    if (leads_out(name)) archive_->refuse("the name of its entry '" + printable(name) + "' leads out of it");
    if (name.ends_with(kEnding)) keys_.push_back(name.substr(0, name.size() - kEnding.size()));
  }
  std::sort(keys_.begin(), keys_.end());
}

bool NpzFile::has(const std::string& key) const {
  return std::binary_search(keys_.begin(), keys_.end(), key);
}

std::string NpzFile::keys_text() const {
  if (keys_.empty()) return "no arrays";
  std::string text;
  for (const auto& key : keys_)
    text += (text.empty() ? "" : ", ") + printable(key);
  return text;
}

at::Tensor NpzFile::read(const std::string& key, std::uint64_t most) const {
  NpzRows member = rows(key);
  if (member.header().bytes > most)
    throw Error(ErrorCode::too_large, shown(*archive_, key) + " is " + member.header().text() + ", more than " +
                                          std::to_string(most) + " bytes");
  return member.read_all();
}

}  // namespace checkerlab::model
