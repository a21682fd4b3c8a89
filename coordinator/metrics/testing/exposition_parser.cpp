#include "coordinator/metrics/testing/exposition_parser.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <regex>
#include <sstream>

namespace checkerlab::coordinator::testing {
namespace {

const std::regex kSample(R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(.*)\})? ([^ ]+))re");
const std::regex kLabel(R"re(([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(,|$))re");

double number_of(const std::string& text) {
  if (text == "+Inf") return std::numeric_limits<double>::infinity();
  std::size_t used = 0;
  const double value = std::stod(text, &used);
  if (used != text.size()) throw std::invalid_argument(text);
  return value;
}

class Reader {
 public:
  ParsedMetrics read(const std::string& text) {
    if (text.empty() || text.back() != '\n') complain("the text does not end with a line feed");
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      read_line(line);
    for (const auto& [name, family] : parsed_.families)
      check(name, family);
    return std::move(parsed_);
  }

 private:
  void complain(const std::string& what) { parsed_.complaints.push_back(what); }

  void read_line(const std::string& line) {
    if (line.starts_with("# HELP ")) return begin(line.substr(7));
    if (line.starts_with("# TYPE ")) return set_type(line.substr(7));
    read_sample(line);
  }

  void begin(const std::string& rest) {
    name_ = rest.substr(0, rest.find(' '));
    if (parsed_.families.contains(name_)) complain(name_ + " comes twice");
    parsed_.families[name_].help = rest.size() > name_.size() ? rest.substr(name_.size() + 1) : "";
  }

  void set_type(const std::string& rest) {
    if (rest.substr(0, rest.find(' ')) != name_) complain("TYPE without HELP: " + rest);
    parsed_.families[name_].type = rest.substr(rest.find(' ') + 1);
  }

  void read_sample(const std::string& line) {
    std::smatch match;
    if (!std::regex_match(line, match, kSample)) return complain("no sample: " + line);
    ParsedFamily& family = parsed_.families[name_];
    const std::string sample = match[1].str() + match[2].str();
    const std::string suffix = match[1].str().substr(std::min(name_.size(), match[1].str().size()));
    const bool part = suffix == "_bucket" || suffix == "_sum" || suffix == "_count";
    const bool fits = family.type == "histogram" ? part : suffix.empty();
    if (!match[1].str().starts_with(name_) || !fits) complain(sample + " does not belong to " + name_);
    check_labels(sample, match[3].str());
    try {
      if (!family.samples.emplace(sample, number_of(match[4].str())).second) complain(sample + " comes twice");
    } catch (const std::exception&) {
      complain("no number: " + line);
    }
  }

  void check_labels(const std::string& sample, const std::string& labels) {
    std::set<std::string> names;
    std::string rest = labels;
    for (std::smatch match; !rest.empty(); rest = match.suffix()) {
      if (!std::regex_search(rest, match, kLabel, std::regex_constants::match_continuous))
        return complain("labels of " + sample);
      if (!names.insert(match[1].str()).second) complain("a label twice: " + sample);
    }
  }

  void check(const std::string& name, const ParsedFamily& family) {
    if (!std::regex_match(name, std::regex("[a-z][a-z0-9]*(_[a-z0-9]+)*"))) complain(name + " is not in snake case");
    if (family.help.empty()) complain(name + " has no help");
    const bool total = name.ends_with("_total");
    if (total != (family.type == "counter")) complain(name + " is a " + family.type);
    for (const char* unit :
         {"_ms", "_milliseconds", "_minutes", "_kb", "_mb", "_percent", "_bucket", "_count", "_sum"}) {
      if (name.ends_with(unit)) complain(name + " is not in a base unit, or ends as a part of a histogram");
    }
    if (family.type != "counter" && family.type != "gauge" && family.type != "histogram")
      complain(name + " has no type");
    if (family.type == "histogram") check_histogram(name, family);
  }

  // Buckets grow with their bounds, and the last one is the count.
  void check_histogram(const std::string& name, const ParsedFamily& family) {
    std::map<std::string, std::map<double, double>> buckets;  // labels without le → bound → count
    for (const auto& [sample, value] : family.samples) {
      const auto le = sample.find("le=\"");
      if (le == std::string::npos) continue;
      const auto end = sample.find('"', le + 4);
      std::string labels = sample.substr(name.size() + 7, le - name.size() - 7);
      if (labels.ends_with(',')) labels.pop_back();
      buckets[labels == "{" ? "" : labels + "}"][number_of(sample.substr(le + 4, end - le - 4))] = value;
    }
    for (const auto& [labels, counts] : buckets) {
      double before = 0;
      for (const auto& [bound, count] : counts) {
        if (count < before) complain(name + labels + ": buckets shrink");
        before = count;
      }
      const auto total = family.samples.find(name + "_count" + labels);
      if (total == family.samples.end() || total->second != before || !std::isinf(counts.rbegin()->first))
        complain(name + labels + ": the last bucket is not the count");
      if (!family.samples.contains(name + "_sum" + labels)) complain(name + labels + ": no sum");
    }
  }

  ParsedMetrics parsed_;
  std::string name_;
};

}  // namespace

std::set<std::string> ParsedMetrics::queryable() const {
  std::set<std::string> names;
  for (const auto& [name, family] : families) {
    if (family.type != "histogram") {
      names.insert(name);
      continue;
    }
    for (const char* part : {"_bucket", "_sum", "_count"})
      names.insert(name + part);
  }
  return names;
}

double ParsedMetrics::value(const std::string& sample) const {
  for (const auto& [name, family] : families) {
    const auto found = family.samples.find(sample);
    if (found != family.samples.end()) return found->second;
  }
  ADD_FAILURE() << "no sample " << sample;
  return -1;
}

ParsedMetrics parse_metrics(const std::string& text) {
  return Reader().read(text);
}

}  // namespace checkerlab::coordinator::testing
