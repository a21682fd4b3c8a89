#include "libmodel/checkpoint/torch_file/storage_id.hpp"

#include "base/error.hpp"
#include "libmodel/checkpoint/pickle/known_types.hpp"
#include "libmodel/checkpoint/printable.hpp"

namespace checkerlab::model {
namespace {

using pickle::Value;

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::invalid_data, where + " names a storage in a way that is not known: " + what,
              "Make or fetch the file again");
}

template <typename T>
const T& part(const pickle::Tuple& id, std::size_t index, const std::string& where) {
  const T* found = id.items[index]->as<T>();
  if (found == nullptr)
    refuse(where, "part " + std::to_string(index) + " is " + std::string(kind_of(*id.items[index])));
  return *found;
}

StorageId::View parse_view(const Value& value, std::int64_t elements, const std::string& where) {
  const auto* view = value.as<pickle::Tuple>();
  if (view == nullptr || view->items.size() != 3) refuse(where, "its view is not of three parts");
  const StorageId::View range{part<std::int64_t>(*view, 1, where), part<std::int64_t>(*view, 2, where)};
  if (range.first < 0 || range.elements < 0 || range.first > elements || range.elements > elements - range.first)
    refuse(where, "its view reaches beyond it");
  return range;
}

}  // namespace

StorageId parse_storage_id(const Value& value, const std::string& where) {
  const auto* id = value.as<pickle::Tuple>();
  if (id == nullptr || id->items.size() < 5 || id->items.size() > 6) refuse(where, "not a tuple of five or six parts");
  if (part<std::string>(*id, 0, where) != "storage") refuse(where, "it is not a storage");
  const std::string& name = part<pickle::Global>(*id, 1, where).name;
  const auto type = pickle::storage_type(name);
  if (!type) refuse(where, "its class is " + printable(name));
  StorageId found{.type = *type,
                  .key = part<std::string>(*id, 2, where),
                  .elements = part<std::int64_t>(*id, 4, where),
                  .view = std::nullopt};
  if (found.elements < 0) refuse(where, "it has " + std::to_string(found.elements) + " elements");
  if (id->items.size() == 6 && !id->items[5]->is_none()) found.view = parse_view(*id->items[5], found.elements, where);
  return found;
}

}  // namespace checkerlab::model
