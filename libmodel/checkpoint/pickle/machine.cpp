#include "libmodel/checkpoint/pickle/machine.hpp"

#include "base/error.hpp"
#include "libmodel/checkpoint/pickle/cursor.hpp"
#include "libmodel/checkpoint/pickle/known_types.hpp"
#include "libmodel/checkpoint/pickle/opcodes.hpp"
#include "libmodel/checkpoint/pickle/scalars.hpp"
#include "libmodel/checkpoint/pickle/stack.hpp"
#include "libmodel/checkpoint/printable.hpp"

namespace checkerlab::model::pickle {
namespace {

constexpr int kHighestProtocol = 5;

class Machine {
 public:
  Machine(std::string_view text, Document& document, const PersistentLoader& persistent, const std::string& where,
          Vocabulary vocabulary)
      : cursor_(text, where),
        stack_(document, cursor_),
        document_(document),
        persistent_(persistent),
        vocabulary_(vocabulary) {}

  Unpickled run() {
    while (!done_) {
      step(static_cast<Opcode>(cursor_.byte()));
    }
    return {result_, cursor_.place()};
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const { cursor_.refuse(what); }
  void push(Value* value) { stack_.push(value); }
  template <typename T>
  void push_new(T data) {
    push(document_.make(std::move(data)));
  }
  template <typename T>
  T& container() {
    T* found = stack_.top().template as<T>();
    if (found == nullptr) refuse("it puts items into " + std::string(kind_of(stack_.top())));
    return *found;
  }

  void push_global(const std::string& module, const std::string& name) {
    std::string full = (module == "__builtin__" ? "builtins" : module) + "." + name;
    if (!known_global(full) && !(vocabulary_ == Vocabulary::script && known_script_global(full)))
      throw Error(
          ErrorCode::invalid_data,
          cursor_.where() + " asks for '" + printable(full) + "', which is not plain data; nothing of it was run",
          "Save the weights as a plain dict of tensors (torch.save(model.state_dict(), …))");
    push_new(Global{std::move(full)});
  }
  void stack_global() {
    const Value* name = stack_.pop();
    const Value* module = stack_.pop();
    if (name->as<std::string>() == nullptr || module->as<std::string>() == nullptr) refuse("a name is not a text");
    push_global(*module->as<std::string>(), *name->as<std::string>());
  }

  // INST: the class is named in place; OBJ: it stands below the arguments, after a mark. Both call it.
  void push_instance() {
    const std::string module = cursor_.line();
    push_global(module, cursor_.line());
    const Value* callee = stack_.pop();
    push(call(document_, *callee, *document_.make(Tuple{stack_.pop_to_mark()})));
  }
  void push_object() {
    std::vector<Value*> items = stack_.pop_to_mark();
    if (items.empty()) refuse("an object without a class");
    const Value* callee = items.front();
    items.erase(items.begin());
    push(call(document_, *callee, *document_.make(Tuple{std::move(items)})));
  }
  void call_top() {
    const Value* arguments = stack_.pop();
    const Value* callee = stack_.pop();
    push(call(document_, *callee, *arguments));
  }
  void build_top() {
    Value* state = stack_.pop();
    build(stack_.top(), state);
  }

  void extend_list(const std::vector<Value*>& items) {
    document_.charge(items.size());
    auto& list = container<List>().items;
    list.insert(list.end(), items.begin(), items.end());
  }
  void extend_set(const std::vector<Value*>& items) {
    document_.charge(items.size());
    auto& set = container<Set>().items;
    set.insert(set.end(), items.begin(), items.end());
  }
  void extend_dict(const std::vector<Value*>& items) {
    if (items.size() % 2 != 0) refuse("a key without a value");
    document_.charge(items.size());
    auto& dict = container<Dict>().items;
    for (std::size_t i = 0; i < items.size(); i += 2) {
      dict.emplace_back(items[i], items[i + 1]);
    }
  }
  void push_dict(const std::vector<Value*>& items) {
    push_new(Dict{});
    extend_dict(items);
  }
  void check_protocol() {
    const int protocol = cursor_.byte();
    if (protocol > kHighestProtocol) refuse("protocol " + std::to_string(protocol));
  }
  void finish() {
    result_ = stack_.pop();
    if (!stack_.empty()) refuse("something is left on the stack");
    done_ = true;
  }

  void step(Opcode opcode) {
    if (Value* scalar = read_scalar(opcode, cursor_, document_)) return push(scalar);
    if (!step_container(opcode) && !step_object(opcode))
      refuse("opcode " + std::to_string(static_cast<int>(opcode)) + " is not one that plain data needs");
  }

  bool step_container(Opcode opcode) {
    switch (opcode) {
      case Opcode::empty_list:
        push_new(List{});
        return true;
      case Opcode::empty_tuple:
        push_new(Tuple{});
        return true;
      case Opcode::empty_dict:
        push_new(Dict{});
        return true;
      case Opcode::empty_set:
        push_new(Set{});
        return true;
      case Opcode::list:
        push_new(List{stack_.pop_to_mark()});
        return true;
      case Opcode::tuple:
        push_new(Tuple{stack_.pop_to_mark()});
        return true;
      case Opcode::frozen_set:
        push_new(Set{stack_.pop_to_mark()});
        return true;
      case Opcode::dict:
        push_dict(stack_.pop_to_mark());
        return true;
      case Opcode::tuple1:
        push_new(Tuple{stack_.pop_some(1)});
        return true;
      case Opcode::tuple2:
        push_new(Tuple{stack_.pop_some(2)});
        return true;
      case Opcode::tuple3:
        push_new(Tuple{stack_.pop_some(3)});
        return true;
      case Opcode::append:
        extend_list(stack_.pop_some(1));
        return true;
      case Opcode::appends:
        extend_list(stack_.pop_to_mark());
        return true;
      case Opcode::add_items:
        extend_set(stack_.pop_to_mark());
        return true;
      case Opcode::set_item:
        extend_dict(stack_.pop_some(2));
        return true;
      case Opcode::set_items:
        extend_dict(stack_.pop_to_mark());
        return true;
      default:
        return false;
    }
  }

  bool step_object(Opcode opcode) {
    switch (opcode) {
      case Opcode::protocol:
        check_protocol();
        return true;
      case Opcode::frame:
        cursor_.number<std::uint64_t>();
        return true;
      case Opcode::mark:
        stack_.mark();
        return true;
      case Opcode::stop:
        finish();
        return true;
      case Opcode::pop:
        stack_.pop();
        return true;
      case Opcode::pop_mark:
        stack_.pop_to_mark();
        return true;
      case Opcode::dup:
        push(&stack_.top());
        return true;
      case Opcode::binary_put:
        stack_.remember(cursor_.byte());
        return true;
      case Opcode::long_binary_put:
        stack_.remember(cursor_.number<std::uint32_t>());
        return true;
      case Opcode::memoize:
        stack_.remember_next();
        return true;
      case Opcode::binary_get:
        stack_.recall(cursor_.byte());
        return true;
      case Opcode::long_binary_get:
        stack_.recall(cursor_.number<std::uint32_t>());
        return true;
      case Opcode::global: {
        const std::string module = cursor_.line();
        push_global(module, cursor_.line());
        return true;
      }
      case Opcode::stack_global:
        stack_global();
        return true;
      case Opcode::instance:
        push_instance();
        return true;
      case Opcode::object:
        push_object();
        return true;
      case Opcode::extension1:
      case Opcode::extension2:
      case Opcode::extension4:
        refuse("it uses Python's extension registry");
      case Opcode::new_object_with_names:
        refuse("it makes an object from named arguments");
      case Opcode::reduce:
      case Opcode::new_object:
        call_top();
        return true;
      case Opcode::build:
        build_top();
        return true;
      case Opcode::binary_persistent_id:
        push(document_.add(persistent_(*stack_.pop())));
        return true;
      default:
        return false;
    }
  }

  Cursor cursor_;
  Stack stack_;
  Document& document_;
  const PersistentLoader& persistent_;
  Vocabulary vocabulary_;
  Value* result_ = nullptr;
  bool done_ = false;
};

}  // namespace

Unpickled unpickle(std::string_view text, Document& document, const PersistentLoader& persistent,
                   const std::string& where, Vocabulary vocabulary) {
  if (text.size() > kMaxPickleBytes)
    throw Error(ErrorCode::too_large, where + ": a pickle of " + std::to_string(text.size()) + " bytes, at most " +
                                          std::to_string(kMaxPickleBytes) + " are read");
  try {
    return Machine(text, document, persistent, where, vocabulary).run();
  } catch (const Error& error) {
    // What is wrong with a value is said where the file is not known.
    if (std::string_view(error.what()).starts_with(where)) throw;
    throw Error(error.code(), where + ": " + error.what(), error.fix());
  }
}

}  // namespace checkerlab::model::pickle
