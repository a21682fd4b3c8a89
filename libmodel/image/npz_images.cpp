#include "libmodel/image/npz_images.hpp"

#include <ATen/ATen.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "libmodel/checkpoint/zip/writer.hpp"
#include "libmodel/numpy/npy_header.hpp"

namespace checkerlab::model {
namespace {

// A file's bytes, read only.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& file) : size_(std::filesystem::file_size(file)) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw errno_error(errno, "read " + file.string());
    data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
    const int failure = errno;
    ::close(descriptor);
    if (data_ == MAP_FAILED) throw errno_error(failure, "read " + file.string());
  }
  ~MappedFile() { ::munmap(data_, size_); }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const void* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_;
  void* data_ = nullptr;
};

}  // namespace

NpzImages::NpzImages(std::filesystem::path file)
    : file_(std::move(file)), raw_(file_.string() + ".pixels" + std::to_string(::getpid())) {
  errno = 0;
  stream_.open(raw_, std::ios::binary | std::ios::trunc);
  stream_ << std::string(kNpyHeaderBytes, ' ');  // the shape is known in the end
  check_stream();
}

void NpzImages::check_stream() const {
  if (!stream_) throw errno_error(errno == 0 ? EIO : errno, "write " + raw_.string());
}

NpzImages::~NpzImages() {
  stream_.close();
  std::error_code ignored;
  std::filesystem::remove(raw_, ignored);
}

void NpzImages::add(const at::Tensor& pixels, const at::Tensor& labels) {
  const at::Tensor plain = pixels.cpu().contiguous(), list = labels.to(at::kCPU, at::kLong).contiguous();
  const bool images = plain.dim() == 4 && plain.size(3) == 3 && plain.scalar_type() == at::kByte;
  if (!images || list.dim() != 1 || list.size(0) != plain.size(0))
    throw Error(ErrorCode::invalid_argument, "an image archive takes uint8 images [N, H, W, 3] and a label for each");
  if (labels_.empty()) {
    height_ = plain.size(1);
    width_ = plain.size(2);
  }
  if (plain.size(1) != height_ || plain.size(2) != width_)
    throw Error(ErrorCode::invalid_argument, "the images of one archive must have one size");
  errno = 0;
  stream_.write(static_cast<const char*>(plain.const_data_ptr()), static_cast<std::streamsize>(plain.nbytes()));
  check_stream();
  const auto* numbers = list.const_data_ptr<std::int64_t>();
  labels_.insert(labels_.end(), numbers, numbers + list.numel());
}

void NpzImages::finish() {
  if (labels_.empty()) throw Error(ErrorCode::invalid_argument, "an image archive needs at least one image");
  const auto count = static_cast<std::int64_t>(labels_.size());
  errno = 0;
  stream_.seekp(0) << npy_header("|u1", {count, height_, width_, 3});
  stream_.close();
  check_stream();
  const MappedFile pixels(raw_);
  std::string labels = npy_header("<i8", {count});
  labels.append(reinterpret_cast<const char*>(labels_.data()), labels_.size() * sizeof labels_[0]);
  ArchiveWriter archive(file_);
  archive.add("arr_0.npy", pixels.data(), pixels.size());
  archive.add("arr_1.npy", labels);
  archive.commit();
}

}  // namespace checkerlab::model
