#include "base/secret.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROOM = 4096, MOST_BYTES = 4000 };

/* Memory of its own pages, so that these can be locked and left out of a core dump. */
static int make_room(struct secret *secret, struct error *error)
{
    void *room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0, 0);

    if (room == MAP_FAILED)
        return error_system(error, ERROR_INTERNAL, "no memory for a secret");
    /* Where a user may lock nothing it works all the same. */
    (void)mlock(room, ROOM);
    (void)madvise(room, ROOM, MADV_DONTDUMP);
    (void)madvise(room, ROOM, MADV_WIPEONFORK);
    secret->bytes = room;
    secret->length = 0;
    return 0;
}

/* Adds what can be read; 1 at the end, 0 before. */
static int read_more(int descriptor, struct stop *stop, struct secret *secret, struct error *error)
{
    struct pollfd watch[] = {{.fd = descriptor, .events = POLLIN},
                             {.fd = stop->descriptor, .events = POLLIN}};
    ssize_t count;

    (void)poll(watch, 2, -1);
    if (stop_reason(stop) != 0)
        return stop_error(stop, error, "stopped before the secret was read");
    if (watch[0].revents == 0)
        return 0;
    count = read(descriptor, secret->bytes + secret->length, MOST_BYTES + 1 - secret->length);
    if (count < 0 && errno != EINTR && errno != EAGAIN)
        return error_system(error, ERROR_INPUT, "can't read file descriptor %d", descriptor);
    secret->length += count > 0 ? (size_t)count : 0;
    if (secret->length > MOST_BYTES)
        return error_set(error, ERROR_INPUT, "file descriptor %d holds more than %d bytes",
                         descriptor, MOST_BYTES);
    return count == 0;
}

int secret_read(int descriptor, struct stop *stop, struct secret *secret, struct error *error)
{
    int result;

    if (make_room(secret, error) < 0)
        return -1;
    do {
        result = read_more(descriptor, stop, secret, error);
    } while (result == 0);
    close(descriptor);
    if (result > 0 && (secret->length == 0 || secret->bytes[0] == '\n'))
        result = error_set(error, ERROR_INPUT, "file descriptor %d holds nothing", descriptor);
    if (result > 0 && memchr(secret->bytes, '\0', secret->length) != NULL)
        result = error_set(error, ERROR_INPUT, "file descriptor %d holds a NUL byte", descriptor);
    if (result > 0)
        return 0;
    secret_wipe(secret);
    return -1;
}

/* Opened so that a named pipe nobody writes to holds up nobody. */
static int read_regular(const char *path, struct secret *secret, struct error *error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    ssize_t count = -1;

    if (descriptor < 0)
        return error_system(error, ERROR_INPUT, "can't read %s", path);
    if (fstat(descriptor, &status) < 0 || !S_ISREG(status.st_mode))
        error_set(error, ERROR_INPUT, "%s is not a regular file", path);
    else if ((count = read(descriptor, secret->bytes, MOST_BYTES + 1)) < 0)
        error_system(error, ERROR_INPUT, "can't read %s", path);
    else if (count > MOST_BYTES)
        error_set(error, ERROR_INPUT, "%s holds more than %d bytes", path, MOST_BYTES);
    close(descriptor);
    secret->length = count > 0 ? (size_t)count : 0;
    return count >= 0 && count <= MOST_BYTES ? 0 : -1;
}

/* Removes the white space around it; whether a line is left, and nothing but that. */
static bool keep_only_line(struct secret *secret)
{
    size_t start = 0;

    while (secret->length > 0 && isspace((unsigned char)secret->bytes[secret->length - 1]))
        secret->bytes[--secret->length] = '\0';
    while (start < secret->length && isspace((unsigned char)secret->bytes[start]))
        start++;
    secret->length -= start;
    memmove(secret->bytes, secret->bytes + start, secret->length + 1);
    for (size_t i = 0; i < secret->length; i++) {
        if (iscntrl((unsigned char)secret->bytes[i]))
            return false;
    }
    return secret->length > 0;
}

int secret_read_file(const char *path, struct secret *secret, struct error *error)
{
    if (make_room(secret, error) < 0)
        return -1;
    if (read_regular(path, secret, error) == 0) {
        if (keep_only_line(secret))
            return 0;
        error_set(error, ERROR_INPUT, "%s doesn't hold one line of text", path);
    }
    secret_wipe(secret);
    return -1;
}

void secret_wipe(struct secret *secret)
{
    if (secret->bytes == NULL)
        return;
    explicit_bzero(secret->bytes, ROOM);
    munmap(secret->bytes, ROOM);
    *secret = (struct secret){0};
}

void secret_keep_line(struct secret *secret)
{
    size_t end = strcspn(secret->bytes, "\n");

    explicit_bzero(secret->bytes + end, ROOM - end);
    secret->bytes[end] = '\n';
    secret->length = end + 1;
}

void secret_split_lines(struct secret *secret)
{
    for (char *at = secret->bytes; (at = strchr(at, '\n')) != NULL; at++)
        *at = '\0';
}

const char *secret_line(const struct secret *secret, const char *line)
{
    const char *end;

    if (secret->bytes == NULL)
        return NULL;
    end = secret->bytes + secret->length;
    line = line == NULL ? secret->bytes : line + strlen(line);
    while (line < end && *line == '\0')
        line++;
    return line < end ? line : NULL;
}
