/*
 * Access to a host: run commands on it. A family of methods (ssh; a container through its node;
 * kubectl); each is one file with a struct access_method and one line in the table of
 * runner/access.c.
 *
 * An access may be used from several threads; commands run side by side over one connection.
 * Commands are argument vectors; no text of a user ever becomes part of a shell line unquoted.
 */
#ifndef RUNNER_ACCESS_H
#define RUNNER_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "base/text.h"
#include "runner/testbed.h"

struct access;
struct access_link;
struct access_stream;

struct command_result {
    int exit_status; /* 0 to 255; 128 + signal number if a signal ended it */
    struct text output;
    struct text errors;
};

/*
 * What one access method can do. `connection` and `channel` are its own; every function may be
 * called from several threads, but one channel is used by one thread at a time.
 */
struct access_method {
    const char *name; /* as in the testbed file */
    int (*open)(const struct host *host, void **connection, struct error *error);
    /* Makes every call that is pending on the connection, and every later one, fail at once. */
    void (*abandon)(void *connection);
    /* True once calls on the connection can only fail. NULL of a method that keeps no connection.
     */
    bool (*is_lost)(void *connection);
    /* Frees the connection; no channel is open and no call is pending any more. */
    void (*close)(void *connection);
    /* Starts argv; an error past `deadline` (runner's clock). */
    int (*start)(void *connection, const char *const argv[], int64_t deadline, void **channel,
                 struct error *error);
    /*
     * Moves bytes both ways without blocking. `*input_length` is how many bytes there are for the
     * command's standard input, and then how many of them were taken. Appends to the outputs,
     * at most about 1 MB a call. Returns 1 once the command is over and everything was read
     * (`*exit_status` is set), 0 before, -1 if the connection is lost.
     */
    int (*exchange)(void *connection, void *channel, const char *input, size_t *input_length,
                    struct text *output, struct text *errors, int *exit_status,
                    struct error *error);
    /* Closes the command's standard input. */
    void (*end_input)(void *connection, void *channel);
    /* Waits until another exchange may move something, until `deadline`, or until `stop` (may
     * be NULL). */
    void (*wait)(void *connection, void *channel, int64_t deadline, struct stop *stop);
    /* Closes the channel; the command itself may go on on the host. */
    void (*end)(void *connection, void *channel);
    /* The runner's and the host's address and port of the control connection, for exemption
     * from network faults: 'runner-address runner-port host-address host-port', as the host
     * sees them. */
    int (*endpoints)(void *connection, struct text *text, struct error *error);
    /* How the host is reached, in words; of a host within another one which it is just now, and so
     * others after it was started again. */
    void (*describe)(void *connection, struct text *text);

    /* The rest is of methods whose hosts are within another one, a container on its node, say; NULL
     * where the host is itself what the connection leads to. */

    /* Finds the host by commands that run on the outer one (access_link_run). Called once for a
     * connection, before all but `open`. */
    int (*find)(struct access_link *link, struct error *error);
    /* Appends the vector that runs argv within the host to `words`, which has room for
     * ACCESS_MOST_WORDS more than argv has; returns their number. They live as long as the
     * connection and argv. */
    size_t (*within)(void *connection, const char *const argv[], const char *words[]);
    /* Has the outer host end it and start it again; it may take its time to come. */
    int (*restart)(struct access_link *link, struct error *error);
    /* Folder, on the outer host, for what is kept of it. The caller frees. */
    char *(*folder)(void *connection);
};

enum { ACCESS_MOST_WORDS = 12 };

/*
 * Connects to the host. ERROR_UNREACHABLE names the host and tells apart: no route, refused,
 * timeout, host key unknown or changed, key file missing, authentication refused, sudo refused.
 */
int access_open(const struct host *host, struct access **access, struct error *error);
void access_close(struct access *access);

/* This machine itself, which no testbed file has: where a collector runs what it else runs on a
 * monitoring host. */
extern const struct host access_this_machine;

/* Host the access was opened for. */
const struct host *access_host(const struct access *access);

/* Closes the connection, if it is still there, and makes a new one (after a reboot, say). */
int access_reopen(struct access *access, struct error *error);

/* True if there is no connection, or one that is known to be broken. */
bool access_is_lost(struct access *access);

/* How often it was connected so far: more than before tells that the connection was lost in
 * between, whoever made a new one. */
unsigned access_connections(struct access *access);

/* Makes a new connection if the present one is lost. */
int access_restore(struct access *access, struct error *error);

/*
 * Runs argv to its end. `input` (may be NULL) goes to its standard input, which is closed after.
 * An exit status other than 0 is no error. Past `timeout` ns (0: the host's own timeout) the
 * channel is closed and it is ERROR_UNREACHABLE, as is an output of more than 16 MB. Free the
 * result with command_result_free, but not after an error.
 */
int access_run(struct access *access, const char *const argv[], const char *input,
               size_t input_length, int64_t timeout, struct command_result *result,
               struct error *error);

/* As access_run, but an exit status other than 0 is ERROR_UNREACHABLE and quotes stderr. */
int access_check(struct access *access, const char *const argv[], int64_t timeout,
                 struct error *error);

void command_result_free(struct command_result *result);

/* Starts a command that goes on running: a load generator, a log being followed. A stream is used
 * by one thread at a time and must be ended before the access is closed. */
int access_start(struct access *access, const char *const argv[], struct access_stream **stream,
                 struct error *error);

/*
 * Appends what has come on the command's outputs since the last call; waits at most `timeout` ns
 * for something to come, or until `stop` (may be NULL). `*ended` is set once the command is over
 * and everything was read. -1 if the connection is lost.
 */
int access_stream_read(struct access_stream *stream, int64_t timeout, struct stop *stop,
                       struct text *output, struct text *errors, bool *ended, int *exit_status,
                       struct error *error);

/* Writes to the command's standard input, all of it or -1; bounded by the host's timeout. */
int access_stream_write(struct access_stream *stream, const char *bytes, size_t length,
                        struct error *error);

/* Closes the channel and frees the stream; the command itself may go on on the host. */
void access_stream_end(struct access_stream *stream);

/* Writes a file on the host, whole or not at all, with the given mode (0700 for a script). */
int access_put_file(struct access *access, const char *path, const char *bytes, size_t length,
                    unsigned mode, struct error *error);

/* See struct access_method. */
int access_endpoints(struct access *access, struct text *text, struct error *error);

/* Appends how the host is reached, in words for people. */
int access_describe(struct access *access, struct text *text, struct error *error);

/* Folder in which vnfault keeps what it has on the host, the undo records among it; NULL and an
 * error if there is no connection. The caller frees. */
char *access_folder(struct access *access, struct error *error);

/* True if the host is started again from outside, by access_restart, and not by a command of its
 * own. */
bool access_has_restart(const struct access *access);

/* Starts the host again and connects to it; ERROR_UNREACHABLE if it has not come back until
 * `deadline` (runner's clock). */
int access_restart(struct access *access, int64_t deadline, struct error *error);

/* Host's clock minus runner's clock at best, and the bound of that figure's error, in ns, from
 * several exchanges over one open channel (the least round trip counts; error = half of it). */
int access_clock_offset(struct access *access, int64_t *offset, int64_t *bound,
                        struct error *error);

#endif
