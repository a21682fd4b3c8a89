#include "cli/context.hpp"

#include "rpc/endpoint.hpp"

namespace checkerlab::cli {

std::filesystem::path Context::data_directory() const {
  return std::filesystem::absolute(options.data ? *options.data : rpc::default_data_directory()).lexically_normal();
}

}  // namespace checkerlab::cli
