/* What kind of machines a run was made on: recorded so that figures can be defended later. */
#ifndef RUNNER_FACTS_H
#define RUNNER_FACTS_H

#include "base/error.h"
#include "runner/sessions.h"
#include "store/store.h"

/*
 * Records kernel, processors, memory, limits and tool versions of every host, and the runner's
 * own kernel and processors. What a host does not tell is left out.
 */
int facts_record(struct store *store, struct sessions *sessions, struct error *error);

#endif
