#include "libmodel/data/released_metadata.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.hpp"
#include "base/files.hpp"

namespace checkerlab::model {

namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMostImages = std::int64_t{1} << 31;
constexpr std::int64_t kMostShards = 65535;

// Reads one metadata file; every complaint names it.
class MetadataReader {
 public:
  explicit MetadataReader(const std::filesystem::path& path) : path_(path) {
    SystemFiles files;
    const auto text = files.read(path);
    // The map of a large cache is taken entry by entry; it never stands in memory as JSON.
    bool in_map = false;
    std::string key;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
      if (event == Json::parse_event_t::key && depth == 1) in_map = parsed == "shard_map";
      if (!in_map || depth != 2) return true;
      if (event == Json::parse_event_t::key) {
        key = parsed.get<std::string>();
        return false;
      }
      if (event == Json::parse_event_t::value) note_place(key, parsed);
      return true;
    };
    json_ = Json::parse(text, watch, /*allow_exceptions=*/false);
    require(json_.is_object(), "it is no JSON object");
  }

  ReleasedMetadata read() {
    ReleasedMetadata metadata;
    metadata.images = number("num_images", 1, kMostImages);
    metadata.shards = number("num_shards", 1, kMostShards);
    metadata.entries_per_shard = number("max_entries_per_shard", 1, kMostImages);
    read_classes(metadata);
    read_shapes(metadata);
    read_map(metadata);
    return metadata;
  }

 private:
  void require(bool condition, const std::string& problem) const {
    if (condition) return;
    throw Error(ErrorCode::invalid_data, "the token cache's " + path_.string() + " is broken: " + problem,
                "Make or fetch the cache again.");
  }

  void note_place(const std::string& key, const Json& shard) {
    std::int64_t image = -1;
    const auto parsed = std::from_chars(key.data(), key.data() + key.size(), image);
    const bool whole = !key.empty() && parsed.ec == std::errc() && parsed.ptr == key.data() + key.size();
    require(whole && image >= 0 && image < kMostImages && shard.is_number_unsigned() &&
                shard.get<std::uint64_t>() < static_cast<std::uint64_t>(kMostShards),
            "the entry '" + key + "' of shard_map is not an image and a shard");
    places_.emplace_back(image, static_cast<std::uint16_t>(shard.get<std::uint64_t>()));
  }

  std::int64_t number(const char* key, std::int64_t low, std::int64_t high) const {
    const auto found = json_.find(key);
    const bool there = found != json_.end() && found->is_number_integer();
    require(there, std::string(key) + " is missing or no integer");
    const auto value = found->get<std::int64_t>();
    require(value >= low && value <= high, std::string(key) + " is " + std::to_string(value));
    return value;
  }

  void read_classes(ReleasedMetadata& metadata) const {
    const auto found = json_.find("classes");
    require(found != json_.end() && found->is_array(), "classes is missing or no list");
    for (const auto& name : *found) {
      require(name.is_string(), "classes holds something else than names");
      metadata.classes.push_back(name.get<std::string>());
    }
    const auto count = number("num_classes", 1, 32767);
    require(count == static_cast<std::int64_t>(metadata.classes.size()),
            "num_classes is " + std::to_string(count) + ", but " + std::to_string(metadata.classes.size()) +
                " classes are named");
  }

  void read_shapes(ReleasedMetadata& metadata) const {
    const auto shapes = json_.find("q_shapes");
    require(shapes != json_.end() && shapes->is_array() && !shapes->empty(), "q_shapes is missing or no list");
    std::vector<std::int64_t> cuts;
    std::int64_t sum = 0;
    metadata.crops = 0;
    for (const auto& shape : *shapes) {
      const bool fits =
          shape.is_array() && shape.size() == 3 && std::all_of(shape.begin(), shape.end(), [](const Json& n) {
            return n.is_number_unsigned() && n.get<std::uint64_t>() - 1 < 1024;
          });
      require(fits && shape[1] == shape[2], "q_shapes holds " + shape.dump() + ", not [crops, S, S]");
      const auto crops = shape[0].get<std::int64_t>();
      const auto side = shape[1].get<int>();
      require(metadata.crops == 0 || metadata.crops == crops, "q_shapes has different numbers of crops");
      require(metadata.sides.empty() || metadata.sides.back() < side, "the sides in q_shapes do not ascend");
      metadata.crops = crops;
      metadata.sides.push_back(side);
      cuts.push_back(sum += crops * side * side);
    }
    cuts.pop_back();
    const auto found = json_.find("q_split_indices");
    require(found != json_.end() && *found == Json(cuts), "q_split_indices does not fit q_shapes");
    require(number("num_scales", 1, 1024) == static_cast<std::int64_t>(metadata.sides.size()),
            "num_scales does not fit q_shapes");
  }

  void read_map(ReleasedMetadata& metadata) const {
    require(places_.size() == static_cast<std::size_t>(metadata.images),
            "shard_map has " + std::to_string(places_.size()) + " entries for " + std::to_string(metadata.images) +
                " images");
    std::vector<bool> seen(places_.size());
    metadata.shard_of.resize(places_.size());
    for (const auto& [image, shard] : places_) {
      const auto at = static_cast<std::size_t>(image);
      require(at < seen.size() && !seen[at], "shard_map has the image " + std::to_string(image) + " too often");
      require(shard < metadata.shards,
              "shard_map names the shard " + std::to_string(shard) + " of " + std::to_string(metadata.shards));
      seen[at] = true;
      metadata.shard_of[at] = shard;
    }
  }

  std::filesystem::path path_;
  Json json_;
  std::vector<std::pair<std::int64_t, std::uint16_t>> places_;
};

// "[\n    a,\n    b\n  ]" of texts that stand at `indent` spaces.
std::string block(const std::vector<std::string>& texts, std::size_t indent, char open, char close) {
  if (texts.empty()) return {open, close};
  const std::string margin(indent, ' ');
  std::string result(1, open);
  for (std::size_t i = 0; i < texts.size(); ++i)
    result += (i == 0 ? "\n  " : ",\n  ") + margin + texts[i];
  return result + "\n" + margin + close;
}

std::string member(const std::string& key, const std::string& value) {
  return Json(key).dump() + ": " + value;
}

std::string number_member(const std::string& key, std::int64_t value) {
  return member(key, std::to_string(value));
}

std::string shard_text(const ReleasedMetadata& metadata, std::int64_t shard) {
  const auto entries = std::min(metadata.entries_per_shard, metadata.images - shard * metadata.entries_per_shard);
  return block({number_member("shard_idx", shard), number_member("num_entries", entries),
                number_member("num_tensors", 2 * entries),
                number_member("size_bytes", entries * 2 * (metadata.tokens_per_image() + 1))},
               4, '{', '}');
}

}  // namespace

std::int64_t ReleasedMetadata::tokens_per_image() const {
  std::int64_t sum = 0;
  for (const std::int64_t side : sides)
    sum += crops * side * side;
  return sum;
}

std::int64_t ReleasedMetadata::begin_of(int side) const {
  std::int64_t sum = 0;
  for (const std::int64_t smaller : sides) {
    if (smaller == side) return sum;
    sum += crops * smaller * smaller;
  }
  throw Error(ErrorCode::invalid_argument, "training tokens: there are none of side " + std::to_string(side),
              "Choose a ratio whose sizes the token cache has, or make the cache with this size.");
}

ReleasedMetadata read_released_metadata(const std::filesystem::path& path) {
  return MetadataReader(path).read();
}

std::string format_released_metadata(const ReleasedMetadata& metadata) {
  std::vector<std::string> classes, indices, shards, map, shapes, cuts;
  for (std::size_t i = 0; i < metadata.classes.size(); ++i) {
    classes.push_back(Json(metadata.classes[i]).dump(-1, ' ', true));
    indices.push_back(classes.back() + ": " + std::to_string(i));
  }
  for (std::int64_t shard = 0; shard < metadata.shards; ++shard)
    shards.push_back(shard_text(metadata, shard));
  for (std::int64_t image = 0; image < metadata.images; ++image)
    map.push_back(number_member(std::to_string(image), image / metadata.entries_per_shard));
  const auto crops = std::to_string(metadata.crops);
  for (const int side : metadata.sides) {
    shapes.push_back(block({crops, std::to_string(side), std::to_string(side)}, 4, '[', ']'));
    if (side != metadata.sides.front()) cuts.push_back(std::to_string(metadata.begin_of(side)));
  }
  return block(
      {number_member("num_images", metadata.images),
       number_member("num_scales", static_cast<std::int64_t>(metadata.sides.size())),
       number_member("num_classes", static_cast<std::int64_t>(metadata.classes.size())),
       member("classes", block(classes, 2, '[', ']')), member("class_to_idx", block(indices, 2, '{', '}')),
       number_member("num_shards", metadata.shards), number_member("max_entries_per_shard", metadata.entries_per_shard),
       member("shard_info", block(shards, 2, '[', ']')), member("shard_map", block(map, 2, '{', '}')),
       member("q_shapes", block(shapes, 2, '[', ']')), member("q_split_indices", block(cuts, 2, '[', ']'))},
      0, '{', '}');
}

std::string released_cache_name(std::int64_t image_size, const std::string& tokenizer, const std::vector<int>& sides) {
  std::ostringstream name;
  auto path = tokenizer;
  std::replace(path.begin(), path.end(), '/', '_');
  name << "cached_data_" << image_size << '_' << path << '_';
  for (const int side : sides)
    name << side;
  name << "_v2";
  return name.str();
}

}  // namespace checkerlab::model
