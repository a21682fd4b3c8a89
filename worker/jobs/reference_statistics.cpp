#include "worker/jobs/reference_statistics.hpp"

#include <ATen/Parallel.h>

#include "base/error.hpp"
#include "libmodel/data/dataset.hpp"
#include "libmodel/evaluation/reference_file.hpp"
#include "libmodel/evaluation/set_features.hpp"
#include "worker/jobs/hinted_file.hpp"
#include "worker/jobs/loaded.hpp"
#include "worker/jobs/reference_sums.hpp"

namespace checkerlab::worker {
namespace {

JobOutput of_split(JobCall& call, const ReferenceNeeds& needs) {
  const auto split = model::parse_split(call.params.one_of("split", {"train", "test"}));
  call.params.expect_no_more();
  const auto dataset = load_dataset(call);
  const auto network = load_network(call, needs.spatial);
  ReferenceSums sums(needs);
  sums.add(network->compute(model::images_of(*dataset, split), call.batch(1024, 128), call.observer));
  return sums.write(call);
}

// Images are looked at only where published moments do not answer.
JobOutput of_file(JobCall& call, const ReferenceNeeds& needs) {
  const auto sha256 = call.params.text("sha256");
  call.params.expect_no_more();
  const auto reference = model::read_reference(hinted_file(call.command, sha256, false), call.observer);
  const auto network = load_network(call, needs.spatial);
  if (reference.pool && reference.pool->mean.size(0) != network->width())
    throw Error(ErrorCode::invalid_data,
                "the reference has moments of " + std::to_string(reference.pool->mean.size(0)) +
                    " features, the network (" + network->kind() + ") gives " + std::to_string(network->width()),
                "name the reference and the network that belong together");
  ReferenceSums sums(needs);
  if (reference.pool) sums.take_pool(*reference.pool, reference.count);
  if (reference.spatial) sums.take_spatial(*reference.spatial, reference.count);
  const bool whole = reference.pool && (reference.spatial || !needs.spatial) && !needs.features;
  if (whole || !reference.images) return sums.write(call);
  model::ImageSetOptions options;
  options.batch = call.batch(512, 32);
  options.threads = at::get_num_threads();
  model::compute_set_features(*reference.images, *network, options, call.observer,
                              [&](const model::NetworkFeatures& found) { sums.add(found); });
  return sums.write(call);
}

}  // namespace

JobOutput ReferenceStatisticsJob::work(JobCall& call) {
  ReferenceNeeds needs;
  if (call.params.has("features")) needs.features = call.params.flag("features");
  if (call.params.has("spatial")) needs.spatial = call.params.flag("spatial");
  return call.params.has("sha256") ? of_file(call, needs) : of_split(call, needs);
}

}  // namespace checkerlab::worker
