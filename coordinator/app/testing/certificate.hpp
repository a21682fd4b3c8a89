// A self-signed certificate with its key, made by the openssl program for one test.
#pragma once

#include <filesystem>
#include <string>

#include "base/files.hpp"

namespace checkerlab::coordinator {

class Certificate {
 public:
  // `names` as in subjectAltName: "IP:127.0.0.1,DNS:localhost".
  explicit Certificate(const std::string& names);

  std::filesystem::path file() const { return folder_.path() / "cert.pem"; }
  std::filesystem::path key() const { return folder_.path() / "key.pem"; }

 private:
  const TemporaryFolder folder_;
};

}  // namespace checkerlab::coordinator
