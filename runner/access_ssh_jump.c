#include "runner/access_ssh_jump.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/access_ssh.h"

/* Bound of one poll, should the machine's clock or a lost wake-up play tricks; ms. */
enum { LONGEST_POLL = 1000 };

enum jump_state { JUMP_STARTING, JUMP_UP, JUMP_DOWN };

struct ssh_jump {
    const struct host *host;
    size_t users; /* guarded by `table` */
    struct ssh_jump *next;
    pthread_t thread;
    pthread_mutex_t lock; /* guards all that follows; the thread has it but while it waits */
    pthread_cond_t changed;
    enum jump_state state;
    bool ending;
    struct error failure;   /* why it is down */
    int wake;               /* eventfd: takes the thread out of poll() */
    struct ssh_jump *outer; /* that this one is reached by; NULL if directly */
    ssh_session session;
    ssh_channel pump; /* never opened: lets libssh read */
    struct ssh_counter_struct received;
    struct text news;
    struct ssh_tunnel *tunnels;
    struct pollfd *watched;
    size_t watched_capacity;
};

/* The connections that may be shared. */
static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static struct ssh_jump *jumps;

/* --- the thread of a connection --- */

static int fail(struct ssh_jump *jump, struct error *error)
{
    char what[sizeof error->what];

    snprintf(what, sizeof what, "%s", error->what);
    snprintf(error->what, sizeof error->what, "jump host %s: %.600s", jump->host->name, what);
    return -1;
}

static int log_in(struct ssh_jump *jump, struct error *error)
{
    int64_t deadline;
    int descriptor = -1;
    int result;

    if (jump->host->access.jump != NULL &&
        ssh_jump_take(jump->host->access.jump, &jump->outer, error) < 0)
        return -1;
    deadline = clock_now() + jump->host->access.timeout;
    result = jump->outer != NULL
                 ? ssh_jump_connect(jump->outer, &jump->host->access, deadline, &descriptor, error)
                 : ssh_socket_connect(jump->host, deadline, &descriptor, error);
    if (result < 0 ||
        ssh_login(jump->host, descriptor, deadline, &jump->session, &jump->news, error) < 0)
        return fail(jump, error);
    ssh_set_counters(jump->session, &jump->received, NULL);
    jump->pump = ssh_channel_new(jump->session);
    return jump->pump != NULL ? 0 : error_set(error, ERROR_INTERNAL, "can't make an SSH channel");
}

/* Serves every tunnel until there is nothing to do. What one call of libssh reads may be another
 * tunnel's, so that all are looked at again once something has come in. */
static void serve(struct ssh_jump *jump)
{
    uint64_t before;
    bool moved;

    do {
        before = jump->received.in_bytes;
        moved = false;
        for (struct ssh_tunnel *tunnel = jump->tunnels; tunnel != NULL; tunnel = tunnel->next) {
            enum tunnel_state state = tunnel->state;

            if (ssh_tunnel_serve(tunnel, jump->session))
                moved = true;
            if (state == TUNNEL_OPENING && tunnel->state != TUNNEL_OPENING)
                pthread_cond_broadcast(&jump->changed);
        }
    } while (moved || jump->received.in_bytes != before);
}

/* Frees the tunnels that nobody has any use for. */
static void drop_tunnels(struct ssh_jump *jump)
{
    struct ssh_tunnel **at = &jump->tunnels;

    while (*at != NULL) {
        struct ssh_tunnel *tunnel = *at;

        if (tunnel->awaited || tunnel->state < TUNNEL_REFUSED) {
            at = &tunnel->next;
            continue;
        }
        *at = tunnel->next;
        ssh_tunnel_free(tunnel);
    }
}

static void watch(struct ssh_jump *jump, size_t *count, int descriptor, short events)
{
    jump->watched =
        memory_grow(jump->watched, *count, &jump->watched_capacity, sizeof *jump->watched);
    jump->watched[(*count)++] = (struct pollfd){.fd = descriptor, .events = events};
}

static void wait_for_events(struct ssh_jump *jump)
{
    bool full = (ssh_get_poll_flags(jump->session) & SSH_WRITE_PENDING) != 0;
    size_t count = 0;
    uint64_t wakes;

    watch(jump, &count, ssh_get_fd(jump->session), (short)(full ? POLLIN | POLLOUT : POLLIN));
    watch(jump, &count, jump->wake, POLLIN);
    for (const struct ssh_tunnel *tunnel = jump->tunnels; tunnel != NULL; tunnel = tunnel->next) {
        short events = ssh_tunnel_events(tunnel, full);

        watch(jump, &count, events != 0 ? tunnel->descriptor : -1, events);
    }
    pthread_mutex_unlock(&jump->lock);
    (void)poll(jump->watched, count, LONGEST_POLL);
    pthread_mutex_lock(&jump->lock);
    if (jump->watched[1].revents != 0) {
        ssize_t length = read(jump->wake, &wakes, sizeof wakes);

        (void)length; /* nothing there is fine */
    }
    if (jump->watched[0].revents != 0)
        (void)ssh_channel_poll(jump->pump, 0); /* takes in and sends out what the socket allows */
}

/* Nobody finds it in the table any more. */
static void retire(struct ssh_jump *jump)
{
    struct ssh_jump **at = &jumps;

    pthread_mutex_lock(&table);
    while (*at != NULL && *at != jump)
        at = &(*at)->next;
    if (*at != NULL)
        *at = jump->next;
    pthread_mutex_unlock(&table);
}

/* Ends every tunnel, which its target's session notices as the end of its connection. */
static void go_down(struct ssh_jump *jump, const struct error *failure)
{
    jump->state = JUMP_DOWN;
    jump->failure = *failure;
    for (struct ssh_tunnel *tunnel = jump->tunnels; tunnel != NULL; tunnel = tunnel->next) {
        tunnel->state = TUNNEL_OVER;
        close(tunnel->descriptor);
        tunnel->descriptor = -1;
    }
    pthread_cond_broadcast(&jump->changed);
}

static void *run(void *argument)
{
    struct ssh_jump *jump = argument;
    struct error failure = {0};
    int result = log_in(jump, &failure);

    pthread_mutex_lock(&jump->lock);
    if (result == 0)
        jump->state = JUMP_UP;
    pthread_cond_broadcast(&jump->changed);
    while (result == 0 && !jump->ending) {
        serve(jump);
        drop_tunnels(jump);
        if (!ssh_is_connected(jump->session)) {
            error_set(&failure, ERROR_UNREACHABLE, "the connection is lost: %s",
                      ssh_get_error(jump->session));
            error_hint(&failure, "see whether the jump host is up and its sshd runs");
            result = fail(jump, &failure);
        } else {
            wait_for_events(jump);
        }
    }
    if (result < 0)
        go_down(jump, &failure);
    pthread_mutex_unlock(&jump->lock);
    if (result < 0)
        retire(jump);
    return NULL;
}

/* --- taking and releasing --- */

static void jump_free(struct ssh_jump *jump)
{
    while (jump->tunnels != NULL) {
        struct ssh_tunnel *tunnel = jump->tunnels;

        jump->tunnels = tunnel->next;
        ssh_tunnel_free(tunnel);
    }
    if (jump->session != NULL) {
        ssh_silent_disconnect(jump->session); /* ssh_disconnect leaves the socket open */
        ssh_free(jump->session);
    }
    if (jump->outer != NULL)
        ssh_jump_release(jump->outer);
    if (jump->wake >= 0)
        close(jump->wake);
    pthread_cond_destroy(&jump->changed);
    pthread_mutex_destroy(&jump->lock);
    text_free(&jump->news);
    free(jump->watched);
    free(jump);
}

static struct ssh_jump *jump_new(const struct host *host, struct error *error)
{
    struct ssh_jump *jump = memory_new(1, sizeof *jump);
    pthread_condattr_t attributes;

    jump->host = host;
    jump->users = 1;
    pthread_mutex_init(&jump->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&jump->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    jump->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (jump->wake >= 0 && pthread_create(&jump->thread, NULL, run, jump) == 0)
        return jump;
    error_set(error, ERROR_INTERNAL, "can't start a thread for jump host %s", host->name);
    jump_free(jump);
    return NULL;
}

/* With the table's lock held. */
static struct ssh_jump *find_or_make(const struct host *host, struct error *error)
{
    struct ssh_jump *jump;

    for (jump = jumps; jump != NULL; jump = jump->next) {
        if (jump->host == host) {
            jump->users++;
            return jump;
        }
    }
    jump = jump_new(host, error);
    if (jump != NULL) {
        jump->next = jumps;
        jumps = jump;
    }
    return jump;
}

int ssh_jump_take(const struct host *host, struct ssh_jump **jump, struct error *error)
{
    struct ssh_jump *taken;
    bool up;

    pthread_mutex_lock(&table);
    taken = find_or_make(host, error);
    pthread_mutex_unlock(&table);
    if (taken == NULL)
        return -1;
    /* Each step of its log-in is bounded. */
    pthread_mutex_lock(&taken->lock);
    while (taken->state == JUMP_STARTING)
        pthread_cond_wait(&taken->changed, &taken->lock);
    up = taken->state == JUMP_UP;
    if (!up)
        *error = taken->failure;
    pthread_mutex_unlock(&taken->lock);
    if (!up)
        ssh_jump_release(taken);
    else
        *jump = taken;
    return up ? 0 : -1;
}

static void wake(struct ssh_jump *jump)
{
    uint64_t one = 1;
    ssize_t written = write(jump->wake, &one, sizeof one);

    (void)written; /* a full counter wakes too */
}

void ssh_jump_release(struct ssh_jump *jump)
{
    struct ssh_jump **at = &jumps;
    bool last;

    pthread_mutex_lock(&table);
    last = --jump->users == 0;
    while (last && *at != NULL && *at != jump)
        at = &(*at)->next;
    if (last && *at != NULL)
        *at = jump->next;
    pthread_mutex_unlock(&table);
    if (!last)
        return;
    pthread_mutex_lock(&jump->lock);
    jump->ending = true;
    wake(jump);
    pthread_mutex_unlock(&jump->lock);
    pthread_join(jump->thread, NULL);
    jump_free(jump);
}

void ssh_jump_describe(const struct ssh_jump *jump, struct text *text)
{
    for (const char *before = "; by jump host "; jump != NULL; jump = jump->outer) {
        text_appendf(text, "%s%s%s", before, jump->host->name, text_string(&jump->news));
        before = ", by ";
    }
}

/* --- tunnels --- */

/* Waits for the tunnel to be open or refused; with the lock held. */
static int await(struct ssh_jump *jump, struct ssh_tunnel *tunnel, int64_t deadline,
                 struct error *error)
{
    int64_t left = deadline - clock_now();
    struct timespec until;
    int number = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    left = (left > 0 ? left : 0) + until.tv_nsec;
    until.tv_sec += (time_t)(left / CLOCK_SECOND);
    until.tv_nsec = (long)(left % CLOCK_SECOND);
    while (tunnel->state == TUNNEL_OPENING && number == 0)
        number = pthread_cond_timedwait(&jump->changed, &jump->lock, &until);
    if (jump->state == JUMP_DOWN) {
        *error = jump->failure;
        return -1;
    }
    if (tunnel->state == TUNNEL_OPENING) {
        error_set(error, ERROR_UNREACHABLE, "no answer from %s port %d by jump host %s",
                  tunnel->address, tunnel->port, jump->host->name);
        return error_hint(error, "is the host up, and does a firewall drop the packets?");
    }
    if (tunnel->state == TUNNEL_REFUSED)
        return ssh_tunnel_refusal(tunnel, jump->host->name, error);
    return 0;
}

int ssh_jump_connect(struct ssh_jump *jump, const struct host_access *access, int64_t deadline,
                     int *descriptor, struct error *error)
{
    struct ssh_tunnel *tunnel;
    int ends[2];
    int result;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
        return error_system(error, ERROR_INTERNAL, "can't make a pair of sockets");
    tunnel = ssh_tunnel_new(access, ends[0]);
    pthread_mutex_lock(&jump->lock);
    if (jump->state == JUMP_DOWN) {
        *error = jump->failure;
        result = -1;
        ssh_tunnel_free(tunnel);
    } else {
        tunnel->next = jump->tunnels;
        jump->tunnels = tunnel;
        wake(jump);
        result = await(jump, tunnel, deadline, error);
        /* One that nobody waits for any more ends as soon as it opens: its other end is closed. */
        tunnel->awaited = false;
        wake(jump);
    }
    pthread_mutex_unlock(&jump->lock);
    if (result < 0)
        close(ends[1]);
    else
        *descriptor = ends[1];
    return result;
}
