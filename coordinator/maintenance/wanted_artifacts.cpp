#include "coordinator/maintenance/wanted_artifacts.hpp"

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {

std::map<std::string, WantedArtifact> wanted_artifacts(SQLite::Database& database) {
  std::map<std::string, WantedArtifact> wanted;
  for_each_row(database,
               "SELECT x.sha256, a.bytes, x.name, j.key FROM job_artifacts x JOIN artifacts a ON a.sha256 = x.sha256 "
               "JOIN jobs j ON j.number = x.job UNION ALL "
               "SELECT c.sha256, c.bytes, 'the checkpoint', j.key FROM checkpoints c JOIN jobs j ON j.number = c.job",
               [&](SQLite::Statement& row) {
                 wanted.try_emplace(row.getColumn(0).getString(),
                                    WantedArtifact{static_cast<std::uint64_t>(row.getColumn(1).getInt64()),
                                                   "'" + row.getColumn(2).getString() + "' of job " +
                                                       row.getColumn(3).getString().substr(0, 12)});
               });
  return wanted;
}

}  // namespace checkerlab::coordinator
