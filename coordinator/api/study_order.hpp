// How a study is to stand to others, as requests say it.
#pragma once

#include "coordinator/service/coordinator.hpp"
#include "rpc/fields.hpp"

namespace checkerlab::coordinator {

// The fields `priority` and `deadline` where they are there; a deadline of null means none. Throws Error(invalid_data).
OrderChange order_of(const nlohmann::json& json, const rpc::Fields& body);

// A deadline as text. Throws Error(invalid_data) that names `path`.
std::int64_t deadline_of(const std::string& text, const std::string& path);

}  // namespace checkerlab::coordinator
