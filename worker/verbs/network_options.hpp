// Options of the verbs that compute features.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "libmodel/evaluation/feature_network.hpp"
#include "libmodel/evaluation/image_set.hpp"

namespace checkerlab::worker {

// `network`: a path, or a name in $CHECKERLAB_NETWORKS or the data directory's folder `networks`. Throws Error.
std::unique_ptr<model::FeatureNetwork> open_network(const std::string& network, c10::Device device,
                                                    model::FeaturePrecision precision = model::FeaturePrecision::fp32);

struct NetworkOptions {
  std::string network;
  std::string device = "auto", mode = "fp32";
  std::int64_t batch = 64;
  std::int64_t threads = 0;  // 0: as many as the machine has
  std::int64_t max_corrupt = 0;

  // Adds --network, --device, --mode, --batch, --threads and --max-corrupt; --network is returned, to be required or
  // not.
  CLI::Option* configure(CLI::App& command);

  // Throws Error.
  [[nodiscard]] std::unique_ptr<model::FeatureNetwork> open() const;
  [[nodiscard]] model::ImageSetOptions image_options() const;
};

}  // namespace checkerlab::worker
