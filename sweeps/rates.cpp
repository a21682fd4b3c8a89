#include "sweeps/rates.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "embedded/rates.hpp"
#include "schemas/yaml.hpp"

namespace checkerlab::sweeps {
namespace {

using Json = nlohmann::json;

constexpr const char* kFix = "Compare with sweeps/rates.yaml.";

[[noreturn]] void refuse(const std::string& filename, const std::string& what) {
  throw Error(ErrorCode::invalid_argument, filename + ": " + what, kFix);
}

double positive(const Json& entry, const char* key, const std::string& where) {
  if (!entry.contains(key) || !entry.at(key).is_number() || !(entry.at(key).get<double>() > 0) ||
      !std::isfinite(entry.at(key).get<double>()))
    refuse(where, std::string(key) + " must be a number greater than 0");
  return entry.at(key);
}

std::string text(const Json& entry, const char* key, const std::string& where) {
  if (!entry.contains(key) || !entry.at(key).is_string() || entry.at(key).get<std::string>().empty())
    refuse(where, std::string(key) + " must be a text");
  return entry.at(key);
}

Rate rate_of(const Json& entry, const std::string& where) {
  if (!entry.is_object()) refuse(where, "must be a mapping");
  for (const auto& [key, value] : entry.items()) {
    if (std::string(" kind gflop per_second machine date source ").find(" " + key + " ") == std::string::npos)
      refuse(where, "unknown key '" + key + "'");
  }
  return {text(entry, "kind", where),    positive(entry, "gflop", where), positive(entry, "per_second", where),
          text(entry, "machine", where), text(entry, "date", where),      text(entry, "source", where)};
}

// Sampling is sampling and encoding is encoding, whatever is done with it.
bool does_same(const std::string& kind, const std::string& other) {
  return kind == other || ((kind == "sample_grid" || kind == "measure_entropy") && other == "evaluate_shard") ||
         (kind == "retrain_codebook" && other == "tokenize_dataset");
}

double distance(const Rate& rate, double gflop) {
  return std::abs(std::log(rate.gflop / gflop));
}

}  // namespace

std::vector<Rate> parse_rates(std::string_view yaml, const std::string& filename) {
  Json document;
  try {
    document = yaml_to_json(yaml);
  } catch (const Error& error) {
    refuse(filename, error.what());
  }
  if (!document.is_object() || !document.contains("rates") || !document.at("rates").is_array())
    refuse(filename, "there is no list 'rates'");
  std::vector<Rate> rates;
  for (const Json& entry : document.at("rates"))
    rates.push_back(rate_of(entry, filename + ": rates." + std::to_string(rates.size())));
  return rates;
}

const std::vector<Rate>& stated_rates() {
  static const std::vector<Rate> rates = parse_rates(rates_files().front().data, "sweeps/rates.yaml");
  return rates;
}

std::optional<Rate> nearest_rate(std::span<const Rate> rates, const std::string& kind, double gflop) {
  const Rate* best = nullptr;
  for (const Rate& rate : rates) {
    if (!does_same(kind, rate.kind)) continue;
    const bool closer = best && distance(rate, gflop) < distance(*best, gflop);
    const bool own = best && rate.kind == kind && best->kind != kind;
    const bool foreign = best && rate.kind != kind && best->kind == kind;
    if (!best || own || (closer && !foreign)) best = &rate;
  }
  return best ? std::optional(*best) : std::nullopt;
}

double seconds_at(const Rate& rate, double units, double gflop) {
  return units / rate.per_second * (gflop / rate.gflop);
}

}  // namespace checkerlab::sweeps
