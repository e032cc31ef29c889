/* Inside of the access method 'ssh': shared by the files runner/access_ssh*.c only. */
#ifndef RUNNER_ACCESS_SSH_H
#define RUNNER_ACCESS_SSH_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include "base/error.h"
#include "base/stop.h"
#include "base/text.h"
#include "runner/access_ssh_jump.h"
#include "runner/access_ssh_known.h"
#include "runner/testbed.h"

/* A channel whose opening was given up; the host may still open it and must then be told. */
struct ssh_orphan {
    ssh_channel channel;
    struct ssh_orphan *next;
};

/*
 * One SSH connection, used by several threads. No thread holds the lock while it waits: one of
 * the waiting threads polls the socket, the others sleep on `changed`. Whatever thread calls
 * libssh may read what belongs to other threads' channels, so each call is followed by
 * ssh_connection_note, which wakes all once something has come in.
 */
struct ssh_connection {
    const struct host *host;
    ssh_session session;
    ssh_channel pump;     /* never opened: lets libssh read when no other channel is there */
    pthread_mutex_t lock; /* held around every call of libssh */
    pthread_cond_t changed;
    uint64_t generation; /* grows whenever something came in or a channel ended */
    struct ssh_counter_struct received;
    uint64_t noted;    /* bytes received when the generation last grew */
    int wake;          /* eventfd: takes the polling thread out of poll() */
    bool polled;       /* a thread polls the socket */
    bool polls_output; /* and waits for room to send, too */
    bool lost;
    char reason[200]; /* why it was lost */
    size_t channels;  /* that are open or being opened */
    size_t queued;    /* threads that the host refused a further session */
    bool retried;     /* one of them tries again */
    struct ssh_orphan *orphans;
    char *endpoints;       /* SSH_CONNECTION as the host sees it */
    struct text news;      /* of the log-in: a host key that was added */
    struct ssh_jump *jump; /* that the host is reached by; NULL if directly */
};

struct ssh_command {
    ssh_channel channel;
    struct ssh_channel_callbacks_struct callbacks;
    uint64_t seen;   /* generation at the end of the last exchange */
    bool more;       /* the last exchange left something unread */
    int exit_status; /* -1 until the host has told it */
};

/* --- runner/access_ssh_socket.c --- */

/*
 * A TCP connection to the host, made in its network namespace, with keepalives. ERROR_UNREACHABLE
 * tells apart: name unknown, no route, refused, no answer until `deadline`.
 */
int ssh_socket_connect(const struct host *host, int64_t deadline, int *descriptor,
                       struct error *error);

/* --- runner/access_ssh_login.c --- */

/* Key exchange, proof of the host key and authentication over the connected socket, which is the
 * session's from now on, also after an error. The session is in non-blocking mode. Appends to
 * `news` what ssh_host_key_prove has to tell. */
int ssh_login(const struct host *host, int descriptor, int64_t deadline, ssh_session *session,
              struct text *news, struct error *error);

/* --- runner/access_ssh_key.c --- */

struct ssh_own_key {
    ssh_key key;       /* NULL if it is locked */
    ssh_key certified; /* the same with its certificate; NULL if there is none */
    char *certificate; /* the certificate's file */
    bool locked;       /* it has a passphrase that is not known: only an agent can use it */
};

/* Loads what the host's configuration names. Free it with ssh_own_key_free, also after an error.
 * ERROR_UNREACHABLE names the file; a locked key is an error if there is no agent. */
int ssh_own_key_load(const struct host_access *access, struct ssh_own_key *own,
                     struct error *error);
void ssh_own_key_free(struct ssh_own_key *own);

/* --- runner/access_ssh_host_key.c --- */

/*
 * Sees that the key which the host has shown in the key exchange is one that is known of it. One of
 * a host that is unknown is added to `known` and its file where host_access asks for that; so it is
 * logged and `news` says so. ERROR_UNREACHABLE tells apart: unknown, changed, revoked, no file.
 */
int ssh_host_key_prove(const struct host_access *access, struct known_host *known,
                       ssh_session session, struct text *news, struct error *error);

/* --- runner/access_ssh_agent.c --- */

/*
 * Sees that the user's SSH agent answers until `deadline` and holds a key: libssh itself waits for
 * an agent without bound.
 */
int ssh_agent_prove(int64_t deadline, struct error *error);

/* --- runner/access_ssh_wait.c: all with the lock held --- */

/* Wakes the waiting threads if something came in since the last call; true if so. Notices the
 * loss of the connection. */
bool ssh_connection_note(struct ssh_connection *connection);

void ssh_connection_wake_all(struct ssh_connection *connection);

/* Gives the connection up for `reason`; the first reason stays. */
void ssh_connection_lose(struct ssh_connection *connection, const char *reason);

/* Sets the error for a connection that was lost. Returns -1. */
int ssh_connection_lost_error(struct ssh_connection *connection, struct error *error);

/* Releases the lock and waits until the generation is another than `seen`, the connection is
 * lost, `deadline` is past (false), or `stop` (may be NULL) is asked for (false). */
bool ssh_connection_wait(struct ssh_connection *connection, uint64_t seen, int64_t deadline,
                         struct stop *stop);

/* --- runner/access_ssh_channel.c: functions of struct access_method --- */

int ssh_command_start(void *connection, const char *const argv[], int64_t deadline, void **channel,
                      struct error *error);
int ssh_command_exchange(void *connection, void *channel, const char *input, size_t *input_length,
                         struct text *output, struct text *errors, int *exit_status,
                         struct error *error);
void ssh_command_end_input(void *connection, void *channel);
void ssh_command_wait(void *connection, void *channel, int64_t deadline, struct stop *stop);
void ssh_command_end(void *connection, void *channel);

#endif
