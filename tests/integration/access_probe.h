/* What the files of access_probe share. */
#ifndef TESTS_INTEGRATION_ACCESS_PROBE_H
#define TESTS_INTEGRATION_ACCESS_PROBE_H

#include <stdbool.h>

#include "base/error.h"
#include "runner/access.h"
#include "runner/testbed.h"

extern struct host probed_host; /* as the settings taken so far describe it */

/* Takes NAME=VALUE or 'jump', which it may write into and keeps; false if the word is no setting.
 * Ends the program if it knows none of that name. */
bool take_setting(char *word);

/* Both say why on stderr and return the exit status. */
int fail(const char *what);
int fail_with(const struct error *error);

/* An action gets the open access and the words after its name, NULL after the last; returns the
 * exit status. */
typedef int action_function(struct access *access, char **words, struct error *error);

action_function run_command, run_check, run_echo, run_feed, run_pipe, run_reopen, run_stream,
    run_put, run_endpoints, run_describe, run_clock, run_descriptors;
action_function run_threads, run_beside, run_pending, run_stop, run_crowd; /* several at once */

#endif
