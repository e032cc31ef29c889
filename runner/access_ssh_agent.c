#include "runner/access_ssh.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"

/* Messages of draft-miller-ssh-agent, sections 4.4 and 5.1. */
enum { REQUEST_IDENTITIES = 11, IDENTITIES_ANSWER = 12 };

static int connect_agent(const char *path, struct error *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int descriptor;

    if (strlen(path) >= sizeof address.sun_path)
        return error_set(error, ERROR_UNREACHABLE, "the SSH agent's socket %s is too long a name",
                         path);
    memcpy(address.sun_path, path, strlen(path));
    descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return error_system(error, ERROR_INTERNAL, "can't make a socket");
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0)
        return descriptor;
    error_system(error, ERROR_UNREACHABLE, "can't reach the SSH agent at %s", path);
    close(descriptor);
    return error_hint(error, "start ssh-agent and ssh-add, or name a key in the testbed file");
}

/* Reads `length` bytes; false past the deadline or if the agent ends the connection. */
static bool read_bytes(int descriptor, unsigned char *bytes, size_t length, int64_t deadline)
{
    while (length > 0) {
        struct pollfd watch = {.fd = descriptor, .events = POLLIN};
        int64_t left = deadline - clock_now();
        ssize_t count;

        if (left <= 0)
            return false;
        (void)poll(&watch, 1, (int)(left / CLOCK_MILLISECOND) + 1);
        count = read(descriptor, bytes, length);
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
            return false;
        bytes += count > 0 ? count : 0;
        length -= count > 0 ? (size_t)count : 0;
    }
    return true;
}

int ssh_agent_prove(int64_t deadline, struct error *error)
{
    static const unsigned char request[] = {0, 0, 0, 1, REQUEST_IDENTITIES};
    const char *path = getenv("SSH_AUTH_SOCK");
    unsigned char answer[9]; /* length, type, number of keys */
    int descriptor;
    bool answered;

    if (path == NULL || path[0] == '\0') {
        error_set(error, ERROR_UNREACHABLE, "there is neither a private key nor an SSH agent");
        return error_hint(error, "name a key in the testbed file, or start ssh-agent and ssh-add");
    }
    descriptor = connect_agent(path, error);
    if (descriptor < 0)
        return -1;
    answered = send(descriptor, request, sizeof request, MSG_NOSIGNAL) == sizeof request &&
               read_bytes(descriptor, answer, sizeof answer, deadline);
    close(descriptor);
    if (!answered || answer[4] != IDENTITIES_ANSWER) {
        error_set(error, ERROR_UNREACHABLE, "the SSH agent at %s does not answer", path);
        return error_hint(error, "start it anew, or name a key in the testbed file");
    }
    if (answer[5] + answer[6] + answer[7] + answer[8] > 0)
        return 0;
    error_set(error, ERROR_UNREACHABLE, "the SSH agent holds no key");
    return error_hint(error, "load one with ssh-add, or name a key in the testbed file");
}
