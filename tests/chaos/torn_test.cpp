// A database copied from a torn disk: the files as they were at one moment, their ends missing or torn. The real
// coordinator starts on it with everything that was acknowledged before that moment, or refuses and says what to do.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

#include "base/error.hpp"
#include "tests/chaos/lab.hpp"
#include "tests/chaos/trouble.hpp"
#include "tests/e2e/program.hpp"

namespace checkerlab::chaos {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::int64_t kJobs = 200;  // of a study
constexpr int kPage = 4096, kSector = 512;

// What was acknowledged before the copy was taken.
struct Promised {
  std::int64_t studies = 0;
  std::int64_t succeeded = 0;
};

class TornCopy {
 public:
  // The running coordinator stands still meanwhile, so that the files are those of one moment.
  explicit TornCopy(Lab& lab) {
    lab.signal_coordinator(SIGSTOP);
    for (const char* ending : {"", "-wal", ".mark"}) {
      const fs::path file = lab.database().string() + ending;
      if (fs::exists(file)) fs::copy_file(file, folder_.path() / file.filename());
    }
    lab.signal_coordinator(SIGCONT);
  }

  void cut(const char* ending, Trouble& trouble) const {
    const auto size = fs::file_size(file(ending));
    fs::resize_file(file(ending), size - std::min<std::uintmax_t>(size, 1 + trouble.pick(3 * kPage)));
  }
  // From a sector of the last page on, nothing has arrived.
  void tear(const char* ending, Trouble& trouble) const {
    const auto size = fs::file_size(file(ending));
    const auto length = std::min<std::uintmax_t>(size, kSector * (1 + trouble.pick(kPage / kSector - 1)));
    std::fstream stream(file(ending), std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(size - length));
    stream << std::string(length, '\0');
  }
  void lose(const char* ending) const { fs::remove(file(ending)); }

  // True when it came up, and everything was well; false when it refused properly.
  bool starts(const Promised& promised) const {
    auto coordinator = e2e::start(
        {e2e::program("checkerlab-coordinator"), "--data", folder_.path().string(), "--listen", "127.0.0.1:0"},
        folder_.path() / "out", folder_.path() / "err");
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < deadline) {
      if (const auto status = coordinator.wait(20ms)) {
        check_refusal(*status);
        return false;
      }
      const auto listening = rpc::read_coordinator_file(folder_.path());
      if (!listening || listening->pid != coordinator.pid()) continue;
      check_promises(promised);
      return true;
    }
    ADD_FAILURE() << "it neither came up nor refused";
    return false;
  }

 private:
  fs::path file(const char* ending) const { return folder_.path() / (std::string("checkerlab.db") + ending); }

  void check_refusal(const ExitStatus& status) const {
    const auto errors = e2e::read_file(folder_.path() / "err");
    EXPECT_EQ(status.text(), "exit code 1") << errors;
    EXPECT_THAT(errors, testing::HasSubstr("Restore")) << errors;
    const auto first = errors.find("error: ");
    EXPECT_TRUE(first != std::string::npos && errors.find("error: ", first + 1) == std::string::npos) << errors;
  }

  void check_promises(const Promised& promised) const {
    rpc::HttpClient client(rpc::discover_endpoint(folder_.path()));
    const auto number = [&](const std::string& sql) {
      return client.post("/api/v1/query", {{"sql", sql}}).at("rows").at(0).at(0).get<std::int64_t>();
    };
    const auto succeeded = number("select count(*) from jobs where state = 'succeeded'");
    EXPECT_GE(succeeded, promised.succeeded);
    EXPECT_GE(number("select count(*) from studies"), promised.studies);
    EXPECT_EQ(number("select count(*) from results"), succeeded);
    EXPECT_EQ(number("select count(*) from results r join attempts a on a.job = r.job and a.number = r.attempt and "
                     "a.worker = r.worker and a.state = 'succeeded' join jobs j on j.number = r.job and j.state = "
                     "'succeeded'"),
              succeeded);
    EXPECT_EQ(number("select count(*) from studies s where s.jobs_total <> (select count(*) from study_jobs l where "
                     "l.study = s.number)"),
              0);
    SQLite::Database database(file("").string(), SQLite::OPEN_READONLY, 10'000);
    EXPECT_EQ(database.execAndGet("PRAGMA integrity_check").getString(), "ok");
  }

  TemporaryFolder folder_{"checkerlab-torn"};
};

class TornDisk : public testing::Test {
 protected:
  void SetUp() override {
    lab_.start_coordinator();
    for (std::size_t i = 0; i < 2; ++i)
      lab_.start_worker(i, lab_.port());
  }
  // A moment at which work goes on.
  Promised go_on(int round) {
    lab_.submit("torn " + std::to_string(round), kJobs);
    ++promised_.studies;
    lab_.go_on(kJobs * promised_.studies, trouble_.pick(kJobs));
    promised_.succeeded = lab_.succeeded();
    return promised_;
  }

  Lab lab_;
  Trouble trouble_{4};
  Promised promised_;
};

TEST_F(TornDisk, ItsDatabaseIsWholeOrRefused) {
  int came_up = 0, refused = 0;
  for (int round = 0; round < rounds(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const auto promised = go_on(round);
    const TornCopy copy(lab_);
    const int kind = round % 6;
    if (kind == 1) copy.cut("-wal", trouble_);
    if (kind == 2) copy.tear("-wal", trouble_);
    if (kind == 3) copy.cut("", trouble_);
    if (kind == 4) copy.tear("", trouble_);
    if (kind == 5) copy.lose("-wal");
    const bool starts = copy.starts(promised);
    if (kind == 0) {
      EXPECT_TRUE(starts) << "nothing was torn";
    }
    ++(starts ? came_up : refused);
  }
  EXPECT_GT(came_up, 0);
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace checkerlab::chaos
