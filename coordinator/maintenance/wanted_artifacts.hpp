// What a database says about artifacts. Reads on the given connection; throws SQLite::Exception.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <map>
#include <string>

namespace checkerlab::coordinator {

struct WantedArtifact {
  std::uint64_t bytes = 0;
  std::string who;  // "'model' of job 3fa1…", for messages
};

// By hash: every artifact of a result, and every checkpoint that counts.
std::map<std::string, WantedArtifact> wanted_artifacts(SQLite::Database& database);

}  // namespace checkerlab::coordinator
