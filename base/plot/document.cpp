#include "base/plot/document.hpp"

#include "base/plot/style.hpp"
#include "base/plot/svg.hpp"
#include "base/text/text_width.hpp"

namespace checkerlab::plot {

std::string document_head(const DocumentHead& head) {
  const std::string width = coordinate(head.width), height = coordinate(head.height);
  const std::string size = "width=\"" + width + "\" height=\"" + height + "\"";
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " viewBox=\"0 0 " + width + " " + height +
         "\" role=\"img\" aria-labelledby=\"title text\">\n<title id=\"title\">" + escaped(head.title) +
         "</title>\n<desc id=\"text\">" + escaped(head.subtitle + ". " + head.description) + "</desc>\n<style>" +
         style_sheet(head.lines) + "</style>\n<rect class=\"paper\" " + size + "/>\n" +
         text("ink title", head.left, 32, "start", fit_to_width(head.title, head.columns)) + "\n" +
         text("muted", head.left, 54, "start", fit_to_width(head.subtitle, head.columns + 30)) + "\n";
}

}  // namespace checkerlab::plot
