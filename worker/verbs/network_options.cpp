#include "worker/verbs/network_options.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "libmodel/device.hpp"

namespace checkerlab::worker {
namespace {

// Set by the program that hands over.
std::filesystem::path data_directory() {
  const char* const home = std::getenv("CHECKERLAB_HOME");
  return home == nullptr ? "" : home;
}

}  // namespace

std::unique_ptr<model::FeatureNetwork> open_network(const std::string& network, c10::Device device,
                                                    model::FeaturePrecision precision) {
  const auto file = model::find_network(network, model::network_folders(data_directory()));
  return model::open_feature_network(file, device, precision);
}

CLI::Option* NetworkOptions::configure(CLI::App& command) {
  auto* const option = command.add_option(
      "--network", network,
      "Feature network: a file (the 2015-12-05 Inception in any of its formats, a metric network), or "
      "its name in $CHECKERLAB_NETWORKS or DATA/networks");
  command.add_option("--device", device, "cpu, cuda, cuda:N or auto")->capture_default_str();
  command.add_option("--mode", mode, "Precision of the network; fp32 is what published numbers mean")
      ->check(CLI::IsMember({"fp32", "tf32", "fp16"}))
      ->capture_default_str();
  command.add_option("--batch", batch, "Images in the network at a time; features do not depend on it")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{65536}))
      ->capture_default_str();
  command.add_option("--threads", threads, "Threads that decode (0: one for each processor)")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1024}))
      ->capture_default_str();
  command.add_option("--max-corrupt", max_corrupt, "Images that cannot be decoded and may be left out")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  return option;
}

std::unique_ptr<model::FeatureNetwork> NetworkOptions::open() const {
  return open_network(network, model::select_device(device), model::feature_precision_from_string(mode));
}

model::ImageSetOptions NetworkOptions::image_options() const {
  const std::int64_t processors = std::max(1U, std::thread::hardware_concurrency());
  return {.batch = batch, .threads = threads > 0 ? threads : processors, .max_corrupt = max_corrupt};
}

}  // namespace checkerlab::worker
