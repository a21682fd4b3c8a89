// What a child process that computes with OpenMP should find in its environment.
#pragma once

#include <map>
#include <string>

namespace checkerlab {

// OpenMP's threads wait for each other by spinning, by default so long that a process crawls as soon as anything else
// wants a core. Not spinning at all costs more than it saves (many short loops): a short spin is as fast on an idle
// machine and twice as fast on a busy one. Nothing where the user has decided.
std::map<std::string, std::string> threading_environment();

}  // namespace checkerlab
