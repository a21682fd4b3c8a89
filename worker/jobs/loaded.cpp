#include "worker/jobs/loaded.hpp"

#include "base/error.hpp"
#include "libmodel/transformer/model.hpp"

namespace checkerlab::worker {
namespace {

std::string warm_key(const InputFile& file, const JobCall& call) {
  return file.sha256 + " " + call.device.str();
}

}  // namespace

std::shared_ptr<const model::Dataset> load_dataset(JobCall& call) {
  const auto& file = call.input("dataset", "dataset");
  return call.warm.get<model::Dataset>(
      file.sha256, [&] { return std::make_shared<model::Dataset>(model::read_dataset(file.path)); });
}

std::shared_ptr<model::VqTokenizer> load_tokenizer(JobCall& call) {
  const auto& file = call.input("tokenizer", "tokenizer");
  return call.warm.get<model::VqTokenizer>(warm_key(file, call), [&] {
    auto tokenizer = std::make_shared<model::VqTokenizer>(model::read_tokenizer(file.path));
    (*tokenizer)->to(call.device);
    return tokenizer;
  });
}

std::shared_ptr<model::FeatureNetwork> load_network(JobCall& call, bool spatial) {
  const auto& file = call.input("network", "network");
  auto network = call.warm.get<model::FeatureNetwork>(warm_key(file, call), [&] {
    return std::shared_ptr<model::FeatureNetwork>(model::open_feature_network(file.path, call.device));
  });
  if (spatial && network->spatial_width() == 0)
    throw Error(ErrorCode::invalid_data, "the feature network (" + network->kind() + ") has no spatial features",
                "leave sfid out of evaluation.metrics, or use an Inception network");
  return network;
}

std::shared_ptr<model::Sampler> load_sampler(JobCall& call, model::Precision precision) {
  const auto& file = call.input("model", "model");
  const bool average = call.params.has("ema") && call.params.flag("ema");
  const auto key = warm_key(file, call) + " " + std::string(model::to_string(precision)) + (average ? " ema" : "");
  return call.warm.get<model::Sampler>(key, [&] {
    return std::make_shared<model::Sampler>(
        average ? model::load_average(file.path, call.device) : model::load_model(file.path, call.device), call.device,
        precision);
  });
}

}  // namespace checkerlab::worker
