// Settings of the process under which features are computed.
#pragma once

#include <ATen/autocast_mode.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

namespace checkerlab::model {

// Full fp32 products (no TF32) and no autocast within its life, whatever the process has set. TF32 is a setting of the
// process: not to be used by two threads at once.
class ExactProducts {
 public:
  ExactProducts();
  ~ExactProducts();
  ExactProducts(const ExactProducts&) = delete;
  ExactProducts& operator=(const ExactProducts&) = delete;

 private:
  bool matmul_, convolution_;
  c10::impl::ExcludeDispatchKeyGuard no_autocast_{c10::autocast_dispatch_keyset};
};

}  // namespace checkerlab::model
