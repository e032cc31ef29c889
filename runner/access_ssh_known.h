/* Inside of the access method 'ssh': the host keys that are known, from files as OpenSSH's
 * known_hosts. */
#ifndef RUNNER_ACCESS_SSH_KNOWN_H
#define RUNNER_ACCESS_SSH_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include <libssh/libssh.h>

#include "base/error.h"
#include "base/text.h"
#include "runner/testbed.h"

enum known_mark { KNOWN_PLAIN, KNOWN_REVOKED, KNOWN_AUTHORITY };

/* One line that is about the host. */
struct known_line {
    enum known_mark mark;
    ssh_key key; /* NULL: of a type that the SSH library does not know, or damaged */
    const char *file;
    int number;
};

/* What the files say about one host. */
struct known_host {
    char *name; /* as in the files: '[ADDRESS]:PORT', or the address alone for port 22 */
    char *own_file;
    char *system_file; /* "" if the testbed names a file */
    bool missing;      /* there is no file of the user's own */
    struct known_line *lines;
    size_t count;
    size_t capacity;
};

enum known_verdict {
    KNOWN_SAME,
    KNOWN_CHANGED,    /* another key, of the same type or not */
    KNOWN_BANNED,     /* the key is marked as revoked */
    KNOWN_UNREADABLE, /* there are lines about the host, none of which can be read */
    KNOWN_NEW,
};

/* Reads the files that the host's configuration names. A file that isn't there knows no host. Free
 * it with known_host_free, also after an error. */
int known_host_read(const struct host_access *access, struct known_host *known,
                    struct error *error);
void known_host_free(struct known_host *known);

/* Appends the algorithms to ask the host for its key with, those of known keys first. */
void known_host_algorithms(const struct known_host *known, struct text *algorithms);

/* `*line` is the line that decided, or NULL if none did. */
enum known_verdict known_host_judge(const struct known_host *known, ssh_key key,
                                    const struct known_line **line);

/*
 * Adds the key to the user's own file, which is made with mode 0600 if it isn't there. The file is
 * locked and read again before: the return is KNOWN_NEW if the line was added, the verdict on what
 * somebody else had added meanwhile if not, -1 with an error if it can't be written.
 */
int known_host_add(const struct host_access *access, ssh_key key, struct known_host *known,
                   const struct known_line **line, struct error *error);

#endif
