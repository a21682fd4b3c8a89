#include "libmodel/data/released_shard.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "libmodel/checkpoint/safetensors_header.hpp"

namespace checkerlab::model {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLengthBytes = 8;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw Error(ErrorCode::invalid_data, path.string() + " is not a usable shard of a token cache: " + what,
              "Make or fetch the cache again.");
}

// Takes the header's events one by one; holds one tensor's description at a time.
class HeaderEvents final : public nlohmann::json_sax<Json> {
 public:
  HeaderEvents(const std::filesystem::path& path, std::uint64_t data_begin, std::uint64_t file_size,
               std::int64_t tokens, const std::function<void(const ReleasedEntry&)>& take)
      : path_(path), data_begin_(data_begin), file_size_(file_size), tokens_(tokens), take_(take) {}

  bool start_object(std::size_t) override {
    if (++depth_ == 2) {
      type_.clear();
      shape_.clear();
      offsets_.clear();
    }
    return depth_ <= 2;
  }
  bool end_object() override {
    if (depth_-- == 2 && name_ != "__metadata__") finish_tensor();
    return true;
  }
  bool key(string_t& text) override {
    (depth_ == 1 ? name_ : field_) = text;
    return true;
  }
  bool string(string_t& text) override {
    if (depth_ == 2 && field_ == "dtype") type_ = text;
    return depth_ == 2;
  }
  bool number_unsigned(number_unsigned_t value) override {
    auto& list = field_ == "shape" ? shape_ : offsets_;
    if (depth_ != 2 || list.size() > 2) return false;
    list.push_back(value);
    return true;
  }
  bool start_array(std::size_t) override { return depth_ == 2 && (field_ == "shape" || field_ == "data_offsets"); }
  bool end_array() override { return true; }
  bool null() override { return false; }
  bool boolean(bool) override { return false; }
  bool number_integer(number_integer_t) override { return false; }
  bool number_float(number_float_t, const string_t&) override { return false; }
  bool binary(binary_t&) override { return false; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  // "{i}_q" or "{i}_label"
  std::optional<ReleasedEntry> parse_name() const {
    ReleasedEntry entry;
    const auto* const end = name_.data() + name_.size();
    const auto parsed = std::from_chars(name_.data(), end, entry.image);
    const std::string_view rest(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
    if (parsed.ec != std::errc() || entry.image < 0 || (rest != "_q" && rest != "_label")) return std::nullopt;
    entry.is_label = rest == "_label";
    return entry;
  }

  void finish_tensor() {
    auto entry = parse_name();
    if (!entry) refuse(path_, "it has a tensor '" + name_ + "', which is neither tokens nor a label");
    const auto length = static_cast<std::uint64_t>(entry->is_label ? 1 : tokens_);
    if (type_ != "I16" || shape_ != std::vector<std::uint64_t>{length})
      refuse(path_, "the tensor '" + name_ + "' is not int16 [" + std::to_string(length) + "]");
    const auto room = file_size_ - data_begin_;
    if (offsets_.size() != 2 || offsets_[1] > room || offsets_[0] > offsets_[1] ||
        offsets_[1] - offsets_[0] != 2 * length)
      refuse(path_, "the tensor '" + name_ + "' lies outside the file or has offsets that do not fit its shape");
    entry->begin = data_begin_ + offsets_[0];
    take_(*entry);
  }

  const std::filesystem::path& path_;
  std::uint64_t data_begin_, file_size_;
  std::int64_t tokens_;
  const std::function<void(const ReleasedEntry&)>& take_;
  int depth_ = 0;
  std::string name_, field_, type_;
  std::vector<std::uint64_t> shape_, offsets_;
};

}  // namespace

void index_released_shard(const MappedFile& shard, const std::filesystem::path& path, std::int64_t tokens,
                          const std::function<void(const ReleasedEntry&)>& take) {
  if (shard.size() < kLengthBytes) refuse(path, "it is shorter than eight bytes");
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;)
    length = length << 8 | shard.data()[i];
  if (length > kMaxHeaderBytes || length > shard.size() - kLengthBytes)
    refuse(path, "its header is said to have " + std::to_string(length) + " bytes");
  const auto* const text = reinterpret_cast<const char*>(shard.data()) + kLengthBytes;
  HeaderEvents events(path, kLengthBytes + length, shard.size(), tokens, take);
  if (!Json::sax_parse(text, text + length, &events)) refuse(path, "its header is not that of a safetensors file");
}

}  // namespace checkerlab::model
