#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "base/files.hpp"
#include "libmodel/evaluation/feature_network.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

class FindNetwork : public testing::Test {
 protected:
  TemporaryFolder first, second;
  std::vector<fs::path> folders{first.path(), second.path() / "absent", second.path()};

  static fs::path put(const fs::path& file) {
    std::ofstream(file) << "x";
    return file;
  }
};

TEST_F(FindNetwork, ByPath) {
  const fs::path file = put(first.path() / "a.pb");
  EXPECT_EQ(find_network(file.string(), {}), file);
}

TEST_F(FindNetwork, ByNameWithOrWithoutExtension) {
  const fs::path a = put(second.path() / "inception-2015-12-05.pt");
  EXPECT_EQ(find_network("inception-2015-12-05", folders), a);
  EXPECT_EQ(find_network("inception-2015-12-05.pt", folders), a);
  const fs::path earlier = put(first.path() / "inception-2015-12-05.pb");
  EXPECT_EQ(find_network("inception-2015-12-05", folders), earlier) << "earlier folders come first";
}

TEST_F(FindNetwork, RefusesAnAmbiguousName) {
  put(first.path() / "a.pb");
  put(first.path() / "a.pth");
  expect_error(ErrorCode::invalid_argument, "fits several feature networks", [&] { find_network("a", folders); });
  EXPECT_EQ(find_network("a.pth", folders), first.path() / "a.pth");
}

TEST_F(FindNetwork, TellsWhatThereIs) {
  put(first.path() / "other.pb");
  try {
    find_network("missing", folders);
    FAIL() << "a network was found";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_NE(error.full_text().find("other.pb"), std::string::npos) << error.full_text();
  }
  expect_error(ErrorCode::not_found, "'some/where.pb'", [&] { find_network("some/where.pb", folders); });
  expect_error(ErrorCode::not_found, "none is configured", [&] { find_network("missing", {}); });
  expect_error(ErrorCode::invalid_argument, "is empty", [&] { find_network("", folders); });
}

TEST_F(FindNetwork, LooksInTheConfiguredFolders) {
  ::unsetenv("CHECKERLAB_NETWORKS");
  EXPECT_EQ(network_folders("/data"), std::vector<fs::path>{"/data/networks"});
  ::setenv("CHECKERLAB_NETWORKS", "/a::/b c", 1);
  EXPECT_EQ(network_folders("/data"), (std::vector<fs::path>{"/a", "/b c"}));
  ::unsetenv("CHECKERLAB_NETWORKS");
}

}  // namespace
}  // namespace checkerlab::model
