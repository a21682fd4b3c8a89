#include "coordinator/app/testing/certificate.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace checkerlab::coordinator {

Certificate::Certificate(const std::string& names) {
  const std::string command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=checkerlab-test "
      "-addext subjectAltName=" +
      names + " -keyout " + key().string() + " -out " + file().string() + " 2>/dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  std::filesystem::permissions(key(), std::filesystem::perms::owner_read);
}

}  // namespace checkerlab::coordinator
