#include "libmodel/data/tar_reader.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "libmodel/data/tar_header.hpp"
#include "libmodel/data/tar_stream.hpp"

namespace checkerlab::model {

namespace {

constexpr std::uint64_t kMaxHeaderText = 1 << 20;  // a pax header or long name beyond this is an attack
constexpr std::uint64_t kMaxEntry = std::uint64_t{1} << 50;

std::uint64_t padding_of(std::uint64_t size) {
  return (kTarBlock - size % kTarBlock) % kTarBlock;
}

}  // namespace

struct TarReader::Extensions {
  std::optional<std::string> name;
  std::optional<std::uint64_t> size;
};

struct TarReader::Header {
  std::string name;
  std::uint64_t size = 0;
  char type = '0';
};

TarReader::TarReader(const std::filesystem::path& archive) : archive_(archive), stream_(open_tar_stream(archive)) {}

TarReader::~TarReader() = default;

void TarReader::damaged(const std::string& reason) const {
  throw Error(ErrorCode::invalid_data, "the archive " + archive_.string() + " is damaged: " + reason,
              "Fetch or make the archive again.");
}

std::optional<TarReader::Header> TarReader::read_header() {
  TarBlock block{};
  const auto got = stream_->read(block.data(), block.size());
  if (got < 0) damaged(stream_->error());
  at_ += kTarBlock;
  if (got == 0 || is_zero(block)) return std::nullopt;
  if (got < static_cast<std::int64_t>(kTarBlock)) damaged("it ends inside a header");
  if (!checksum_fits(block))
    damaged("a header after " + entry_.name + " has a wrong checksum, or this is no tar archive");
  const auto size = stored_size(block);
  if (!size || *size > kMaxEntry) damaged("an entry has no sensible size");
  return Header{stored_name(block), *size, stored_type(block)};
}

std::string TarReader::read_text(std::uint64_t size) {
  if (size > kMaxHeaderText) damaged("a name is longer than " + std::to_string(kMaxHeaderText) + " bytes");
  std::string text(size + padding_of(size), '\0');
  if (stream_->read(text.data(), text.size()) != static_cast<std::int64_t>(text.size()))
    damaged("it ends inside a name");
  at_ += text.size();
  text.resize(size);
  return text;
}

// Records are "LENGTH KEY=VALUE\n", LENGTH counting the whole record.
void TarReader::apply_pax(const std::string& records, Extensions& extensions) const {
  std::string_view rest = records;
  while (!rest.empty()) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), length);
    const auto digits = static_cast<std::size_t>(end - rest.data());
    if (error != std::errc() || length <= digits + 1 || length > rest.size() || *end != ' ' ||
        rest[length - 1] != '\n') {
      damaged("an extended header cannot be read");
    }
    const auto record = rest.substr(digits + 1, length - digits - 2);
    const auto equals = record.find('=');
    if (equals == std::string_view::npos) damaged("an extended header cannot be read");
    const auto key = record.substr(0, equals);
    const auto value = record.substr(equals + 1);
    if (key == "path") extensions.name = std::string(value);
    if (key == "size") {
      std::uint64_t size = 0;
      const auto parsed = std::from_chars(value.data(), value.data() + value.size(), size);
      if (parsed.ec != std::errc() || size > kMaxEntry) damaged("an entry has no sensible size");
      extensions.size = size;
    }
    rest.remove_prefix(length);
  }
}

void TarReader::skip_rest() {
  if (!stream_->skip(unread_ + padding_)) damaged("it ends inside " + entry_.name);
  at_ += unread_ + padding_;
  unread_ = padding_ = 0;
}

std::optional<TarEntry> TarReader::next() {
  skip_rest();
  Extensions extensions;
  while (const auto header = read_header()) {
    if (header->type == 'L') {
      extensions.name = read_text(header->size).c_str();
      continue;
    }
    if (header->type == 'x') {
      apply_pax(read_text(header->size), extensions);
      continue;
    }
    const auto name = safe_relative_name(extensions.name.value_or(header->name));
    if (!name) damaged("the entry '" + extensions.name.value_or(header->name) + "' leads out of the archive");
    entry_ = {*name, extensions.size.value_or(header->size), at_};
    unread_ = entry_.size;
    padding_ = padding_of(entry_.size);
    extensions = {};
    if (header->type == '0' || header->type == '7') return entry_;
    if (header->type != '5' && header->type != 'g' && header->type != 'K') {
      damaged("the entry '" + *name + "' is a link or a special file");
    }
    skip_rest();
  }
  return std::nullopt;
}

std::vector<std::uint8_t> TarReader::read(std::uint64_t limit) {
  if (unread_ > limit) {
    throw Error(ErrorCode::too_large, "the entry " + entry_.name + " of " + archive_.string() + " has " +
                                          std::to_string(unread_) + " bytes; the limit is " + std::to_string(limit));
  }
  std::vector<std::uint8_t> bytes(unread_);
  if (stream_->read(bytes.data(), unread_) != static_cast<std::int64_t>(unread_))
    damaged("it ends inside " + entry_.name);
  at_ += unread_;
  unread_ = 0;
  return bytes;
}

}  // namespace checkerlab::model
