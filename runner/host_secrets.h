/* What a run is told once, from file descriptors, to get into its hosts. */
#ifndef RUNNER_HOST_SECRETS_H
#define RUNNER_HOST_SECRETS_H

#include "base/secret.h"

struct host_secrets {
    struct secret passphrases;   /* of private keys, split into lines; each is tried on each key */
    struct secret sudo_password; /* one line with its end; none: sudo runs without */
};

#endif
