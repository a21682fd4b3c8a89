#include "cli/context.hpp"

#include "rpc/endpoint.hpp"

namespace checkerlab::cli {

std::filesystem::path Context::data_directory() const {
  return std::filesystem::absolute(options.data ? *options.data : rpc::default_data_directory()).lexically_normal();
}

std::string Context::program() const {
  std::string text = "checkerlab";
  if (!options.url.empty()) text += " --url " + options.url;
  if (options.data) text += " --data " + options.data->string();
  return text;
}

}  // namespace checkerlab::cli
