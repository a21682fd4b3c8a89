// The files of a data set, wherever they lie: in a folder, in a tar archive, in one archive a split, or in shards.
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
  std::uint64_t offset = 0;   // where the content lies in its archive
  std::uint32_t archive = 0;  // which of the source's archives that is
};

// Every function throws Error when something cannot be read. Not thread-safe but for `content`.
class FileSource {
 public:
  using Wanted = std::function<bool(const std::string& name)>;
  using Sink = std::function<void(const std::string& name, std::vector<std::uint8_t> content)>;

  virtual ~FileSource() = default;

  // Every regular file, sorted by name. `poll` is called now and then, so that it can throw to cancel.
  virtual std::vector<SourceFile> list(const std::function<void()>& poll) = 0;

  // Hands over the wanted files in the order in which they lie.
  virtual void read(const Wanted& wanted, const Sink& sink) = 0;

  // Whether `content` works: folders and plain archives, not compressed ones.
  virtual bool reads_anywhere() const = 0;

  // The content of a file that `list` gave, read where it lies. Thread-safe. Precondition: reads_anywhere().
  virtual std::vector<std::uint8_t> content(const SourceFile& file) const = 0;
};

// Accepted: a folder of files; a folder with train.tar.gz and test.tar.gz (.tar, .tgz; val too), whose entries then
// begin with "train/" or "test/"; a folder with a single archive; an archive; shards (archives that are called
// STEM-DIGITS): a folder of them, folders train, val and test of them, or a path with a brace such as
// "set-{000000..000146}.tar". The entries of a shard begin with its name without the ending. Throws Error (not_found,
// io_error, invalid_argument).
std::unique_ptr<FileSource> open_source(const std::filesystem::path& path);

// The file of that name in a list sorted by name, or null.
const SourceFile* find_file(const std::vector<SourceFile>& files, const std::string& name);

}  // namespace checkerlab::model
