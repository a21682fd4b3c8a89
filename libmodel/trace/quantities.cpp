#include "libmodel/trace/quantities.hpp"

namespace checkerlab::model {

const std::vector<Quantity>& all_quantities() {
  static const std::vector<Quantity> table = [] {
    std::vector<Quantity> quantities;
    add_order_quantities(quantities);
    add_forward_quantities(quantities);
    add_sampling_quantities(quantities);
    add_tokenizer_quantities(quantities);
    add_training_quantities(quantities);
    return quantities;
  }();
  return table;
}

Defaults once(std::string_view name) {
  return [name](const TraceSession&) { return std::vector<std::string>{std::string(name)}; };
}

Defaults for_every_side(std::string_view pattern) {
  return [pattern](const TraceSession& session) {
    std::vector<std::string> names;
    for (const int side : session.sizes()) {
      names.push_back(fill_name(pattern, 'S', side));
    }
    return names;
  };
}

Defaults for_steps(std::string_view pattern, std::vector<std::int64_t> steps) {
  return [pattern, steps = std::move(steps)](const TraceSession& session) {
    std::vector<std::string> names;
    const std::int64_t most = std::int64_t{session.sizes().back()} * session.sizes().back();
    for (const std::int64_t number : steps) {
      if (number <= most) names.push_back(fill_name(pattern, 'P', number));
    }
    return names;
  };
}

}  // namespace checkerlab::model
