/* The options of verbs that connect to hosts: where passphrases and sudo's password are read. */
#ifndef CLI_SECRET_OPTIONS_H
#define CLI_SECRET_OPTIONS_H

#include <stdint.h>

#include "base/error.h"
#include "runner/host_secrets.h"
#include "runner/testbed.h"

enum { SECRET_MOST_DESCRIPTOR = 65535 };

struct secret_options {
    int64_t passphrases;   /* file descriptor; -1: not given */
    int64_t sudo_password; /* likewise */
};

#define SECRET_OPTIONS_NONE                                                                        \
    {                                                                                              \
        -1, -1                                                                                     \
    }

/* Rows of a verb's table of options; `VARIABLE` is its struct secret_options. */
#define SECRET_OPTIONS(VARIABLE)                                                                   \
    {"--passphrase-fd",                                                                            \
     "N",                                                                                          \
     "read passphrases of private keys from this descriptor",                                      \
     OPTION_COUNT,                                                                                 \
     &(VARIABLE).passphrases,                                                                      \
     0,                                                                                            \
     SECRET_MOST_DESCRIPTOR},                                                                      \
    {                                                                                              \
        "--sudo-password-fd", "N", "read sudo's password from this descriptor", OPTION_COUNT,      \
            &(VARIABLE).sudo_password, 0, SECRET_MOST_DESCRIPTOR                                   \
    }

/* Reads the descriptors to their ends. Wipe with secret_options_wipe, also after an error. */
int secret_options_read(const struct secret_options *options, struct host_secrets *secrets,
                        struct error *error);
void secret_options_wipe(struct host_secrets *secrets);

/* Lets every host of the testbed use them, for as long as they are not wiped. */
void secret_options_give(const struct host_secrets *secrets, struct testbed *testbed);

#endif
