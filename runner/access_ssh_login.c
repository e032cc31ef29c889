#include "runner/access_ssh.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

/* Waits for the socket after SSH_AGAIN; false past the deadline. */
static bool wait_for_session(ssh_session session, int64_t deadline)
{
    int64_t left = deadline - clock_now();
    struct pollfd watch = {.fd = ssh_get_fd(session), .events = POLLIN};

    if (left <= 0)
        return false;
    if ((ssh_get_poll_flags(session) & SSH_WRITE_PENDING) != 0)
        watch.events |= POLLOUT;
    (void)poll(&watch, 1, (int)(left / CLOCK_MILLISECOND) + 1);
    return true;
}

static int late_error(const struct host *host, const char *step, struct error *error)
{
    char duration[32];

    clock_format_duration(host->access.timeout, duration, sizeof duration);
    error_set(error, ERROR_UNREACHABLE, "no answer from %s port %d to the %s within %s",
              host->access.address, host->access.port, step, duration);
    return error_hint(error, "the port is open but its sshd does not go on: is the host overloaded "
                             "or stopped?");
}

static int exchange_keys(const struct host *host, ssh_session session, int64_t deadline,
                         struct error *error)
{
    int result;

    while ((result = ssh_connect(session)) == SSH_AGAIN) {
        if (!wait_for_session(session, deadline))
            return late_error(host, "key exchange", error);
    }
    if (result == SSH_OK)
        return 0;
    error_set(error, ERROR_UNREACHABLE, "the SSH key exchange with %s port %d failed: %s",
              host->access.address, host->access.port, ssh_get_error(session));
    return error_hint(error, "is it an SSH server? its own log says why it ended the connection");
}

/* --- authentication --- */

/* Appends the names of the methods that the host would accept. */
static void append_methods(ssh_session session, struct text *text)
{
    static const struct {
        int bit;
        const char *name;
    } methods[] = {{SSH_AUTH_METHOD_PUBLICKEY, "publickey"},
                   {SSH_AUTH_METHOD_PASSWORD, "password"},
                   {SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive"},
                   {SSH_AUTH_METHOD_HOSTBASED, "hostbased"},
                   {SSH_AUTH_METHOD_GSSAPI_MIC, "gssapi-with-mic"}};
    int accepted = ssh_userauth_list(session, NULL);

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if ((accepted & methods[i].bit) != 0)
            text_appendf(text, "%s%s", text->length > 0 ? ", " : "", methods[i].name);
    }
}

/* The error for an authentication that ended with `result`. */
static int refused_error(const struct host *host, ssh_session session, int result,
                         const char *means, struct error *error)
{
    const struct host_access *access = &host->access;
    struct text methods = {0};

    if (result == SSH_AUTH_ERROR && !ssh_is_connected(session)) {
        error_set(error, ERROR_UNREACHABLE, "%s port %d ended the connection at the log-in: %s",
                  access->address, access->port, ssh_get_error(session));
        return error_hint(error, "the host's sshd says why in its own log");
    }
    append_methods(session, &methods);
    error_set(error, ERROR_UNREACHABLE, "%s port %d refused user '%s' with %s (it takes: %s)%s",
              access->address, access->port, access->user, means, text_string(&methods),
              result == SSH_AUTH_PARTIAL ? "; it wants a second proof, too" : "");
    text_free(&methods);
    return error_hint(error, "see that the public key is in the user's authorized_keys on the host "
                             "and that the user may log in");
}

/* Repeats one step of the authentication until it is decided. */
static int decide(ssh_session session, int64_t deadline, int (*step)(ssh_session, void *),
                  void *context)
{
    int result;

    while ((result = step(session, context)) == SSH_AUTH_AGAIN) {
        if (!wait_for_session(session, deadline))
            return SSH_AUTH_AGAIN;
    }
    return result;
}

static int step_none(ssh_session session, void *context)
{
    (void)context;
    return ssh_userauth_none(session, NULL);
}

static int step_key(ssh_session session, void *context)
{
    return ssh_userauth_publickey(session, NULL, context);
}

static int step_agent(ssh_session session, void *context)
{
    (void)context;
    return ssh_userauth_agent(session, NULL);
}

static int log_in_with_agent(const struct host *host, ssh_session session, int64_t deadline,
                             struct error *error)
{
    int result;

    if (ssh_agent_prove(deadline, error) < 0)
        return -1;
    result = decide(session, deadline, step_agent, NULL);
    if (result == SSH_AUTH_SUCCESS)
        return 0;
    if (result == SSH_AUTH_AGAIN)
        return late_error(host, "log-in", error);
    return refused_error(host, session, result, "the keys of the SSH agent", error);
}

/* Tries one key; `means` says which for an error. */
static int try_key(const struct host *host, ssh_session session, ssh_key key, const char *means,
                   int64_t deadline, struct error *error)
{
    int result = decide(session, deadline, step_key, key);

    if (result == SSH_AUTH_SUCCESS)
        return 0;
    if (result == SSH_AUTH_AGAIN)
        return late_error(host, "log-in", error);
    return refused_error(host, session, result, means, error);
}

/* With the certificate, if there is one, and then with the key alone. */
static int try_keys(const struct host *host, ssh_session session, const struct ssh_own_key *own,
                    int64_t deadline, struct error *error)
{
    char means[600];

    if (own->certified == NULL) {
        snprintf(means, sizeof means, "key %s", host->access.key);
        return try_key(host, session, own->key, means, deadline, error);
    }
    snprintf(means, sizeof means, "certificate %s or its key", own->certificate);
    if (try_key(host, session, own->certified, means, deadline, error) == 0)
        return 0;
    if (!ssh_is_connected(session) || clock_now() >= deadline)
        return -1;
    error_clear(error);
    if (try_key(host, session, own->key, means, deadline, error) == 0)
        return 0;
    error->hint[0] = '\0';
    return error_hint(error,
                      "ssh-keygen -L -f %s shows of which key it is, for whom and until when; the "
                      "host's sshd must trust its authority (TrustedUserCAKeys)",
                      own->certificate);
}

static int log_in_with_key(const struct host *host, ssh_session session, int64_t deadline,
                           struct error *error)
{
    struct ssh_own_key own;
    int result = ssh_own_key_load(&host->access, &own, error);

    if (result == 0 && own.locked)
        result = log_in_with_agent(host, session, deadline, error);
    else if (result == 0)
        result = try_keys(host, session, &own, deadline, error);
    ssh_own_key_free(&own);
    return result;
}

static int authenticate(const struct host *host, ssh_session session, int64_t deadline,
                        struct error *error)
{
    /* Asked first for what it takes; few hosts let anyone in. */
    int result = decide(session, deadline, step_none, NULL);

    if (result == SSH_AUTH_SUCCESS)
        return 0;
    if (result == SSH_AUTH_AGAIN)
        return late_error(host, "log-in", error);
    if (result == SSH_AUTH_ERROR)
        return refused_error(host, session, result, "no key", error);
    if (host->access.key[0] != '\0')
        return log_in_with_key(host, session, deadline, error);
    return log_in_with_agent(host, session, deadline, error);
}

/* --- the session --- */

static int set_options(const struct host_access *access, const struct known_host *known,
                       int descriptor, ssh_session session, struct error *error)
{
    struct text algorithms = {0};
    bool no_configuration = false; /* an ssh_config must not turn the testbed file's words round */
    socket_t socket = descriptor;
    int failed = 0;

    known_host_algorithms(known, &algorithms);
    failed |= ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no_configuration);
    /* Who is at the other end is our own to prove (see ssh_host_key_prove), and libssh does not
     * take every address that resolves. */
    failed |= ssh_options_set(session, SSH_OPTIONS_HOST, "host");
    failed |= ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
    failed |= ssh_options_set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
    failed |= ssh_options_set(session, SSH_OPTIONS_HOSTKEYS, text_string(&algorithms));
    failed |= ssh_options_set(session, SSH_OPTIONS_USER, access->user);
    failed |= ssh_options_set(session, SSH_OPTIONS_FD, &socket);
    text_free(&algorithms);
    if (failed == 0)
        return 0;
    return error_set(error, ERROR_INPUT, "the SSH library does not take the user '%s'",
                     access->user);
}

/* The steps of a log-in, in their order. */
static int enter(const struct host *host, int descriptor, int64_t deadline, ssh_session session,
                 struct text *news, struct error *error)
{
    struct known_host known = {0};
    int result = known_host_read(&host->access, &known, error);

    if (result < 0)
        close(descriptor);
    else
        result = set_options(&host->access, &known, descriptor, session, error);
    ssh_set_blocking(session, 0);
    if (result == 0)
        result = exchange_keys(host, session, deadline, error);
    if (result == 0)
        result = ssh_host_key_prove(&host->access, &known, session, news, error);
    known_host_free(&known);
    return result < 0 ? -1 : authenticate(host, session, deadline, error);
}

int ssh_login(const struct host *host, int descriptor, int64_t deadline, ssh_session *session,
              struct text *news, struct error *error)
{
    ssh_session made = ssh_new();

    if (made == NULL) {
        close(descriptor);
        return error_set(error, ERROR_INTERNAL, "can't make an SSH session");
    }
    if (enter(host, descriptor, deadline, made, news, error) < 0) {
        ssh_silent_disconnect(made); /* ssh_disconnect would leave the socket open */
        ssh_free(made);
        return -1;
    }
    *session = made;
    return 0;
}
