#include "tests/simulation/process/server.hpp"

#include <utility>

#include "tests/simulation/disk/vfs.hpp"

namespace checkerlab::simulation {
namespace {

// Few, so that checkpoints fall into runs of a few hundred commits.
constexpr const char* kCheckpointOften = "PRAGMA wal_autocheckpoint = 60";

coordinator::StoreOptions store_options(const WriterFaults& faults, SteppedWriter** writer) {
  coordinator::StoreOptions options;
  options.read_connections = 1;
  options.vfs = kVfsName;
  options.make_writer = [faults, writer](SQLite::Database database, std::filesystem::path file) {
    database.exec(kCheckpointOften);
    auto made = std::make_unique<SteppedWriter>(std::move(database), std::move(file), faults);
    *writer = made.get();
    return made;
  };
  return options;
}

coordinator::CoordinatorOptions core_options(const Plant& plant) {
  coordinator::CoordinatorOptions options;
  if (plant.scheduler) options.scheduler = plant.scheduler;
  return options;
}

}  // namespace

Server::Server(Disk& disk, const Clock& clock, const Plant& plant, coordinator::Coordinator::EventSink sink) {
  register_vfs();
  mount(disk);
  if (plant.ignores_syncs) disk.ignore_syncs();
  store_ = std::make_unique<coordinator::Store>(kDatabase, store_options(plant.writer, &writer_));
  core_ = std::make_unique<coordinator::Coordinator>(
      *store_, clock, [this](std::function<void()> work) { posted_.push_back(std::move(work)); },
      [](const std::string& sha256) { return !sha256.starts_with(kMissingArtifact); }, std::move(sink),
      core_options(plant));
  core_->load();
}

Server::~Server() {
  writer_->abandon();
  posted_.clear();
}

bool Server::run_posted() {
  if (posted_.empty()) return false;
  const auto work = std::move(posted_.front());
  posted_.pop_front();
  work();
  return true;
}

void Server::settle() {
  bool busy = true;
  while (busy) {
    writer_->flush();
    busy = false;
    while (run_posted())
      busy = true;
  }
}

const std::map<std::string, std::string>& empty_database() {
  static const std::map<std::string, std::string> files = [] {
    Disk disk;
    register_vfs();
    mount(disk);
    SteppedWriter* writer = nullptr;
    { const coordinator::Store store(kDatabase, store_options({}, &writer)); }
    return disk.contents();
  }();
  return files;
}

}  // namespace checkerlab::simulation
