#include "worker/jobs/tokenize_dataset.hpp"

#include "libmodel/data/token_cache.hpp"
#include "worker/jobs/loaded.hpp"

namespace checkerlab::worker {

JobOutput TokenizeDatasetJob::work(JobCall& call) {
  const auto side = call.params.integer("size", 1, 1024);
  const auto crops = model::parse_crops(call.params.one_of("crops", {"none", "flip"}));
  call.params.expect_no_more();
  const auto dataset = load_dataset(call);
  const auto tokenizer = load_tokenizer(call);
  const double before = call.seconds();
  const auto cache =
      model::tokenize_dataset(*dataset, *tokenizer, side, crops, call.batch(512, 128), call.device, call.observer);
  const auto images = static_cast<double>(cache.tokens.size(0));
  const double rate = images / std::max(1e-9, call.seconds() - before);
  model::write_token_cache(call.output("tokens"), cache);
  return {{{"images", images}, {"images_per_second", rate}}, {{"tokens", call.output("tokens")}}, {}};
}

}  // namespace checkerlab::worker
