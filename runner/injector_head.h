/* The head of an injector: the comment lines '# KEY: VALUE' at its start (injectors/README.md). */
#ifndef RUNNER_INJECTOR_HEAD_H
#define RUNNER_INJECTOR_HEAD_H

#include "runner/injector.h"

/*
 * Fills in the injector from the head of its `script`; `name` is what the file is called.
 * ERROR_INPUT with file and line if the head is malformed, or something is missing.
 */
int injector_head_read(struct injector *injector, const char *name, struct error *error);

#endif
