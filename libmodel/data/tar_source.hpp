#pragma once

#include "libmodel/data/file_source.hpp"

namespace checkerlab::model {

// An archive and what its entries' names begin with; an entry that begins so already keeps its name.
struct TarArchive {
  std::filesystem::path path;
  std::string prefix;  // "" or without the '/' at its end
};

// The entries of archives.
class TarSource final : public FileSource {
 public:
  explicit TarSource(std::vector<TarArchive> archives);

  std::vector<SourceFile> list(const std::function<void()>& poll) override;
  void read(const Wanted& wanted, const Sink& sink) override;
  bool reads_anywhere() const override { return all_plain_; }
  std::vector<std::uint8_t> content(const SourceFile& file) const override;

 private:
  std::vector<TarArchive> archives_;
  bool all_plain_ = true;
};

}  // namespace checkerlab::model
