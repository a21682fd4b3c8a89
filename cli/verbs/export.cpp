// `checkerlab export`: a table or view of any size, or the whole database, while the coordinator works.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text/number.hpp"
#include "cli/client/session.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

namespace fs = std::filesystem;

// Grows beside its place and takes it when it is whole. Destroyed before, nothing stays.
class NewFile {
 public:
  NewFile(fs::path place, bool replace) : place_(std::move(place)), part_(place_.string() + ".part") {
    if (!replace && fs::exists(place_)) {
      throw Error(ErrorCode::conflict, place_.string() + " is there already", "Name another file, or add --force.");
    }
    fd_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd_ < 0) throw errno_error(errno, "create " + part_.string());
  }
  ~NewFile() {
    ::close(fd_);
    std::error_code ignored;
    fs::remove(part_, ignored);  // gone already once it took its place
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void write(std::string_view bytes) {
    bytes_ += bytes.size();
    while (!bytes.empty()) {
      const auto written = ::write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw errno_error(errno, "write " + part_.string());
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void finish() { SystemFiles().commit(part_, place_); }
  std::uint64_t bytes() const { return bytes_; }

 private:
  const fs::path place_;
  const fs::path part_;
  std::uint64_t bytes_ = 0;
  int fd_ = -1;
};

class ExportVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("TABLE", table_, "Table or view, for example results_long, jobs_overview, fig_5")
        ->type_name("NAME");
    command.add_option("--format", format_, "csv, or jsonl: one JSON object a line (default: csv, with --json jsonl)")
        ->check(CLI::IsMember({"csv", "jsonl"}));
    command.add_option("--out", out_, "Write to a file instead of standard output")->type_name("FILE");
    command.add_option("--snapshot", snapshot_, "The whole database instead, as a SQLite file in one consistent state")
        ->type_name("FILE");
    command.add_flag("--force", force_, "Replace a file that is there");
  }

  ExitCode run(Context& context) override {
    if (table_.empty() == !snapshot_) {
      throw Error(ErrorCode::invalid_argument, "give either a table or --snapshot FILE",
                  "For example: checkerlab export results_long; the views are named in docs/operations.md.");
    }
    Session session = connect_to_read(context);
    if (snapshot_) {
      to_file(context, session, "/api/v1/snapshot", *snapshot_);
      return ExitCode::success;
    }
    if (format_.empty()) format_ = context.options.json ? "jsonl" : "csv";
    const std::string target = "/api/v1/export/" + rpc::escape_query(table_) + "?format=" + format_;
    if (out_) {
      to_file(context, session, target, *out_);
    } else {
      session.http().stream(target, [&](std::string_view bytes) { write(context.console.out, bytes); });
    }
    return ExitCode::success;
  }

 private:
  void to_file(Context& context, Session& session, const std::string& target, const fs::path& place) const {
    NewFile file(place, force_);
    session.http().stream(target, [&](std::string_view bytes) { file.write(bytes); });
    file.finish();
    context.console.err << place.string() << ": " << bytes_text(static_cast<double>(file.bytes())) << std::endl;
  }

  static void write(std::ostream& out, std::string_view bytes) {
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out) throw Error(ErrorCode::io_error, "could not write the output", "Is the disk full?");
  }

  std::string table_;
  std::string format_;
  std::optional<fs::path> out_;
  std::optional<fs::path> snapshot_;
  bool force_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_export_verb() {
  return std::make_unique<ExportVerb>();
}

}  // namespace checkerlab::cli
