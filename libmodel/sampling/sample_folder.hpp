// A folder of samples for people: a sheet, single pictures or an archive for evaluations, maps of how they came about,
// and what they are.
//
//   grid.png               the first samples on one sheet (up to 256)
//   sample_000012.png      sample index 12; or samples.npz with all (see npz_images.hpp)
//   sample_000012_entropy.png, sample_000012_pyramid.png   every scale side by side, each drawn as large as the last
//   order.png, steps.png   the place of every location in its scale's order, and the step it was predicted in
//   samples.json           settings, labels, real number of steps, ranges of the maps
//
// The maps are coloured by colour_map.hpp: order from 0 to S² − 1, steps over all scales, entropy from 0 to ln(codes).
// An order that is not the models' own is named in samples.json and in the names of grid and maps (grid.raster.png).
// Not thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "libmodel/image/image.hpp"
#include "libmodel/image/npz_images.hpp"
#include "libmodel/sampling/sample_images.hpp"

namespace checkerlab::model {

struct SampleFolderOptions {
  bool order = false, entropy = false, pyramid = false;  // which maps
  bool npz = false;                                      // an archive instead of single pictures
};

class SampleFolder {
 public:
  // Makes the folder where it is not there. Throws Error (disk_full, io_error, not_found).
  SampleFolder(std::filesystem::path folder, const ModelConfig& config, const ImageRequest& request,
               const SampleFolderOptions& options);

  void add(const ImageBatch& batch);
  // Writes what needs all samples. `about` is put into samples.json beside what is known here. Returns the files
  // written in all.
  std::vector<std::filesystem::path> finish(const nlohmann::json& about);

 private:
  void write_png(const std::string& name, const Image& image);
  void add_one(const ImageBatch& batch, std::int64_t item);
  void write_step_maps(const SampleBatch& drawn, std::int64_t side);
  std::string marked(const std::string& name) const;

  std::filesystem::path folder_;
  ModelConfig config_;
  ImageRequest request_;
  SampleFolderOptions options_;
  std::unique_ptr<NpzImages> archive_;
  std::vector<Image> sheet_;
  std::vector<std::int64_t> labels_, blocks_;
  std::vector<std::filesystem::path> written_;
};

}  // namespace checkerlab::model
