// `checkerlab features`: what metrics see of images, in a file.
#include <ATen/ops/softmax.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "libmodel/checkpoint/tensor_rows.hpp"
#include "libmodel/evaluation/evaluator_version.hpp"
#include "libmodel/evaluation/set_features.hpp"
#include "libmodel/modules/artifact.hpp"
#include "worker/verbs/makers.hpp"
#include "worker/verbs/network_options.hpp"

namespace checkerlab::worker {
namespace {

using Json = nlohmann::json;

std::vector<model::TensorColumn> columns_of(const model::FeatureNetwork& network) {
  std::vector<model::TensorColumn> columns{{"pool3", network.width()}};
  if (network.spatial_width() > 0) columns.push_back({"spatial", network.spatial_width()});
  columns.push_back({"logits_nobias", network.classes()});
  columns.push_back({"softmax_nobias", network.classes()});
  return columns;
}

std::vector<at::Tensor> rows_of(const model::NetworkFeatures& features) {
  std::vector<at::Tensor> rows{features.pool};
  if (features.spatial.defined()) rows.push_back(features.spatial);
  rows.push_back(features.logits);
  rows.push_back(at::softmax(features.logits, 1));
  return rows;
}

// What the features are of and by what; texts, as the header of the file holds them.
std::map<std::string, std::string> identity_of(const model::FeatureNetwork& network, const model::SetPass& pass) {
  return {{"network_sha256", network.sha256()},
          {"network_kind", network.kind()},
          {"precision", std::string(model::to_string(network.precision()))},
          {"images_sha256", pass.images_sha256},
          {"names_sha256", pass.names_sha256},
          {"evaluator_version", model::kEvaluatorVersion}};
}

Json counts_json(const model::ImageCounts& counts) {
  Json json{{"n", counts.images},  {"corrupt", counts.corrupt}, {"grey", counts.grey},
            {"cmyk", counts.cmyk}, {"alpha", counts.alpha},     {"sixteen_bit", counts.sixteen_bit},
            {"jpeg", counts.jpeg}, {"turned", counts.turned},   {"sizes", counts.sizes.size()}};
  if (counts.sizes.size() == 1) {
    json["height"] = counts.sizes.begin()->first.first;
    json["width"] = counts.sizes.begin()->first.second;
  }
  return json;
}

class FeaturesVerb final : public ModelVerb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("images", images_, "A folder, .tar, .tar.gz or .npz of images")->required();
    options_.configure(command)->required();
    command.add_option("--out", out_, "The safetensors file to write")->required();
  }

  void run(VerbContext& context) override {
    const auto network = options_.open();
    const auto images = model::open_image_set(images_, context.observer);
    model::TensorRowsWriter file(out_, columns_of(*network), images->size());
    const auto pass =
        model::compute_set_features(*images, *network, options_.image_options(), context.observer,
                                    [&](const model::NetworkFeatures& features) { file.append(rows_of(features)); });
    const auto identity = identity_of(*network, pass);
    Json report = counts_json(pass.counts);
    report.update(identity);
    auto metadata = model::artifact_metadata("features", report);
    metadata.insert(identity.begin(), identity.end());
    file.finish(metadata);
    print(context, pass.counts, std::move(report));
  }

 private:
  void print(const VerbContext& context, const model::ImageCounts& counts, Json report) const {
    if (context.json) {
      report["file"] = out_.string();
      context.out << report.dump() << "\n";
      return;
    }
    if (const auto text = counts.text(); !text.empty()) context.err << "note: " << text << "\n";
    context.out << counts.images << (counts.images == 1 ? " image in " : " images in ") << out_.string() << "\n";
  }

  NetworkOptions options_;
  std::filesystem::path images_, out_;
};

}  // namespace

std::unique_ptr<ModelVerb> make_features_verb() {
  return std::make_unique<FeaturesVerb>();
}

}  // namespace checkerlab::worker
