#include "libmodel/evaluation/exact_products.hpp"

#include <ATen/Context.h>

namespace checkerlab::model {

ExactProducts::ExactProducts()
    : matmul_(at::globalContext().allowTF32CuBLAS()), convolution_(at::globalContext().allowTF32CuDNN()) {
  at::globalContext().setAllowTF32CuBLAS(false);
  at::globalContext().setAllowTF32CuDNN(false);
}

ExactProducts::~ExactProducts() {
  at::globalContext().setAllowTF32CuBLAS(matmul_);
  at::globalContext().setAllowTF32CuDNN(convolution_);
}

}  // namespace checkerlab::model
