// What samples are compared with: published statistics, or images.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "libmodel/evaluation/image_set.hpp"
#include "libmodel/evaluation/sufficient_statistics.hpp"

namespace checkerlab::model {

struct Reference {
  std::optional<Moments> pool;       // none: to be computed from `images`
  std::optional<Moments> spatial;    // none: the file has none
  std::int64_t count = 0;            // images behind the moments; 0 where the file does not tell
  std::unique_ptr<ImageSet> images;  // for precision, recall, KID and whatever moments are missing; may be null
  std::string sha256;                // of the file, or of the images' content (ImageSet::sha256)
};

// Accepted:
// - a NumPy archive with `mu` [D], `sigma` [D,D], optionally `mu_s` [S], `sigma_s` [S,S] and `arr_0` uint8 [N,H,W,3],
// as
//   ADM's VIRTUAL_imagenet256_labeled.npz (D = 2048, S = 2023) and pytorch-fid (mu, sigma) have them; fp32 or fp64;
// - a `statistics` artifact of a study;
// - else a set of images (open_image_set).
// Moments come out in fp64. Throws Error that names file and key: what open_image_set throws; invalid_data (keys that
// are missing, which are there, other shapes or types, a covariance that is not symmetric to 1e-5 of its largest entry
// or has a negative variance), not_finite.
Reference read_reference(const std::filesystem::path& path, Observer& observer);

}  // namespace checkerlab::model
