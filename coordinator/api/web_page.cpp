// The web page: embedded files; any other path is a place inside the page and answers its index.
#include <algorithm>

#include "coordinator/api/routes.hpp"
#include "coordinator/artifacts/content_type.hpp"
#include "coordinator/http/problems.hpp"

namespace checkerlab::coordinator {
namespace {

const EmbeddedFile* find(std::span<const EmbeddedFile> page, std::string_view name) {
  const auto found =
      std::find_if(page.begin(), page.end(), [&](const EmbeddedFile& file) { return file.name == name; });
  return found == page.end() ? nullptr : &*found;
}

Response file_response(const EmbeddedFile& file) {
  // Names below assets/ carry a hash of their content.
  const bool hashed = file.name.starts_with("assets/");
  return {.content_type = content_type_of(file.name),
          .body = std::string(file.data),
          .headers = {{"Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache"}}};
}

bool names_a_file(std::string_view name) {
  return name.substr(name.rfind('/') + 1).find('.') != std::string_view::npos;
}

Response answer(std::span<const EmbeddedFile> page, const Request& request) {
  const auto name = std::string_view(request.path).substr(1);
  if (const auto* file = find(page, name); file != nullptr) return file_response(*file);
  if (names_a_file(name)) throw http_error(404, ErrorCode::not_found, "the page has no file " + request.path, "");
  if (const auto* index = find(page, "index.html"); index != nullptr) return file_response(*index);
  throw http_error(404, ErrorCode::not_found, "this coordinator was built without the web page",
                   "Build it with -DCHECKERLAB_WITH_WEB=ON, or use the command line.");
}

}  // namespace

Route web_page_route(const ApiContext& context) {
  Handler handler = [&context](const Request& request) -> boost::asio::awaitable<Response> {
    co_return answer(context.page, request);
  };
  return {.pattern = "/*", .role = Role::anyone, .query = {}, .handler = std::move(handler)};
}

}  // namespace checkerlab::coordinator
