#include "runner/access_ssh_jump.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"

/* Where the connection comes from, for the jump host's log. */
#define ORIGIN "127.0.0.1"

/* --- what libssh tells of a channel --- */

static int note_data(ssh_session session, ssh_channel channel, void *bytes, uint32_t length,
                     int is_errors, void *context)
{
    struct ssh_tunnel *tunnel = context;

    (void)session;
    (void)channel;
    (void)bytes;
    (void)length;
    (void)is_errors;
    tunnel->readable = true;
    return 0; /* it stays with the channel until there is room */
}

static void note_end(ssh_session session, ssh_channel channel, void *context)
{
    struct ssh_tunnel *tunnel = context;

    (void)session;
    (void)channel;
    tunnel->readable = true;
}

static int note_room(ssh_session session, ssh_channel channel, uint32_t bytes, void *context)
{
    struct ssh_tunnel *tunnel = context;

    (void)session;
    (void)channel;
    (void)bytes;
    tunnel->writable = true;
    return 0;
}

/* --- one tunnel --- */

struct ssh_tunnel *ssh_tunnel_new(const struct host_access *access, int descriptor)
{
    struct ssh_tunnel *tunnel = memory_new(1, sizeof *tunnel);

    tunnel->address = memory_string(access->address);
    tunnel->port = access->port;
    tunnel->awaited = true;
    tunnel->descriptor = descriptor;
    tunnel->readable = true; /* what came with the opening was told to nobody */
    tunnel->writable = true;
    tunnel->callbacks.userdata = tunnel;
    tunnel->callbacks.channel_data_function = note_data;
    tunnel->callbacks.channel_eof_function = note_end;
    tunnel->callbacks.channel_close_function = note_end;
    tunnel->callbacks.channel_write_wontblock_function = note_room;
    ssh_callbacks_init(&tunnel->callbacks);
    return tunnel;
}

void ssh_tunnel_free(struct ssh_tunnel *tunnel)
{
    if (tunnel->channel != NULL) {
        ssh_remove_channel_callbacks(tunnel->channel, &tunnel->callbacks);
        ssh_channel_free(tunnel->channel);
    }
    if (tunnel->descriptor >= 0)
        close(tunnel->descriptor);
    free(tunnel->address);
    free(tunnel);
}

static bool refuse(struct ssh_tunnel *tunnel, const char *reason)
{
    snprintf(tunnel->refusal, sizeof tunnel->refusal, "%s", reason);
    tunnel->state = TUNNEL_REFUSED;
    return true;
}

/* Asks for it, and asks again what has come of it. */
static bool open_tunnel(struct ssh_tunnel *tunnel, ssh_session session)
{
    int result;

    if (tunnel->channel == NULL)
        tunnel->channel = ssh_channel_new(session);
    if (tunnel->channel == NULL)
        return refuse(tunnel, "no memory");
    result = ssh_channel_open_forward(tunnel->channel, tunnel->address, tunnel->port, ORIGIN, 0);
    if (result == SSH_AGAIN)
        return false;
    if (result != SSH_OK)
        return refuse(tunnel, ssh_get_error(session));
    ssh_set_channel_callbacks(tunnel->channel, &tunnel->callbacks);
    tunnel->state = TUNNEL_OPEN;
    return true;
}

static bool end(struct ssh_tunnel *tunnel)
{
    tunnel->state = TUNNEL_OVER;
    return true;
}

/* Hands bytes on to the socket; false if it takes none. */
static bool deliver(struct ssh_tunnel *tunnel)
{
    struct tunnel_bytes *in = &tunnel->in;
    ssize_t count = send(tunnel->descriptor, in->bytes + in->start, in->end - in->start,
                         MSG_NOSIGNAL | MSG_DONTWAIT);

    if (count < 0)
        return errno != EAGAIN && errno != EINTR && end(tunnel);
    in->start += (size_t)count;
    return count > 0;
}

/* From the channel to the socket. */
static bool bring_in(struct ssh_tunnel *tunnel)
{
    struct tunnel_bytes *in = &tunnel->in;
    int count;

    if (in->start < in->end)
        return deliver(tunnel);
    if (!tunnel->readable)
        return false;
    count = ssh_channel_read_nonblocking(tunnel->channel, in->bytes, sizeof in->bytes, 0);
    if (count > 0) {
        in->start = 0;
        in->end = (size_t)count;
        return true;
    }
    tunnel->readable = false;
    if (count == SSH_ERROR || ssh_channel_is_eof(tunnel->channel) ||
        ssh_channel_is_closed(tunnel->channel))
        return end(tunnel);
    return false;
}

static bool is_full(ssh_session session)
{
    return (ssh_get_poll_flags(session) & SSH_WRITE_PENDING) != 0;
}

/* From the socket to the channel. */
static bool send_out(struct ssh_tunnel *tunnel, ssh_session session)
{
    struct tunnel_bytes *out = &tunnel->out;
    ssize_t count;

    if (out->start < out->end) {
        if (!tunnel->writable)
            return false;
        count = ssh_channel_write(tunnel->channel, out->bytes + out->start,
                                  (uint32_t)(out->end - out->start));
        if (count == SSH_ERROR)
            return end(tunnel);
        out->start += (size_t)count;
        tunnel->writable = out->start == out->end;
        return count > 0;
    }
    if (is_full(session))
        return false;
    count = recv(tunnel->descriptor, out->bytes, sizeof out->bytes, MSG_DONTWAIT);
    if (count == 0)
        return end(tunnel);
    if (count < 0)
        return errno != EAGAIN && errno != EINTR && end(tunnel);
    out->start = 0;
    out->end = (size_t)count;
    return true;
}

bool ssh_tunnel_serve(struct ssh_tunnel *tunnel, ssh_session session)
{
    bool moved;

    if (tunnel->state == TUNNEL_OPENING)
        return open_tunnel(tunnel, session);
    if (tunnel->state != TUNNEL_OPEN)
        return false;
    moved = bring_in(tunnel);
    if (tunnel->state == TUNNEL_OPEN && send_out(tunnel, session))
        moved = true;
    return moved;
}

short ssh_tunnel_events(const struct ssh_tunnel *tunnel, bool full)
{
    short events = 0;

    if (tunnel->state != TUNNEL_OPEN)
        return 0;
    if (tunnel->in.start < tunnel->in.end)
        events |= POLLOUT;
    if (tunnel->out.start == tunnel->out.end && !full)
        events |= POLLIN;
    return events;
}

int ssh_tunnel_refusal(const struct ssh_tunnel *tunnel, const char *jump_host, struct error *error)
{
    enum { PROHIBITED = 1, CONNECT_FAILED = 2 }; /* RFC 4254, section 5.1 */
    const char *number = strstr(tunnel->refusal, "error (");
    long reason = number == NULL ? 0 : strtol(number + strlen("error ("), NULL, 10);

    if (reason == PROHIBITED) {
        error_set(error, ERROR_UNREACHABLE, "jump host %s does not let through to %s port %d",
                  jump_host, tunnel->address, tunnel->port);
        return error_hint(error,
                          "AllowTcpForwarding and PermitOpen in the jump host's sshd_config, "
                          "or the key's options there, forbid it");
    }
    if (reason == CONNECT_FAILED) {
        error_set(error, ERROR_UNREACHABLE, "jump host %s can't connect to %s port %d", jump_host,
                  tunnel->address, tunnel->port);
        return error_hint(error, "is the host up, does its sshd run, and is its address right as "
                                 "seen from the jump host?");
    }
    return error_set(error, ERROR_UNREACHABLE, "jump host %s does not connect to %s port %d: %s",
                     jump_host, tunnel->address, tunnel->port, tunnel->refusal);
}
