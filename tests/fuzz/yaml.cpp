// Studies and training recipes as people write them, with their overrides: each is read or refused with the places that
// are wrong, and what was read can be planned.
//
// An input is the text of the file. Lines that begin with "#=" are overrides; a text that begins with "#recipe" is a
// recipe.
#include "schemas/yaml.hpp"

#include <string>
#include <vector>

#include "sweeps/estimate.hpp"
#include "sweeps/parse.hpp"
#include "sweeps/plan.hpp"
#include "sweeps/recipe.hpp"
#include "tests/fuzz/small_study.hpp"
#include "tests/fuzz/target.hpp"

namespace checkerlab::fuzz {
namespace {

std::vector<std::string> overrides_in(std::string_view text) {
  constexpr std::string_view kMark = "\n#=";
  std::vector<std::string> overrides;
  for (auto place = text.find(kMark); place != std::string_view::npos; place = text.find(kMark, place + 1)) {
    const auto begin = place + kMark.size();
    overrides.emplace_back(text.substr(begin, text.find('\n', begin) - begin));
  }
  return overrides;
}

void read_study(std::string_view text) {
  const auto study = sweeps::parse_study(text, "study.yaml", overrides_in(text));
  if (!is_small(study)) return;
  const auto plan = sweeps::plan_without_files(study);
  require(sweeps::summarize(plan).jobs == static_cast<std::int64_t>(plan.jobs.size()), "a plan's jobs are counted");
}

void read(std::string_view text) {
  try {
    if (text.starts_with("#recipe")) {
      sweeps::parse_recipe(text, "recipe.yaml", overrides_in(text));
    } else {
      read_study(text);
    }
  } catch (const sweeps::DefinitionError& error) {
    require(!error.issues().empty(), "a refused definition has an issue");
    for (const auto& issue : error.issues())
      require(issue.line >= 0 && issue.column >= 0 && !issue.message.empty(), "an issue says where and what");
  }
}

}  // namespace
}  // namespace checkerlab::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace checkerlab;
  const auto text = fuzz::text_of(data, size);
  fuzz::taken([&] { fuzz::read(text); });
  fuzz::taken([&] { yaml_to_json(text); });
  return 0;
}
