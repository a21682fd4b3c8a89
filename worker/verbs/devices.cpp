// `checkerlab model devices`: the names that --device takes here.
#include <ATen/Context.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libmodel/device.hpp"
#include "worker/verbs/makers.hpp"

namespace checkerlab::worker {
namespace {

std::vector<std::string> device_names() {
  std::vector<std::string> names{"cpu"};
  if (!at::hasCUDA()) return names;
  const int count = model::describe_device(c10::Device("cuda")).count;
  for (int i = 0; i < count; ++i)
    names.push_back("cuda:" + std::to_string(i));
  return names;
}

class DevicesVerb final : public ModelVerb {
 public:
  void configure(CLI::App&) override {}

  void run(VerbContext& context) override {
    nlohmann::json list = nlohmann::json::array();
    for (const std::string& name : device_names()) {
      const auto info = model::describe_device(c10::Device(name));
      list.push_back({{"device", name}, {"name", info.name}, {"memory_bytes", info.memory_bytes}});
      if (context.json) continue;
      context.out << fmt::format("{:<8} {}, {:.1f} GiB\n", name, info.name,
                                 static_cast<double>(info.memory_bytes) / (1 << 30));
    }
    if (context.json) context.out << list.dump() << "\n";
  }
};

}  // namespace

std::unique_ptr<ModelVerb> make_devices_verb() {
  return std::make_unique<DevicesVerb>();
}

}  // namespace checkerlab::worker
