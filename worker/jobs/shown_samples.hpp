// The first samples of a measurement of entropies, kept one by one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "libmodel/image/image.hpp"
#include "libmodel/sampling/sampler.hpp"
#include "libmodel/tokenizer/vq_tokenizer.hpp"

namespace checkerlab::worker {

class ShownSamples {
 public:
  explicit ShownSamples(std::int64_t wanted) : wanted_(wanted) {}

  // Keeps what is still wanted of a batch that was drawn with its entropies; batches come in order.
  void add(const model::SampleBatch& batch, model::VqTokenizer& tokenizer, c10::Device device);

  // sample.NNNN.step.NNNN: the mean over the tokens of a step.
  std::map<std::string, double> curves() const;
  // A row a sample: the image, then the entropies of every scale from 0 to `most`. Precondition: there are samples.
  void write_maps(const std::filesystem::path& file, double most) const;
  void write_tensors(const std::filesystem::path& file) const;

  bool empty() const { return images_.empty(); }

 private:
  std::int64_t kept() const { return static_cast<std::int64_t>(images_.size()); }
  at::Tensor entropies(std::size_t scale) const;  // [kept, S, S] fp32 on the CPU

  std::int64_t wanted_;
  std::vector<model::Image> images_;
  std::vector<at::Tensor> steps_;                   // per scale [S, S]
  std::vector<std::vector<at::Tensor>> entropies_;  // per scale, per batch
};

}  // namespace checkerlab::worker
