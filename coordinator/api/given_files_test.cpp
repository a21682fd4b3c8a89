// Studies that name files are planned from their hashes.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "coordinator/app/testing/running_coordinator.hpp"
#include "rpc/problem.hpp"

namespace checkerlab::coordinator {
namespace {

using rpc::Json;

Json request(const Json& files) {
  std::ostringstream text;
  text << std::ifstream(std::string(CHECKERLAB_SOURCE_DIR) + "/sweeps/demo.yaml").rdbuf();
  Json body{{"definition", text.str()}, {"overrides", {"model.given=[{ratio: 2, file: m.pth}]"}}};
  if (!files.is_null()) body["files"] = files;
  return body;
}

TEST(GivenFiles, ComeWithTheSubmission) {
  RunningCoordinator coordinator;
  auto client = coordinator.client();
  const Json file{{"place", "model.given.0.file"}, {"path", "/lab/m.pth"}, {"sha256", std::string(64, 'a')}};
  const Json planned = client.post("/api/v1/studies?dry_run=true", request(Json::array({file})));
  EXPECT_EQ(planned.at("stages").at(1).at("kind"), "train_tokenizer");
  bool found = false;
  for (const Json& stage : planned.at("stages"))
    found = found || stage.at("kind") == "import_file";
  EXPECT_TRUE(found);
  for (const Json& wrong : {Json(nullptr), Json::array(),
                            Json::array({{{"place", "model.given.0.file"}, {"path", "p"}, {"sha256", "xyz"}}})})
    EXPECT_THROW(client.post("/api/v1/studies?dry_run=true", request(wrong)), Error) << wrong;
}

}  // namespace
}  // namespace checkerlab::coordinator
