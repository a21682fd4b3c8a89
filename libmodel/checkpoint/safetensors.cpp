#include "libmodel/checkpoint/safetensors.hpp"

#include <ATen/ops/empty.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/checkpoint/safetensors_header.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLengthBytes = 8;

[[noreturn]] void refuse(const fs::path& file, const std::string& what) {
  throw Error(ErrorCode::invalid_data, file.string() + " is not a usable safetensors file: " + what,
              "Make or fetch the file again");
}

void read_exactly(std::ifstream& stream, char* into, std::uint64_t bytes, const fs::path& file) {
  stream.read(into, static_cast<std::streamsize>(bytes));
  if (!stream) throw Error(ErrorCode::io_error, "read " + file.string() + ": the file ended or could not be read");
}

std::uint64_t decode_length(const std::array<unsigned char, kLengthBytes>& bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) {
    value = value << 8 | bytes[i];
  }
  return value;
}

std::array<char, kLengthBytes> encode_length(std::uint64_t value) {
  std::array<char, kLengthBytes> bytes{};
  for (auto& byte : bytes) {
    byte = static_cast<char>(value & 0xff);
    value >>= 8;
  }
  return bytes;
}

TensorHeader describe(const TensorFile& contents) {
  TensorHeader header{.metadata = contents.metadata};
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : contents.tensors) {
    if (name == "__metadata__" || !tensor.defined())
      throw Error(ErrorCode::invalid_argument, "a tensor named '" + name + "' cannot be written to safetensors");
    TensorEntry entry{.name = name, .type = tensor.scalar_type(), .shape = tensor.sizes().vec(), .begin = offset};
    offset += tensor.nbytes();
    entry.end = offset;
    header.entries.push_back(std::move(entry));
  }
  return header;
}

void write_stream(std::ofstream& stream, const TensorFile& contents) {
  const std::string header = format_tensor_header(describe(contents));
  const auto length = encode_length(header.size());
  stream.write(length.data(), length.size());
  stream.write(header.data(), static_cast<std::streamsize>(header.size()));
  for (const auto& [name, tensor] : contents.tensors) {
    const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
    stream.write(static_cast<const char*>(plain.const_data_ptr()), static_cast<std::streamsize>(plain.nbytes()));
  }
  stream.close();
}

}  // namespace

const at::Tensor& TensorFile::at(const std::string& name, const fs::path& where) const {
  const auto found = tensors.find(name);
  if (found == tensors.end()) refuse(where, "it holds no tensor '" + name + "'");
  return found->second;
}

namespace {

struct OpenFile {
  std::ifstream stream;  // at the first byte of data
  TensorHeader header;
};

OpenFile open_safetensors(const fs::path& file) {
  std::error_code failure;
  const std::uint64_t size = fs::file_size(file, failure);
  if (failure) throw errno_error(failure.value(), "read " + file.string());
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw errno_error(errno, "read " + file.string());
  if (size < kLengthBytes) refuse(file, "it is shorter than eight bytes");

  std::array<unsigned char, kLengthBytes> length_bytes{};
  read_exactly(stream, reinterpret_cast<char*>(length_bytes.data()), kLengthBytes, file);
  const std::uint64_t length = decode_length(length_bytes);
  if (length > kMaxHeaderBytes || length > size - kLengthBytes)
    refuse(file, "its header is said to have " + std::to_string(length) + " bytes");
  std::string text(length, '\0');
  read_exactly(stream, text.data(), length, file);

  return {std::move(stream), parse_tensor_header(text, size - kLengthBytes - length, file.string())};
}

}  // namespace

TensorHeader read_safetensors_header(const fs::path& file) {
  return open_safetensors(file).header;
}

std::map<std::string, std::string> read_safetensors_metadata(const fs::path& file) {
  return open_safetensors(file).header.metadata;
}

TensorFile read_safetensors(const fs::path& file) {
  auto [stream, header] = open_safetensors(file);
  TensorFile contents{.tensors = {}, .metadata = std::move(header.metadata)};
  for (const TensorEntry& entry : header.entries) {
    at::Tensor tensor = at::empty(entry.shape, entry.type);
    read_exactly(stream, static_cast<char*>(tensor.mutable_data_ptr()), entry.end - entry.begin, file);
    contents.tensors.emplace(entry.name, std::move(tensor));
  }
  return contents;
}

void write_safetensors(const fs::path& file, const TensorFile& contents) {
  const fs::path temporary = file.string() + ".tmp" + std::to_string(::getpid());
  SystemFiles files;
  try {
    errno = 0;
    std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
    if (stream) write_stream(stream, contents);
    if (!stream) throw errno_error(errno == 0 ? EIO : errno, "write " + temporary.string());
    files.commit(temporary, file);
  } catch (...) {
    files.remove(temporary);
    throw;
  }
}

}  // namespace checkerlab::model
