#include "libmodel/checkpoint/testing/mutate.hpp"

#include <algorithm>
#include <array>

namespace checkerlab::model {

std::string Mutator::mutate(std::string bytes) {
  const std::size_t changes = 1 + below(4);
  for (std::size_t i = 0; i < changes && !bytes.empty(); ++i)
    change(bytes);
  return bytes;
}

void Mutator::change(std::string& bytes) {
  constexpr std::array kExtremes{'\x00', '\x01', '\x7f', '\x80', '\xff'};
  const std::size_t place = below(bytes.size());
  const std::size_t length = std::min(1 + below(64), bytes.size() - place);
  switch (below(7)) {
    case 0:
      bytes[place] = static_cast<char>(bytes[place] ^ 1 << below(8));
      break;
    case 1:
      bytes[place] = kExtremes[below(kExtremes.size())];
      break;
    case 2:
      bytes.resize(place);
      break;
    case 3:
      bytes.erase(place, length);
      break;
    case 4:
      bytes.insert(below(bytes.size()), bytes.substr(place, length));
      break;
    case 5:
      bytes.replace(place, length, bytes.substr(below(bytes.size()), length));
      break;
    default:
      std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(place), std::min<std::size_t>(length, 8), '\xff');
  }
}

}  // namespace checkerlab::model
