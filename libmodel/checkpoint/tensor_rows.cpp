#include "libmodel/checkpoint/tensor_rows.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/checkpoint/safetensors_header.hpp"

namespace checkerlab::model {
namespace {

// Length and header; the header is padded with blanks to fill it.
constexpr std::uint64_t kHeaderRoom = 16u << 10, kLengthBytes = 8;

std::uint64_t row_bytes(const TensorColumn& column) {
  return static_cast<std::uint64_t>(column.width) * sizeof(float);
}

}  // namespace

TensorRowsWriter::TensorRowsWriter(std::filesystem::path file, std::vector<TensorColumn> columns,
                                   std::int64_t most_rows)
    : file_(std::move(file)),
      temporary_(file_.string() + ".tmp" + std::to_string(::getpid())),
      columns_(std::move(columns)),
      most_rows_(most_rows) {
  descriptor_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) throw errno_error(errno, "write " + temporary_.string());
  const auto bytes = region(columns_.size(), most_rows_);
  const int failure = ::posix_fallocate(descriptor_, 0, static_cast<off_t>(bytes));
  if (failure == 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
  throw errno_error(failure, "reserve " + std::to_string(bytes) + " bytes for " + temporary_.string());
}

TensorRowsWriter::~TensorRowsWriter() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

// Where a table begins when every table has so many rows.
std::uint64_t TensorRowsWriter::region(std::size_t column, std::int64_t rows) const {
  std::uint64_t place = kHeaderRoom;
  for (std::size_t i = 0; i < column; ++i)
    place += static_cast<std::uint64_t>(rows) * row_bytes(columns_[i]);
  return place;
}

void TensorRowsWriter::write(std::uint64_t place, const void* data, std::uint64_t bytes) {
  const auto* from = static_cast<const char*>(data);
  while (bytes > 0) {
    const auto done = ::pwrite(descriptor_, from, bytes, static_cast<off_t>(place));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) throw errno_error(done < 0 ? errno : EIO, "write " + temporary_.string());
    from += done;
    place += static_cast<std::uint64_t>(done);
    bytes -= static_cast<std::uint64_t>(done);
  }
}

void TensorRowsWriter::append(const std::vector<at::Tensor>& rows) {
  const auto count = rows.empty() ? 0 : rows.front().size(0);
  bool fits = rows.size() == columns_.size() && count <= most_rows_ - rows_;
  for (std::size_t i = 0; fits && i < rows.size(); ++i)
    fits = rows[i].scalar_type() == at::kFloat && rows[i].is_cpu() && rows[i].dim() == 2 && rows[i].size(0) == count &&
           rows[i].size(1) == columns_[i].width;
  if (!fits) throw Error(ErrorCode::invalid_argument, "rows for " + file_.string() + " do not fit its tables");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const at::Tensor plain = rows[i].contiguous();
    write(region(i, most_rows_) + static_cast<std::uint64_t>(rows_) * row_bytes(columns_[i]), plain.const_data_ptr(),
          plain.nbytes());
  }
  rows_ += count;
}

// Within the file, to a lower place.
void TensorRowsWriter::move_down(std::uint64_t from, std::uint64_t to, std::uint64_t bytes) {
  std::vector<char> buffer(std::min<std::uint64_t>(bytes, 8u << 20));
  while (bytes > 0) {
    const auto wanted = std::min<std::uint64_t>(bytes, buffer.size());
    const auto got = ::pread(descriptor_, buffer.data(), wanted, static_cast<off_t>(from));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw errno_error(got < 0 ? errno : EIO, "read " + temporary_.string());
    write(to, buffer.data(), static_cast<std::uint64_t>(got));
    from += static_cast<std::uint64_t>(got);
    to += static_cast<std::uint64_t>(got);
    bytes -= static_cast<std::uint64_t>(got);
  }
}

std::string TensorRowsWriter::header(const std::map<std::string, std::string>& metadata) const {
  TensorHeader header{.entries = {}, .metadata = metadata};
  for (std::size_t i = 0; i < columns_.size(); ++i)
    header.entries.push_back({.name = columns_[i].name,
                              .type = c10::ScalarType::Float,
                              .shape = {rows_, columns_[i].width},
                              .begin = region(i, rows_) - kHeaderRoom,
                              .end = region(i + 1, rows_) - kHeaderRoom});
  std::string text = format_tensor_header(header);
  if (text.size() > kHeaderRoom - kLengthBytes)
    throw Error(ErrorCode::invalid_argument,
                "the metadata of " + file_.string() + " are longer than " + std::to_string(kHeaderRoom) + " bytes");
  text.resize(kHeaderRoom - kLengthBytes, ' ');
  return text;
}

void TensorRowsWriter::finish(const std::map<std::string, std::string>& metadata) {
  const std::string text = header(metadata);
  for (std::size_t i = 1; i < columns_.size() && rows_ < most_rows_; ++i)
    move_down(region(i, most_rows_), region(i, rows_), static_cast<std::uint64_t>(rows_) * row_bytes(columns_[i]));
  if (::ftruncate(descriptor_, static_cast<off_t>(region(columns_.size(), rows_))) != 0)
    throw errno_error(errno, "write " + temporary_.string());
  const std::uint64_t length = text.size();  // little endian, as the machine is
  write(0, &length, kLengthBytes);
  write(kLengthBytes, text.data(), text.size());
  SystemFiles().commit(temporary_, file_);
  ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace checkerlab::model
