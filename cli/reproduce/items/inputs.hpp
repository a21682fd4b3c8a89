// What the items are made from, and the items themselves: one function a table or figure of the paper.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "cli/reproduce/data/ask.hpp"
#include "cli/reproduce/data/scores.hpp"
#include "cli/reproduce/data/studies.hpp"
#include "cli/reproduce/report/report.hpp"
#include "sweeps/published.hpp"

namespace checkerlab::cli::reproduce {

struct Inputs {
  const sweeps::Published& published;
  std::vector<StudyInfo> studies;  // those that may be read, the first wins
  bool named = false;              // by the user; else all there are
  Ask ask;
  std::function<std::string(const std::string& sha256)> fetch;  // an artifact's bytes
  std::vector<GivenScore> scores;                               // of samples of other systems
};

struct Item {
  const char* name;
  const char* summary;
  const char* definition;  // what to run for its data; empty: it needs none
  Report (*make)(const Inputs&);
};

// In the order of the paper.
std::span<const Item> all_items();

Report make_table1(const Inputs& inputs);
Report make_table2(const Inputs& inputs);
Report make_fig1(const Inputs& inputs);
Report make_fig3(const Inputs& inputs);
Report make_fig4(const Inputs& inputs);
Report make_fig5(const Inputs& inputs);
Report make_fig6(const Inputs& inputs);
Report make_fig7(const Inputs& inputs);
Report make_fig8(const Inputs& inputs);

// "Run it with: checkerlab run sweeps/paper/fig5.yaml"
std::string how_to_run(const std::string& definition);

// What stands above an item that the studies hold nothing of.
std::string nothing_measured(const Inputs& inputs, const std::string& what, const std::string& definition);

}  // namespace checkerlab::cli::reproduce
