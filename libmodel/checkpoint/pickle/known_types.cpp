#include "libmodel/checkpoint/pickle/known_types.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/error.hpp"
#include "libmodel/checkpoint/printable.hpp"

namespace checkerlab::model::pickle {
namespace {

struct TypeNames {
  c10::ScalarType type;
  std::string_view storage, dtype;
};

constexpr std::array kTypes{TypeNames{c10::ScalarType::Double, "torch.DoubleStorage", "torch.float64"},
                            TypeNames{c10::ScalarType::Float, "torch.FloatStorage", "torch.float32"},
                            TypeNames{c10::ScalarType::Half, "torch.HalfStorage", "torch.float16"},
                            TypeNames{c10::ScalarType::BFloat16, "torch.BFloat16Storage", "torch.bfloat16"},
                            TypeNames{c10::ScalarType::Long, "torch.LongStorage", "torch.int64"},
                            TypeNames{c10::ScalarType::Int, "torch.IntStorage", "torch.int32"},
                            TypeNames{c10::ScalarType::Short, "torch.ShortStorage", "torch.int16"},
                            TypeNames{c10::ScalarType::Char, "torch.CharStorage", "torch.int8"},
                            TypeNames{c10::ScalarType::Byte, "torch.ByteStorage", "torch.uint8"},
                            TypeNames{c10::ScalarType::Bool, "torch.BoolStorage", "torch.bool"}};

// Classes whose instances are kept as an Object with the arguments or the state they were given.
constexpr std::array<std::string_view, 9> kPlainClasses{
    "argparse.Namespace",    "types.SimpleNamespace",    "torch.device",
    "numpy.dtype",           "pathlib.PosixPath",        "pathlib.Path",
    "pathlib.PurePosixPath", "pathlib._local.PosixPath", "pathlib.WindowsPath"};
constexpr std::array<std::string_view, 14> kFunctions{"collections.OrderedDict",
                                                      "collections.defaultdict",
                                                      "torch.Size",
                                                      "torch._utils._rebuild_tensor",
                                                      "torch._utils._rebuild_tensor_v2",
                                                      "torch._utils._rebuild_parameter",
                                                      "torch._utils._rebuild_parameter_with_state",
                                                      "torch.nn.parameter.Parameter",
                                                      "numpy.core.multiarray.scalar",
                                                      "numpy._core.multiarray.scalar",
                                                      "_codecs.encode",
                                                      "builtins.set",
                                                      "builtins.dict",
                                                      "builtins.list"};

constexpr std::string_view kScriptClass = "__torch__.";
constexpr std::array<std::string_view, 5> kScriptMarks{
    "torch.jit._pickle.restore_type_tag", "torch.jit._pickle.build_intlist", "torch.jit._pickle.build_doublelist",
    "torch.jit._pickle.build_boollist", "torch.jit._pickle.build_tensorlist"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

[[noreturn]] void refuse(const std::string& callee, const std::string& why) {
  throw Error(ErrorCode::invalid_data, "the pickle calls " + callee + " " + why, "Make or fetch the file again");
}

constexpr std::size_t kMaxDimensions = 16;

// Arguments of a call, checked as they are taken.
class Arguments {
 public:
  Arguments(const std::string& callee, const Value& arguments) : callee_(callee), tuple_(arguments.as<Tuple>()) {
    if (tuple_ == nullptr) refuse(callee, "without a tuple of arguments");
  }
  std::size_t count() const { return tuple_->items.size(); }
  Value& value(std::size_t i) const {
    if (i >= count()) refuse(callee_, "with too few arguments");
    return *tuple_->items[i];
  }
  template <typename T>
  const T& get(std::size_t i) const {
    const T* found = value(i).template as<T>();
    if (found == nullptr)
      refuse(callee_, "with " + std::string(kind_of(value(i))) + " as argument " + std::to_string(i));
    return *found;
  }
  std::vector<std::int64_t> integers(std::size_t i) const {
    const auto* items = value(i).as<Tuple>();
    if (items == nullptr || items->items.size() > kMaxDimensions) refuse(callee_, "without a shape");
    std::vector<std::int64_t> numbers;
    for (const Value* item : items->items) {
      const auto* number = item->as<std::int64_t>();
      if (number == nullptr) refuse(callee_, "with a shape that is not of integers");
      numbers.push_back(*number);
    }
    return numbers;
  }

 private:
  const std::string& callee_;
  const Tuple* tuple_;
};

// Shapes and names are copied into every record that is made of them.
constexpr std::size_t kItemsOfTensor = 2 * kMaxDimensions;

TensorRecord rebuild_tensor(const Arguments& arguments) {
  const auto& range = arguments.get<StorageRecord>(0);
  TensorRecord record{
      .storage = range.storage, .offset = 0, .sizes = arguments.integers(2), .strides = arguments.integers(3)};
  if (arguments.count() > 4) record.requires_grad = arguments.get<bool>(4);
  if (__builtin_add_overflow(range.first, arguments.get<std::int64_t>(1), &record.offset))
    refuse("torch._utils._rebuild_tensor", "with an offset too large to count");
  record.check(range);
  return record;
}

TensorRecord rebuild_parameter(const Arguments& arguments) {
  TensorRecord record = arguments.get<TensorRecord>(0);
  record.parameter = true;
  record.requires_grad = arguments.count() < 2 || arguments.get<bool>(1);
  return record;
}

// Pairs of a list or tuple of pairs.
Dict dict_of(const std::string& callee, const Arguments& arguments) {
  Dict dict{.ordered = callee == "collections.OrderedDict"};
  // A defaultdict's argument is its factory, which is a class and needs no meaning here.
  if (arguments.count() == 0 || callee == "collections.defaultdict") return dict;
  for (Value* pair : arguments.get<List>(0).items) {
    const auto* list = pair->as<List>();
    const auto* tuple = pair->as<Tuple>();
    const auto& items = list != nullptr ? list->items : tuple != nullptr ? tuple->items : std::vector<Value*>();
    if (items.size() != 2) refuse(callee, "with something else than pairs");
    dict.items.emplace_back(items[0], items[1]);
  }
  return dict;
}

template <typename Number>
Number number_from(const std::string& bytes) {
  Number number{};
  std::memcpy(&number, bytes.data(), sizeof(Number));
  return number;
}

// numpy.core.multiarray.scalar(dtype, bytes): a little-endian number.
Value numpy_scalar(const std::string& callee, const Arguments& arguments) {
  const auto& type = arguments.get<Object>(0);
  const auto* made_from = type.state == nullptr ? nullptr : type.state->as<Tuple>();
  const auto* name = type.type != "numpy.dtype" || made_from == nullptr || made_from->items.empty()
                         ? nullptr
                         : made_from->items[0]->as<std::string>();
  const std::string& bytes = arguments.get<Bytes>(1).data;
  if (name == nullptr || name->size() < 2 || bytes.size() != static_cast<std::size_t>(name->back() - '0'))
    refuse(callee, "with a type that is not a plain number");
  if (*name == "f8") return {number_from<double>(bytes)};
  if (*name == "f4") return {static_cast<double>(number_from<float>(bytes))};
  if (*name == "i8") return {number_from<std::int64_t>(bytes)};
  if (*name == "i4") return {static_cast<std::int64_t>(number_from<std::int32_t>(bytes))};
  if (*name == "b1") return {bytes[0] != 0};
  refuse(callee, "with the type " + printable(*name) + ", which is not supported");
}

// _codecs.encode(text, "latin1"): how Python writes bytes in protocol 2; the text is UTF-8 of characters below 256.
Bytes latin1_bytes(const std::string& callee, const Arguments& arguments) {
  const std::string& text = arguments.get<std::string>(0);
  Bytes bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      bytes.data.push_back(text[i]);
    } else if ((byte == 0xc2 || byte == 0xc3) && i + 1 < text.size()) {
      bytes.data.push_back(static_cast<char>((byte & 3) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3f)));
    } else {
      refuse(callee, "with text that is not Latin-1");
    }
  }
  return bytes;
}

Set set_of(const Arguments& arguments) {
  if (arguments.count() == 0) return {};
  return {arguments.get<List>(0).items};
}

// What a call may copy of its arguments, counted against the document's limit.
std::size_t copied_items(const std::string& callee, const Value& arguments) {
  if (callee.starts_with("torch._utils.") || callee.starts_with("torch.nn.")) return kItemsOfTensor;
  const auto* tuple = arguments.as<Tuple>();
  if (tuple == nullptr || tuple->items.empty()) return 1;
  const Value& first = *tuple->items[0];
  if (const auto* list = first.as<List>()) return 1 + 2 * list->items.size();
  if (const auto* inner = first.as<Tuple>()) return 1 + inner->items.size();
  if (const auto* text = first.as<std::string>()) return 1 + text->size() / sizeof(Value*);
  return 1;
}

}  // namespace

std::optional<c10::ScalarType> storage_type(std::string_view name) {
  // Old files name the class of storages on a GPU; the elements are the same.
  constexpr std::string_view kOnGpu = "torch.cuda.";
  if (name.starts_with(kOnGpu)) {
    std::string plain = "torch.";
    return storage_type(plain.append(name.substr(kOnGpu.size())));
  }
  for (const TypeNames& entry : kTypes) {
    if (entry.storage == name) return entry.type;
  }
  if (name == "torch.storage.UntypedStorage" || name == "torch.UntypedStorage") return c10::ScalarType::Byte;
  return std::nullopt;
}

std::optional<c10::ScalarType> dtype_of(std::string_view name) {
  for (const TypeNames& entry : kTypes) {
    if (entry.dtype == name) return entry.type;
  }
  return std::nullopt;
}

std::string_view storage_name(c10::ScalarType type) {
  for (const TypeNames& entry : kTypes) {
    if (entry.type == type) return entry.storage;
  }
  throw Error(ErrorCode::invalid_argument, std::string("PyTorch files have no storage for ") + c10::toString(type));
}

bool known_global(std::string_view name) {
  return contains(kFunctions, name) || contains(kPlainClasses, name) || storage_type(name) || dtype_of(name);
}

bool known_script_global(std::string_view name) {
  return name.starts_with(kScriptClass) || contains(kScriptMarks, name);
}

Value* call(Document& document, const Value& callee, const Value& arguments_value) {
  const auto* global = callee.as<Global>();
  if (global == nullptr) refuse(std::string(kind_of(callee)), "which cannot be called");
  const std::string& name = global->name;
  const Arguments arguments(name, arguments_value);
  document.charge(copied_items(name, arguments_value));
  if (name.starts_with("torch._utils._rebuild_tensor")) return document.make(rebuild_tensor(arguments));
  if (name.starts_with("torch._utils._rebuild_parameter") || name == "torch.nn.parameter.Parameter")
    return document.make(rebuild_parameter(arguments));
  if (name == "collections.OrderedDict" || name == "collections.defaultdict" || name == "builtins.dict")
    return document.make(dict_of(name, arguments));
  if (name == "builtins.set") return document.make(set_of(arguments));
  if (name == "builtins.list") return document.make(arguments.count() == 0 ? List{} : arguments.get<List>(0));
  if (name == "torch.Size") return document.make(arguments.count() == 0 ? Tuple{} : arguments.get<Tuple>(0));
  if (name.ends_with("multiarray.scalar")) return document.add(numpy_scalar(name, arguments));
  if (name == "_codecs.encode") return document.make(latin1_bytes(name, arguments));
  if (contains(kScriptMarks, name)) return &arguments.value(0);
  if (contains(kPlainClasses, name) || name.starts_with(kScriptClass))
    return document.make(Object{name, document.add(arguments_value)});
  refuse(name, "which is not a function that makes plain data");
}

void build(Value& object, Value* state) {
  if (auto* dict = object.as<Dict>(); dict != nullptr && dict->ordered) {
    dict->attributes = state;
    return;
  }
  auto* instance = object.as<Object>();
  if (instance == nullptr)
    throw Error(ErrorCode::invalid_data, "the pickle gives a state to " + std::string(kind_of(object)),
                "Make or fetch the file again");
  // A dtype's state adds its byte order, which matters only where it is not this machine's.
  if (instance->type == "numpy.dtype") {
    const auto* tuple = state->as<Tuple>();
    const auto* order = tuple == nullptr || tuple->items.size() < 2 ? nullptr : tuple->items[1]->as<std::string>();
    if (order != nullptr && *order == ">")
      throw Error(ErrorCode::invalid_data, "the pickle holds a numpy number in big-endian order");
    return;
  }
  instance->state = state;
}

}  // namespace checkerlab::model::pickle
