#include <array>

#include "cli/reproduce/items/inputs.hpp"

namespace checkerlab::cli::reproduce {
namespace {

constexpr std::array kItems{
    Item{"table1", "Image generation models on ImageNet 256x256", "table1-2x", make_table1},
    Item{"table2", "Mixing of rotary positions: results and weights", "table2", make_table2},
    Item{"fig1", "What is sampled at each step of a pyramid", "", make_fig1},
    Item{"fig3", "The progressive checkerboard order", "", make_fig3},
    Item{"fig4", "FID against Inception Score over guidance", "fig4a", make_fig4},
    Item{"fig5", "FID and Inception Score by scale ratio and steps, with the paper's claims", "fig5", make_fig5},
    Item{"fig6", "Entropy by sampling step, with the paper's claim", "fig6", make_fig6},
    Item{"fig7", "Entropy of single samples", "fig7", make_fig7},
    Item{"fig8", "Samples", "fig8-2x", make_fig8},
};

}  // namespace

std::span<const Item> all_items() {
  return kItems;
}

std::string how_to_run(const std::string& definition) {
  return "run it with: checkerlab run sweeps/paper/" + definition + ".yaml";
}

std::string nothing_measured(const Inputs& inputs, const std::string& what, const std::string& definition) {
  std::string of;
  for (const StudyInfo& study : inputs.studies)
    of += (of.empty() ? "" : ", ") + study.name;
  const std::string where = inputs.studies.empty() ? "The database holds no study"
                            : inputs.named         ? "There is no " + what + " in " + of
                                                   : "No study in the database has " + what;
  return "Not run. " + where + "; " + how_to_run(definition) + " (`checkerlab plan` tells what that costs).";
}

}  // namespace checkerlab::cli::reproduce
