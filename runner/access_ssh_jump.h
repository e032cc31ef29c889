/*
 * Inside of the access method 'ssh': jump hosts. One connection for each, shared by all hosts that
 * are reached by it, with a thread of its own that alone calls libssh for it. A tunnel through it
 * is a socket to a target, whose own key exchange and log-in go through as if the socket led there.
 */
#ifndef RUNNER_ACCESS_SSH_JUMP_H
#define RUNNER_ACCESS_SSH_JUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include "base/error.h"
#include "base/text.h"
#include "runner/testbed.h"

struct ssh_jump;

/* --- runner/access_ssh_jump.c --- */

/*
 * The connection to the jump host, to be given back with ssh_jump_release; it is made if nobody has
 * it, with the jump host's own timeout. ERROR_UNREACHABLE as for any host, and names the jump host.
 */
int ssh_jump_take(const struct host *host, struct ssh_jump **jump, struct error *error);

/* The last user's closes it; no tunnel is used any more. */
void ssh_jump_release(struct ssh_jump *jump);

/* A socket to the host's address and port as the jump host sees them. ERROR_UNREACHABLE tells
 * apart: can't connect, not allowed, no answer until `deadline`, connection lost. */
int ssh_jump_connect(struct ssh_jump *jump, const struct host_access *access, int64_t deadline,
                     int *descriptor, struct error *error);

/* Appends which jump hosts these are, the nearest to the runner last. */
void ssh_jump_describe(const struct ssh_jump *jump, struct text *text);

/* --- runner/access_ssh_tunnel.c: called with the jump's lock held --- */

enum tunnel_state { TUNNEL_OPENING, TUNNEL_OPEN, TUNNEL_REFUSED, TUNNEL_OVER };

/* Bytes on their way. */
struct tunnel_bytes {
    char bytes[32 * 1024];
    size_t start;
    size_t end;
};

struct ssh_tunnel {
    char *address;
    int port;
    enum tunnel_state state;
    bool awaited;   /* somebody waits for the opening */
    int descriptor; /* this end of the socket; -1 once closed */
    ssh_channel channel;
    struct ssh_channel_callbacks_struct callbacks;
    bool readable; /* the channel may have something, or be at its end */
    bool writable; /* the channel may take something */
    char refusal[256];
    struct tunnel_bytes out; /* to the target */
    struct tunnel_bytes in;
    struct ssh_tunnel *next;
};

/* Takes over the descriptor, which does not block. */
struct ssh_tunnel *ssh_tunnel_new(const struct host_access *access, int descriptor);
void ssh_tunnel_free(struct ssh_tunnel *tunnel);

/* Does what can be done for the tunnel just now; true if that was something. */
bool ssh_tunnel_serve(struct ssh_tunnel *tunnel, ssh_session session);

/* The events of its socket to wait for; `full` if the session has no room for more. */
short ssh_tunnel_events(const struct ssh_tunnel *tunnel, bool full);

/* Sets the error for a tunnel that was refused. Returns -1. */
int ssh_tunnel_refusal(const struct ssh_tunnel *tunnel, const char *jump_host, struct error *error);

#endif
