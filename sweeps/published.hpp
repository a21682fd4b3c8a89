// What a paper prints in its tables, with the conditions of every number: sweeps/paper/published.yaml as typed values.
// Pure and thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sweeps/parse.hpp"

namespace checkerlab::sweeps {

struct PublishedConditions {
  std::string dataset;
  std::int64_t classes = 0;
  std::int64_t image_size = 0;
  std::int64_t samples = 0;  // images that each value was measured on
  std::string network;       // of the features
  std::string reference;     // what the samples were compared with
  std::string device;        // of times
  std::int64_t batch = 0;    // of times
};

enum class Better { lower, higher, none };

struct PublishedColumn {
  std::string metric;  // "fid", "inception_score", …: the key in PublishedRow::values
  std::string name;
  Better better = Better::none;
  int decimals = 0;  // as printed: the value is known to half a unit of the last one
};

// The point of ours that a row is about; what the paper does not say is missing.
struct PublishedPoint {
  std::string model;  // a preset
  std::optional<std::string> ratio;
  std::optional<std::int64_t> steps_per_scale;
  std::optional<double> guidance;
  std::optional<std::int64_t> guidance_start_step;
  std::optional<std::int64_t> mixing_layers;
};

struct PublishedRow {
  std::string name;
  std::optional<std::int64_t> cites;    // number in the paper's references
  std::optional<PublishedPoint> point;  // none: another system
  std::map<std::string, double> values;
};

struct PublishedTable {
  std::string id;
  std::string caption;
  PublishedConditions conditions;
  std::vector<PublishedColumn> columns;
  std::vector<PublishedRow> rows;  // each has a value for every column and no other
};

// Shown without printed numbers.
struct PublishedFigure {
  std::string id;
  std::string shows;
};

struct Published {
  std::string paper;
  std::vector<PublishedTable> tables;
  std::vector<PublishedFigure> figures;
};

// Reads `yaml`; `filename` is used in messages only. Throws DefinitionError with every issue and its line and column.
Published parse_published(std::string_view yaml, std::string_view filename);

// The compiled-in sweeps/paper/published.yaml.
const Published& published();

// Throws Error(not_found) when there is none of that id.
const PublishedTable& published_table(const Published& all, std::string_view id);
const PublishedFigure& published_figure(const Published& all, std::string_view id);

}  // namespace checkerlab::sweeps
