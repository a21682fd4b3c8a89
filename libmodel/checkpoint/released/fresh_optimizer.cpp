#include "libmodel/checkpoint/released/released_checkpoint.hpp"
#include "libmodel/checkpoint/released/released_model.hpp"

namespace checkerlab::model {

OptimizerState fresh_optimizer(const Model& model, const nlohmann::json& args) {
  OptimizerNames names;
  for (const auto& [name, tensor] : model_state(model))
    names.add(name, static_cast<std::size_t>(tensor.dim()));
  const auto setting = [&](const char* key, double otherwise) {
    return args.is_object() && args.contains(key) && args[key].is_number() ? args[key].get<double>() : otherwise;
  };
  const auto settings = [&](double decay) {
    nlohmann::json group{{"lr", setting("lr", 1e-4)}, {"eps", 1e-8}, {"weight_decay", decay}};
    group["betas"] = nlohmann::json::array({0.9, 0.95});
    for (const char* off : {"amsgrad", "maximize", "capturable", "differentiable"})
      group[off] = false;
    for (const char* automatic : {"foreach", "fused"})
      group[automatic] = nullptr;
    group["decoupled_weight_decay"] = true;
    return group;
  };
  return {.groups = {{names.plain, settings(0.0)}, {names.decayed, settings(setting("weight_decay", 0.01))}},
          .moments = {}};
}

}  // namespace checkerlab::model
