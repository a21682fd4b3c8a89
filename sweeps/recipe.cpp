#include "sweeps/recipe.hpp"

#include "sweeps/checked_json.hpp"
#include "sweeps/facts.hpp"
#include "sweeps/model_check.hpp"
#include "sweeps/read_definition.hpp"

namespace checkerlab::sweeps {
namespace {

using Json = nlohmann::json;

std::vector<DefinitionIssue> check_recipe(const SourceDocument& document, const std::vector<DefinitionIssue>& known) {
  const Facts facts(document, known);
  auto issues = check_model(document, facts);
  for (DefinitionIssue& issue : check_ratio(document, facts, "/ratio"))
    issues.push_back(std::move(issue));
  const auto batch = facts.integer("/model/train/batch"), micro = facts.integer("/run/micro_batch");
  if (batch && micro && *batch % *micro != 0)
    issues.push_back(document.issue_at_value(
        "/run/micro_batch",
        "a micro-batch of " + std::to_string(*micro) + " does not divide the batch of " + std::to_string(*batch),
        "Use a number that divides model.train.batch."));
  return issues;
}

RecipeData read_data(const Json& json) {
  RecipeData data;
  json.at("path").get_to(data.path);
  if (json.at("kind") == "tokens") {
    data.classes = json.value("classes", 0);
    return data;
  }
  data.kind = RecipeDataKind::images;
  json.at("size").get_to(data.size);
  json.at("crops").get_to(data.crops);
  json.at("max_corrupt").get_to(data.max_corrupt);
  return data;
}

}  // namespace

RecipeDefinition parse_recipe(std::string_view yaml, std::string_view filename,
                              std::span<const std::string> overrides) {
  const Json json = checked_json(yaml, filename, overrides,
                                 {.schema = SchemaName::recipe, .ratio_from_preset = true, .meaning = check_recipe});
  RecipeDefinition recipe;
  json.at("name").get_to(recipe.name);
  json.at("seed").get_to(recipe.seed);
  json.at("tokenizer").get_to(recipe.tokenizer);
  recipe.data = read_data(json.at("data"));
  recipe.ratio = read_ratio(json.at("ratio"));
  recipe.model = read_model(json.at("model"));
  if (json.contains("start")) {
    const Json& start = json.at("start");
    recipe.start = {start.at("from"), start.value("ema", false), start.value("optimizer", false)};
  }
  const Json run = json.value("run", Json::object());
  recipe.checkpoint_minutes = run.value("checkpoint_minutes", recipe.checkpoint_minutes);
  recipe.micro_batch = run.value("micro_batch", recipe.micro_batch);
  recipe.deterministic = run.value("deterministic", recipe.deterministic);
  return recipe;
}

}  // namespace checkerlab::sweeps
