// Image files of a folder or an archive as a set. Internal to evaluation/; see image_set.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "libmodel/data/file_source.hpp"
#include "libmodel/evaluation/image_set.hpp"

namespace checkerlab::model {

class FileImageSet final : public ImageSet {
 public:
  // `where` names the set in errors; `unpacked` holds what the source reads, where that is temporary.
  FileImageSet(std::unique_ptr<FileSource> source, const std::string& where, std::optional<TemporaryFolder> unpacked,
               Observer& observer);

  std::int64_t size() const override { return static_cast<std::int64_t>(files_.size()); }
  std::string name(std::int64_t i) const override { return files_.at(static_cast<std::size_t>(i)).name; }
  std::string sha256(Observer& observer) override;
  std::unique_ptr<ImageReader> read(const ImageSetOptions& options, Observer& observer) override;

 private:
  class Reader;

  std::optional<TemporaryFolder> unpacked_;
  std::unique_ptr<FileSource> source_;
  std::vector<SourceFile> files_;
  std::vector<std::string> hashes_;  // SHA-256 of each file, as far as it is known
};

}  // namespace checkerlab::model
