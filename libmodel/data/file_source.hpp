// The files of a data set, wherever they lie: in a folder, in a tar archive, or in one archive a split.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace checkerlab::model {

struct SourceFile {
  std::string name;  // relative, '/' between parts
  std::uint64_t bytes = 0;
};

// Not thread-safe. Every function throws Error when something cannot be read.
class FileSource {
 public:
  using Wanted = std::function<bool(const std::string& name)>;
  using Sink = std::function<void(const std::string& name, std::vector<std::uint8_t> content)>;

  virtual ~FileSource() = default;

  // Every regular file, sorted by name. `poll` is called now and then, so that it can throw to cancel.
  virtual std::vector<SourceFile> list(const std::function<void()>& poll) = 0;

  // Hands over the wanted files in the order in which they lie.
  virtual void read(const Wanted& wanted, const Sink& sink) = 0;
};

// A folder; a folder with train.tar.gz and test.tar.gz (.tar, .tgz; val too), whose entries then begin with "train/" or
// "test/"; a folder with a single archive; or an archive. Throws Error (not_found, io_error, invalid_argument).
std::unique_ptr<FileSource> open_source(const std::filesystem::path& path);

}  // namespace checkerlab::model
