#include "libmodel/data/tar_source.hpp"

#include <algorithm>

#include "libmodel/data/folder_source.hpp"
#include "libmodel/data/tar_reader.hpp"
#include "libmodel/data/tar_stream.hpp"

namespace checkerlab::model {

namespace {

std::string full_name(const TarArchive& archive, const std::string& name) {
  if (archive.prefix.empty() || name.starts_with(archive.prefix + "/")) return name;
  return archive.prefix + "/" + name;
}

}  // namespace

TarSource::TarSource(std::vector<TarArchive> archives) : archives_(std::move(archives)) {
  all_plain_ = std::all_of(archives_.begin(), archives_.end(),
                           [](const auto& archive) { return is_plain_archive(archive.path); });
}

std::vector<SourceFile> TarSource::list(const std::function<void()>& poll) {
  std::vector<SourceFile> files;
  for (std::size_t i = 0; i < archives_.size(); ++i) {
    TarReader reader(archives_[i].path);
    while (const auto entry = reader.next()) {
      files.push_back(
          {full_name(archives_[i], entry->name), entry->size, entry->offset, static_cast<std::uint32_t>(i)});
      if (files.size() % 64 == 0) poll();
    }
  }
  sort_by_name(files);
  return files;
}

void TarSource::read(const Wanted& wanted, const Sink& sink) {
  for (const auto& archive : archives_) {
    TarReader reader(archive.path);
    while (const auto entry = reader.next()) {
      const auto name = full_name(archive, entry->name);
      if (wanted(name)) sink(name, reader.read(kMaxSourceFile));
    }
  }
}

std::vector<std::uint8_t> TarSource::content(const SourceFile& file) const {
  return read_range(archives_.at(file.archive).path, file.offset, file.bytes);
}

}  // namespace checkerlab::model
