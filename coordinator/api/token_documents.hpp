// Tokens as the API shows them: without what could be used.
#pragma once

#include "coordinator/auth/tokens.hpp"
#include "coordinator/service/server_event.hpp"

namespace checkerlab::coordinator {

Json token_document(const Tokens& tokens, const TokenRow& token);

}  // namespace checkerlab::coordinator
