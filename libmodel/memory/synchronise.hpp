// Waits until a device has done everything that it was given, so that a clock tells the truth.
#pragma once

#include <c10/core/Device.h>

namespace checkerlab::model {

// Nothing to wait for on the CPU.
void synchronise(c10::Device device);

}  // namespace checkerlab::model
