// What stands around handlers, whatever they do: the audit log, and answers that can be asked for again.
#pragma once

#include "coordinator/api/context.hpp"
#include "coordinator/http/route.hpp"

namespace checkerlab::coordinator {

// The same route, whose requests stand in the audit log. Only for routes that answer from memory (Handler).
Route audited(const ApiContext& context, Route route);

// The same route, which answers a request that is sent again with the same Idempotency-Key as it answered the first,
// for a day, without doing anything; another request with that key gets 422. Only successes are kept.
Route repeatable(const ApiContext& context, Route route);

// Both where they belong: everything that changes something, and SQL, is audited; what people change is repeatable
// unless its answer is secret.
Route guarded(const ApiContext& context, Route route);

}  // namespace checkerlab::coordinator
