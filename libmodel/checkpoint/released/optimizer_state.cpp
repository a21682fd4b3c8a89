#include "libmodel/checkpoint/released/optimizer_state.hpp"

#include <ATen/ops/scalar_tensor.h>

#include "base/error.hpp"
#include "libmodel/checkpoint/released/plain_json.hpp"
#include "libmodel/checkpoint/released/released_tokenizer.hpp"
#include "libmodel/checkpoint/released/tensor_report.hpp"

namespace checkerlab::model {
namespace {

using pickle::Value;

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::invalid_data, where + ": the optimiser's state does not fit the model: " + what,
              "Start from the weights alone, with a fresh optimiser");
}

template <typename T>
const T& member(const pickle::Dict& dict, std::string_view key, const std::string& where) {
  const Value* value = find(dict, key);
  const T* found = value == nullptr ? nullptr : value->as<T>();
  if (found == nullptr) refuse(where, "'" + std::string(key) + "' is missing or of another kind");
  return *found;
}

OptimizerState::Group read_group(const Value& value, const std::vector<std::string>& names, std::int64_t first,
                                 const std::string& where) {
  const auto* dict = value.as<pickle::Dict>();
  if (dict == nullptr) refuse(where, "a group is " + std::string(kind_of(value)));
  const auto& params = member<pickle::List>(*dict, "params", where).items;
  if (params.size() != names.size())
    refuse(where, "a group has " + std::to_string(params.size()) + " parameters, the model " +
                      std::to_string(names.size()) + " of that kind");
  for (const Value* param : params) {
    const auto* index = param->as<std::int64_t>();
    if (index == nullptr || *index != first++) refuse(where, "its parameters are not numbered in order");
  }
  OptimizerState::Group group{.names = names, .settings = plain_json(value, where)};
  group.settings.erase("params");
  return group;
}

at::Tensor read_moment(const pickle::Dict& dict, std::string_view key, const std::string& name,
                       const std::vector<std::int64_t>& shape, const std::string& where) {
  const auto& record = member<pickle::TensorRecord>(dict, key, where);
  if (record.sizes != shape)
    refuse(where, std::string(key) + " of " + name + " is " + shape_text(record.sizes) + ", not " + shape_text(shape));
  return record.load().to(at::kFloat);
}

double read_steps(const pickle::Dict& dict, const std::string& where) {
  const Value* value = find(dict, "step");
  const nlohmann::json steps = value == nullptr ? nlohmann::json() : plain_json(*value, where);
  if (!steps.is_number() || !(steps.get<double>() >= 0)) refuse(where, "a number of steps is missing");
  return steps.get<double>();
}

// settings with the tuple that AdamW keeps its betas in.
Value* group_value(pickle::Document& document, const OptimizerState::Group& group, std::int64_t first) {
  Value* value = plain_value(document, group.settings);
  auto& settings = std::get<pickle::Dict>(value->data).items;  // plain_value() of an object
  for (auto& [key, item] : settings) {
    const auto* list = item->as<pickle::List>();
    if (list != nullptr && std::get<std::string>(key->data) == "betas")
      item = document.make(pickle::Tuple{list->items});
  }
  pickle::List params;
  for (std::size_t i = 0; i < group.names.size(); ++i)
    params.items.push_back(document.make(first + static_cast<std::int64_t>(i)));
  settings.emplace_back(document.make(std::string("params")), document.make(std::move(params)));
  return value;
}

Value* moments_value(pickle::Document& document, const ParameterMoments& moments) {
  pickle::Dict dict;
  const auto put = [&](const char* key, const at::Tensor& tensor) {
    dict.items.emplace_back(document.make(std::string(key)), document.make(pickle::record_of(tensor)));
  };
  put("step", at::scalar_tensor(moments.steps, at::kFloat));
  put("exp_avg", moments.average);
  put("exp_avg_sq", moments.square);
  return document.make(std::move(dict));
}

}  // namespace

void OptimizerNames::add(const std::string& name, std::size_t dimensions) {
  (dimensions == 1 || name.ends_with(".bias") ? plain : decayed).push_back(name);
}

OptimizerState read_optimizer_state(const Value& value, const StateDict& model, const std::string& where) {
  const auto* dict = value.as<pickle::Dict>();
  if (dict == nullptr) refuse(where, "it is " + std::string(kind_of(value)));
  OptimizerNames names;
  for (const std::string& name : model.names()) {
    if (!name.starts_with(kTokenizerPrefix)) names.add(name, model.record(name).sizes.size());
  }
  const auto& groups = member<pickle::List>(*dict, "param_groups", where).items;
  if (groups.size() != 2) refuse(where, "it has " + std::to_string(groups.size()) + " groups, not two");
  OptimizerState state;
  state.groups.push_back(read_group(*groups[0], names.plain, 0, where));
  state.groups.push_back(read_group(*groups[1], names.decayed, static_cast<std::int64_t>(names.plain.size()), where));

  std::vector<std::string> by_index = names.plain;
  by_index.insert(by_index.end(), names.decayed.begin(), names.decayed.end());
  for (const auto& [key, item] : member<pickle::Dict>(*dict, "state", where).items) {
    const auto* index = key->as<std::int64_t>();
    const auto* entry = item->as<pickle::Dict>();
    if (index == nullptr || entry == nullptr || *index < 0 || *index >= static_cast<std::int64_t>(by_index.size()))
      refuse(where, "a state belongs to no parameter");
    const std::string& name = by_index[static_cast<std::size_t>(*index)];
    const auto& shape = model.record(name).sizes;
    state.moments[name] = {read_moment(*entry, "exp_avg", name, shape, where),
                           read_moment(*entry, "exp_avg_sq", name, shape, where), read_steps(*entry, where)};
  }
  return state;
}

Value* optimizer_value(pickle::Document& document, const OptimizerState& state) {
  pickle::Dict moments;
  pickle::List groups;
  std::int64_t first = 0;
  for (const OptimizerState::Group& group : state.groups) {
    groups.items.push_back(group_value(document, group, first));
    for (const std::string& name : group.names) {
      const auto found = state.moments.find(name);
      if (found != state.moments.end())
        moments.items.emplace_back(document.make(first), moments_value(document, found->second));
      ++first;
    }
  }
  pickle::Dict dict;
  dict.items.emplace_back(document.make(std::string("state")), document.make(std::move(moments)));
  dict.items.emplace_back(document.make(std::string("param_groups")), document.make(std::move(groups)));
  return document.make(std::move(dict));
}

}  // namespace checkerlab::model
