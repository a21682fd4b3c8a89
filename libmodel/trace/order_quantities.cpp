// Scales, orders, rotary tables, embeddings, norms: what no forward is needed for.
#include <ATen/ATen.h>

#include "libmodel/order/checkerboard.hpp"
#include "libmodel/trace/quantities.hpp"
#include "libmodel/transformer/inputs.hpp"
#include "libmodel/transformer/rotary.hpp"

namespace checkerlab::model {
namespace {

using Args = NameArguments;

at::Tensor scale_sizes_of(TraceSession& session, const Args&) {
  return at::tensor(std::vector<std::int64_t>(session.sizes().begin(), session.sizes().end()), at::kLong);
}

at::Tensor rank(TraceSession&, const Args& a) {
  const auto side = static_cast<int>(std::min<std::int64_t>(a.side, kMaxGrid + 1));
  return at::tensor(checkerboard_rank(side), at::kLong).view({side, side});
}

at::Tensor order(TraceSession& session, const Args&) {
  return at::tensor(session.layout().order, at::kLong);
}

// 0 for the class token, then counting on over all scales.
at::Tensor block_ids(const BlockLayout& blocks) {
  return at::repeat_interleave(at::cat({at::ones({1}, at::kLong), at::tensor(blocks.lengths(), at::kLong)}));
}

// Rows of the rotary table, but −1 for the class token and −2 for "empty".
at::Tensor previous_order(const TraceSession& session, const SequenceTables& tables) {
  const std::int64_t length = session.layout().length();
  at::Tensor rows = tables.previous_rows.clone();
  rows.masked_fill_(tables.previous_rows == length, -1);
  return rows.masked_fill_(tables.previous_rows == length + 1, -2);
}

at::Tensor class_embedding(TraceSession& session, const Args&) {
  return session.model().weights.class_embeddings.index_select(0, session.inputs().labels);
}

at::Tensor position_embedding(TraceSession& session, const Args&) {
  const at::Tensor places = at::tensor(session.layout().order, at::kLong).to(session.device());
  return session.model().weights.embed_positions.index_select(0, places);
}

at::Tensor upscaled(TraceSession& session, const Args& a) {
  const std::size_t scale = session.scale_of(a.side);
  const auto& tokens = session.inputs().tokens;
  const at::Tensor& codebook = session.model().codebook;
  if (scale == 0) return at::zeros({tokens[0].size(0), codebook.size(1), a.side, a.side});
  return upscale_codes(codebook, tokens[scale - 1].flatten(1), a.side);
}

at::Tensor norm_out(TraceSession& session, const Args&) {
  const at::Tensor& rows = session.inputs().norm_rows;
  return at::rms_norm(rows, {rows.size(-1)}, session.model().weights.layers[0].attention_norm,
                      session.model().config.norm_epsilon);
}

bool has_remainder(const TraceSession& session) {
  for (const BlockPartition& partition : partitions_for_steps(session.sizes(), 4)) {
    if (partition.remainder() != 0) return true;
  }
  return false;
}

}  // namespace

void add_order_quantities(std::vector<Quantity>& table) {
  table.push_back({"scale_sizes", {}, scale_sizes_of, once("scale_sizes")});
  table.push_back({"rank.{S}", {}, rank, for_every_side("rank.{S}")});
  table.push_back({"order", {}, order, once("order")});
  table.push_back({"block_ids.{P}",
                   {},
                   [](TraceSession& s, const Args& a) { return block_ids(s.blocks(a.steps, false)); },
                   for_steps("block_ids.{P}", {1, 4, 8})});
  table.push_back({"prev_order.{P}",
                   {},
                   [](TraceSession& s, const Args& a) { return previous_order(s, s.tables(a.steps, false)); },
                   for_steps("prev_order.{P}", {1, 4, 8})});
  const auto with_remainder = [](std::string_view name) {
    return [name](const TraceSession& session) {
      return has_remainder(session) ? for_steps(name, {4})(session) : std::vector<std::string>{};
    };
  };
  table.push_back({"fold.{P}.block_ids",
                   {},
                   [](TraceSession& s, const Args& a) { return block_ids(s.blocks(a.steps, true)); },
                   with_remainder("fold.{P}.block_ids")});
  table.push_back({"fold.{P}.prev_order",
                   {},
                   [](TraceSession& s, const Args& a) { return previous_order(s, s.tables(a.steps, true)); },
                   with_remainder("fold.{P}.prev_order")});
  table.push_back({"fold.{P}.loss",
                   {Need::tokens, Need::labels},
                   [](TraceSession& s, const Args& a) { return s.forward(a.steps, true).loss; },
                   with_remainder("fold.{P}.loss")});
  table.push_back({"fold.{P}.logits",
                   {Need::tokens, Need::labels},
                   [](TraceSession& s, const Args& a) { return s.forward(a.steps, true).logits.slice(0, 0, 1); },
                   with_remainder("fold.{P}.logits")});
  table.push_back({"rope_table",
                   {},
                   [](TraceSession& s, const Args&) { return unit_rope_table(s.model().weights.rope); },
                   once("rope_table")});
  table.push_back({"fresh_rope_table",
                   {},
                   [](TraceSession& s, const Args&) { return unit_rope_table(initial_rope(s.model().config)); },
                   once("fresh_rope_table")});
  table.push_back({"embed.class", {Need::labels}, class_embedding, once("embed.class")});
  table.push_back({"embed.pos", {}, position_embedding, once("embed.pos")});
  table.push_back({"upscaled.{S}", {Need::tokens}, upscaled, for_every_side("upscaled.{S}")});
  table.push_back(
      {"rmsnorm.in", {}, [](TraceSession& s, const Args&) { return s.inputs().norm_rows; }, once("rmsnorm.in")});
  table.push_back({"rmsnorm.out", {}, norm_out, once("rmsnorm.out")});
}

}  // namespace checkerlab::model
