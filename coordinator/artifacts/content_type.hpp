// The media type of a file by the ending of its name. Pure.
#pragma once

#include <string>
#include <string_view>

namespace checkerlab::coordinator {

std::string content_type_of(std::string_view name);

}  // namespace checkerlab::coordinator
