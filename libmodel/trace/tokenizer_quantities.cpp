// Encoded and decoded images.
#include <ATen/ATen.h>

#include "libmodel/image/tensor.hpp"
#include "libmodel/trace/quantities.hpp"

namespace checkerlab::model {
namespace {

using Args = NameArguments;

constexpr std::int64_t kWholeSide = 64;  // larger images are thinned
constexpr std::int64_t kThinning = 3;

at::Tensor thinned(const at::Tensor& images) {
  if (images.size(3) <= kWholeSide) return images;
  return images.slice(2, 0, images.size(2), kThinning).slice(3, 0, images.size(3), kThinning);
}

// [B, 3, 2] fp64: mean and population deviation of every channel.
at::Tensor channel_statistics(const at::Tensor& images) {
  const at::Tensor values = images.to(at::kDouble).flatten(2);
  return at::stack({values.mean(2), values.std(2, /*unbiased=*/false)}, 2);
}

}  // namespace

void add_tokenizer_quantities(std::vector<Quantity>& table) {
  const std::vector<Need> sampled{Need::labels, Need::tokenizer};
  table.push_back({"decoded.{S}", sampled, [](TraceSession& s, const Args& a) { return thinned(s.decoded(a.side)); },
                   for_every_side("decoded.{S}")});
  table.push_back({"decoded_stats.{S}", sampled,
                   [](TraceSession& s, const Args& a) { return channel_statistics(s.decoded(a.side)); },
                   for_every_side("decoded_stats.{S}")});
  table.push_back({"decoded_u8", sampled,
                   [](TraceSession& s, const Args&) { return to_pixels(s.decoded(s.sizes().back()).slice(0, 0, 1)); },
                   once("decoded_u8")});
  const std::vector<Need> given{Need::tokens, Need::tokenizer};
  table.push_back(
      {"decode", given, [](TraceSession& s, const Args&) { return thinned(s.decoded_inputs()); }, once("decode")});
  table.push_back({"decode_stats", given,
                   [](TraceSession& s, const Args&) { return channel_statistics(s.decoded_inputs()); },
                   once("decode_stats")});
  const std::vector<Need> image{Need::image, Need::tokenizer};
  table.push_back({"encode.z.{S}", image, [](TraceSession& s, const Args& a) { return s.encoded(a.side); },
                   for_every_side("encode.z.{S}")});
  table.push_back({"encode.tokens.{S}", image,
                   [](TraceSession& s, const Args& a) { return s.subject().tokenizer->quantize(s.encoded(a.side)); },
                   for_every_side("encode.tokens.{S}")});
}

}  // namespace checkerlab::model
