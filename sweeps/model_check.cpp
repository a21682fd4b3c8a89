#include "sweeps/model_check.hpp"

#include <utility>

#include "sweeps/pyramid.hpp"

namespace checkerlab::sweeps {
namespace {

class ModelCheck {
 public:
  ModelCheck(const SourceDocument& document, const Facts& facts) : document_(document), facts_(facts) {}

  std::vector<DefinitionIssue> run() {
    check_heads();
    check_mixing_layers();
    check_accumulation();
    return std::move(issues_);
  }

 private:
  void report(const std::string& pointer, std::string message, std::string fix) {
    issues_.push_back(document_.issue_at_value(pointer, std::move(message), std::move(fix)));
  }

  void check_heads() {
    const auto width = facts_.integer("/model/width");
    const auto heads = facts_.integer("/model/heads");
    if (!width || !heads || *width % (2 * *heads) == 0) return;
    report("/model/heads",
           "a width of " + std::to_string(*width) + " cannot be split into " + std::to_string(*heads) +
               " heads of even width",
           "Choose model.width as a multiple of 2 × heads.");
  }

  void check_mixing_layers() {
    const auto layers = facts_.integer("/model/layers");
    const auto mixing = facts_.integer("/model/mixing_layers");
    if (!layers || !mixing || *mixing <= *layers) return;
    report("/model/mixing_layers",
           std::to_string(*mixing) + " mixing layers, but the model has " + std::to_string(*layers) + " layers",
           "Use at most model.layers.");
  }

  // Changes given in the same unit must ascend; those in different units are compared when the images are known.
  void check_accumulation() {
    const std::string list = "/model/train/accumulation/";
    const auto count = facts_.count("/model/train/accumulation").value_or(0);
    for (std::int64_t i = 1; i < count; ++i) {
      for (const char* unit : {"/step", "/epoch"}) {
        const auto before = facts_.number(list + std::to_string(i - 1) + unit);
        const auto now = facts_.number(list + std::to_string(i) + unit);
        if (before && now && *now <= *before)
          report(list + std::to_string(i) + unit, "the changes of the accumulation do not ascend",
                 "Write them in the order in which they come.");
      }
    }
  }

  const SourceDocument& document_;
  const Facts& facts_;
  std::vector<DefinitionIssue> issues_;
};

}  // namespace

std::vector<DefinitionIssue> check_model(const SourceDocument& document, const Facts& facts) {
  return ModelCheck(document, facts).run();
}

std::vector<DefinitionIssue> check_ratio(const SourceDocument& document, const Facts& facts,
                                         const std::string& pointer) {
  const auto ratio = facts.number(pointer);
  if (!ratio || *ratio >= kSmallestRatio) return {};
  return {document.issue_at_value(pointer,
                                  "a scale ratio of " +
                                      document.json().at(nlohmann::json::json_pointer(pointer)).dump() +
                                      " is too close to 1 to build a pyramid",
                                  "Write a ratio of at least 1.01, sqrt2 or single.")};
}

}  // namespace checkerlab::sweeps
