#include "libmodel/checkpoint/released/plain_json.hpp"

#include "base/error.hpp"
#include "libmodel/checkpoint/printable.hpp"

namespace checkerlab::model {
namespace {

using Json = nlohmann::json;
using pickle::Value;

constexpr int kMaxDepth = 64;

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::invalid_data, where + " holds " + what + ", which is not a plain setting");
}

class Reader {
 public:
  explicit Reader(const std::string& where) : where_(where) {}

  Json read(const Value& value, int depth) {
    if (depth > kMaxDepth || ++count_ > kMaxCount) refuse(where_, "values that are nested too deeply or too many");
    if (value.is_none()) return nullptr;
    if (const auto* truth = value.as<bool>()) return *truth;
    if (const auto* number = value.as<std::int64_t>()) return *number;
    if (const auto* number = value.as<double>()) return *number;
    if (const auto* text = value.as<std::string>()) return printable_text(*text);
    if (const auto* list = value.as<pickle::List>()) return array(list->items, depth);
    if (const auto* tuple = value.as<pickle::Tuple>()) return array(tuple->items, depth);
    if (const auto* set = value.as<pickle::Set>()) return array(set->items, depth);
    if (const auto* dict = value.as<pickle::Dict>()) return object(*dict, depth);
    if (const auto* instance = value.as<pickle::Object>()) return of_instance(*instance, depth);
    if (const auto* tensor = value.as<pickle::TensorRecord>()) return number_of(*tensor);
    refuse(where_, std::string(kind_of(value)));
  }

 private:
  static constexpr int kMaxCount = 100'000;

  static Json printable_text(const std::string& text) {
    // JSON is UTF-8; a text that is not is shown as far as it can be.
    return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  Json array(const std::vector<Value*>& items, int depth) {
    Json list = Json::array();
    for (const Value* item : items)
      list.push_back(read(*item, depth + 1));
    return list;
  }
  Json object(const pickle::Dict& dict, int depth) {
    Json map = Json::object();
    for (const auto& [key, value] : dict.items) {
      const auto* number = key->as<std::int64_t>();
      const auto* text = key->as<std::string>();
      if (number == nullptr && text == nullptr) refuse(where_, "a key that is " + std::string(kind_of(*key)));
      map[number != nullptr ? std::to_string(*number) : printable_text(*text).get<std::string>()] =
          read(*value, depth + 1);
    }
    return map;
  }
  Json of_instance(const pickle::Object& instance, int depth) {
    if (instance.state == nullptr) return nullptr;
    if (instance.state->as<pickle::Dict>() != nullptr) return read(*instance.state, depth + 1);
    const auto* parts = instance.state->as<pickle::Tuple>();
    if (parts == nullptr) refuse(where_, "an object of " + printable(instance.type));
    if (instance.type.starts_with("pathlib")) return path_of(*parts);
    return parts->items.empty() ? Json::object() : read(*parts->items[0], depth + 1);
  }
  Json path_of(const pickle::Tuple& parts) {
    std::string path;
    for (const Value* part : parts.items) {
      const auto* text = part->as<std::string>();
      if (text == nullptr) refuse(where_, "a path that is not made of texts");
      path += (path.empty() || path.back() == '/' ? "" : "/") + *text;
    }
    return printable_text(path);
  }
  Json number_of(const pickle::TensorRecord& tensor) {
    if (tensor.elements() != 1) refuse(where_, "a tensor of " + std::to_string(tensor.elements()) + " elements");
    const at::Tensor value = tensor.load();
    if (value.scalar_type() == at::kBool) return value.item<bool>();
    return c10::isIntegralType(value.scalar_type(), false) ? Json(value.item<std::int64_t>())
                                                           : Json(value.item<double>());
  }

  const std::string& where_;
  int count_ = 0;
};

}  // namespace

Json plain_json(const Value& value, const std::string& where) {
  return Reader(where).read(value, 0);
}

Value* plain_value(pickle::Document& document, const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return document.make(json.get<bool>());
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return document.make(json.get<std::int64_t>());
    case Json::value_t::number_float:
      return document.make(json.get<double>());
    case Json::value_t::string:
      return document.make(json.get<std::string>());
    case Json::value_t::array: {
      pickle::List list;
      for (const Json& item : json)
        list.items.push_back(plain_value(document, item));
      return document.make(std::move(list));
    }
    case Json::value_t::object: {
      pickle::Dict dict;
      for (const auto& [key, item] : json.items())
        dict.items.emplace_back(document.make(key), plain_value(document, item));
      return document.make(std::move(dict));
    }
    default:
      return document.make(pickle::None{});
  }
}

}  // namespace checkerlab::model
