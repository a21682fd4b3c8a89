#include "worker/jobs/reference_statistics.hpp"

#include "libmodel/evaluation/features.hpp"
#include "libmodel/evaluation/sufficient_statistics.hpp"
#include "worker/jobs/loaded.hpp"

namespace checkerlab::worker {

JobOutput ReferenceStatisticsJob::work(JobCall& call) {
  const auto split = model::parse_split(call.params.one_of("split", {"train", "test"}));
  call.params.expect_no_more();
  const auto dataset = load_dataset(call);
  const auto network = load_network(call);
  const auto& images = model::images_of(*dataset, split);
  const auto found = model::compute_features(*network, images, call.batch(1024, 128), call.device, call.observer);
  const auto statistics = model::accumulate(found.features);
  model::write_statistics(call.output("statistics"), statistics);
  return {{{"n", static_cast<double>(statistics.n)}}, {{"statistics", call.output("statistics")}}, {}};
}

}  // namespace checkerlab::worker
