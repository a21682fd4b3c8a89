#pragma once

#include "libmodel/observer.hpp"

namespace checkerlab::model {

// For parts of a work whose own progress would only confuse: passes on the wish to stop, and the log. Does not own
// `inner`.
class QuietObserver final : public Observer {
 public:
  explicit QuietObserver(Observer& inner) : inner_(inner) {}

  void progress(std::int64_t, std::int64_t, std::string_view) override {}
  void curve(std::string_view, std::int64_t, double) override {}
  void log(LogLevel level, std::string_view text) override { inner_.log(level, text); }
  bool cancelled() const override { return inner_.cancelled(); }
  std::optional<std::filesystem::path> checkpoint_due() override { return std::nullopt; }
  void checkpoint(std::int64_t, const std::filesystem::path&) override {}

 private:
  Observer& inner_;
};

}  // namespace checkerlab::model
