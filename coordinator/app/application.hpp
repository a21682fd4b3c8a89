// A coordinator's life: starts its parts, serves, shuts down in order.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/embedded_file.hpp"
#include "base/files.hpp"
#include "coordinator/app/data_directory.hpp"
#include "coordinator/app/options.hpp"

namespace checkerlab::coordinator {

class Application {
 public:
  // Opens everything and listens; `coordinator.json` is there when this returns. Throws Error with one clear message
  // otherwise. `directory`, `clock`, `files` and `page` outlive the application.
  Application(const Options& options, const DataDirectory& directory, const Clock& clock, Files& files,
              std::span<const EmbeddedFile> page);
  // Ends without grace what still runs.
  ~Application();

  // Serves until stop() or, with `signals`, SIGTERM or SIGINT. Ends within a second; acknowledged changes are on disk.
  void run(bool signals);
  // From any thread.
  void stop();

  const std::string& url() const;
  const std::string& token() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace checkerlab::coordinator
