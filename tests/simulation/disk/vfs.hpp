// SQLite's files on a Disk, as a VFS with the name kVfsName.
//
// A thread sees the disk that it has mounted last; several threads may simulate at once, each with its own. Time and
// randomness that SQLite asks for are constants of the simulation.
#pragma once

#include "tests/simulation/disk/disk.hpp"

namespace checkerlab::simulation {

inline constexpr const char* kVfsName = "checkerlab-simulation";

// Registers the VFS with SQLite; again does nothing. Thread-safe.
void register_vfs();

// Files that this thread opens from now on are on `disk`, which outlives them.
void mount(Disk& disk);

}  // namespace checkerlab::simulation
