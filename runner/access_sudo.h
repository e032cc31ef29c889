/*
 * Inside of the access room: commands by sudo. Without a password sudo must ask for none (-n). With
 * one it is sent only once sudo asks for it, and the command's own input only once the command
 * runs: so no password gets into a command's input, whatever the host's sudoers say.
 */
#ifndef RUNNER_ACCESS_SUDO_H
#define RUNNER_ACCESS_SUDO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "runner/testbed.h"

/* argv as the host is to run it; the caller frees the vector, whose words live as long as argv. */
const char **access_sudo_vector(const struct host *host, const char *const argv[]);

/* True if commands on the host begin with sudo's talk, see access_sudo_look. */
bool access_sudo_talks(const struct host *host);

enum sudo_state {
    SUDO_SILENT,  /* nothing yet */
    SUDO_ASKS,    /* for the password, more often than it was answered */
    SUDO_THROUGH, /* the command runs; what sudo said is taken out of `errors` */
};

/* What the command's standard error, as far as it has come, says about sudo. */
enum sudo_state access_sudo_look(struct text *errors, size_t answered);

/* Takes sudo's questions out of what it said. */
void access_sudo_clean(struct text *errors);

/* Sets the error for a password that sudo didn't take. Returns -1. */
int access_sudo_wrong(const struct host *host, struct error *error);

/* Sets the error for a command that sudo didn't run, whose output is `quoted`. Returns -1. */
int access_sudo_refused(const struct host *host, int exit_status, const struct text *quoted,
                        struct error *error);

#endif
