// SourceDocument::parse: yaml-cpp's nodes to JSON with positions.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <optional>
#include <sstream>
#include <utility>

#include "schemas/yaml.hpp"
#include "sweeps/source_document.hpp"

namespace checkerlab::sweeps {

using Json = nlohmann::json;

namespace {

constexpr std::size_t kMaxBytes = 1 << 20;
constexpr int kMaxValues = 100'000;  // aliases repeat what they name, so a small text can mean a huge document
constexpr int kMaxDepth = 64;

Position position_of(const YAML::Mark& mark) {
  return mark.is_null() ? Position{1, 1} : Position{mark.line + 1, mark.column + 1};
}

struct TooLarge {};

}  // namespace

class YamlReader {
 public:
  YamlReader(SourceDocument& document, std::vector<DefinitionIssue>& issues) : document_(document), issues_(issues) {}

  Json read(const YAML::Node& node, const std::string& pointer, int depth) {
    if (++count_ > kMaxValues || depth > kMaxDepth) throw TooLarge{};
    document_.values_[pointer] = position_of(node.Mark());
    if (node.IsScalar()) return yaml_scalar(node.Scalar(), is_quoted(node));
    if (node.IsSequence()) return read_sequence(node, pointer, depth);
    return node.IsMap() ? read_map(node, pointer, depth) : Json();
  }

 private:
  static bool is_quoted(const YAML::Node& node) { return node.Tag() == "!" || node.Tag() == "tag:yaml.org,2002:str"; }

  Json read_sequence(const YAML::Node& node, const std::string& pointer, int depth) {
    Json list = Json::array();
    for (const YAML::Node& item : node)
      list.push_back(read(item, child_pointer(pointer, list.size()), depth + 1));
    return list;
  }

  Json read_map(const YAML::Node& node, const std::string& pointer, int depth) {
    Json map = Json::object();
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) {
        report(entry.first, pointer, "a key must be a word", "Write 'key: value'.");
        continue;
      }
      const std::string& key = entry.first.Scalar();
      const std::string child = child_pointer(pointer, key);
      if (map.contains(key)) {
        report(entry.first, child,
               "the key '" + key + "' is given twice, first in line " + std::to_string(document_.keys_[child].line),
               "Remove one of them.");
        continue;
      }
      document_.keys_[child] = position_of(entry.first.Mark());
      map[key] = read(entry.second, child, depth + 1);
    }
    return map;
  }

  void report(const YAML::Node& node, const std::string& pointer, std::string message, std::string fix) {
    const Position at = position_of(node.Mark());
    issues_.push_back({at.line, at.column, dotted_path(pointer), std::move(message), std::move(fix)});
  }

  SourceDocument& document_;
  std::vector<DefinitionIssue>& issues_;
  int count_ = 0;
};

namespace {

// Counts documents up to two. Where yaml-cpp cannot read on (a lone comma) it gives documents for ever.
class DocumentCount final : public YAML::EventHandler {
 public:
  explicit DocumentCount(const std::string& yaml) {
    std::istringstream text(yaml);
    YAML::Parser parser(text);
    while (count_ < 2 && parser.HandleNextDocument(*this))
      ++count_;
  }

  int value() const { return count_; }

 private:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

  int count_ = 0;
};

std::optional<YAML::Node> load(std::string_view yaml, std::vector<DefinitionIssue>& issues) {
  if (yaml.size() > kMaxBytes) {
    issues.push_back({1, 1, "",
                      "the definition has " + std::to_string(yaml.size()) + " bytes, at most " +
                          std::to_string(kMaxBytes) + " are read",
                      ""});
    return std::nullopt;
  }
  try {
    const std::string text(yaml);
    const int documents = DocumentCount(text).value();
    if (documents == 1) return YAML::Load(text);
    issues.push_back({1, 1, "", documents == 0 ? "the definition is empty" : "the file holds several YAML documents",
                      "A study is one YAML document, and a stray comma or bracket begins another; see "
                      "docs/study-definition.md."});
  } catch (const YAML::Exception& error) {
    const Position at = position_of(error.mark);
    issues.push_back({at.line, at.column, "", "not readable as YAML: " + error.msg,
                      "Check the indentation, brackets and quotes there."});
  }
  return std::nullopt;
}

}  // namespace

SourceDocument SourceDocument::parse(std::string_view yaml, std::vector<DefinitionIssue>& issues) {
  SourceDocument document;
  const auto root = load(yaml, issues);
  if (!root) return document;
  try {
    document.json_ = YamlReader(document, issues).read(*root, "", 0);
  } catch (const TooLarge&) {
    issues.push_back({1, 1, "",
                      "the definition has more than " + std::to_string(kMaxValues) + " values or nests deeper than " +
                          std::to_string(kMaxDepth),
                      "Check its aliases (*name)."});
  }
  return document;
}

}  // namespace checkerlab::sweeps
