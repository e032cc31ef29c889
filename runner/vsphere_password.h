/* A password that is kept in a file of one line, and whether that file was changed. */
#ifndef RUNNER_VSPHERE_PASSWORD_H
#define RUNNER_VSPHERE_PASSWORD_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "base/error.h"
#include "base/secret.h"

/* Which file it was and when it was changed; all 0 is none. */
struct password_version {
    dev_t device;
    ino_t inode;
    struct timespec changed;
};

/* Reads it; secret_wipe ends it. ERROR_INPUT if there is none, or it holds what can't be sent as
 * XML. */
int password_read(const char *path, struct secret *password, struct password_version *version,
                  struct error *error);

bool password_is_same(const struct password_version *one, const struct password_version *other);

#endif
