#include "runner/lock_owner.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#define PROCESS ", process "

/* What process numbers mean something in: they are given anew with each boot, in each namespace. */
struct surroundings {
    char boot[64];
    char namespace[32];
};

static void read_surroundings(struct surroundings *surroundings)
{
    struct text boot = {0};
    struct error ignored = {0};
    char link[64] = "";

    memset(surroundings, 0, sizeof *surroundings);
    if (file_read("/proc/sys/kernel/random/boot_id", sizeof surroundings->boot - 1, &boot,
                  &ignored) == 0)
        sscanf(text_string(&boot), "%63[0-9a-f-]", surroundings->boot);
    text_free(&boot);
    if (readlink("/proc/self/ns/pid", link, sizeof link - 1) > 0)
        sscanf(link, "pid:[%31[0-9]", surroundings->namespace);
}

/* State and start (clock ticks since the boot) of a process; false if they can't be read. */
static bool read_process(long process, char *state, unsigned long long *start)
{
    char *path = memory_format("/proc/%ld/stat", process);
    struct text stat = {0};
    struct error ignored = {0};
    const char *after;
    bool known = false;

    /* The program's name, in parentheses, may hold anything. */
    if (file_read(path, 4096, &stat, &ignored) == 0 &&
        (after = strrchr(text_string(&stat), ')')) != NULL)
        known = sscanf(after,
                       ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d "
                       "%*d %llu",
                       state, start) == 2;
    text_free(&stat);
    free(path);
    return known;
}

char *lock_owner_text(const char *name)
{
    struct surroundings here;
    struct text owner = {0};
    unsigned long long start = 0;
    char state;

    read_surroundings(&here);
    read_process((long)getpid(), &state, &start);
    for (; *name != '\0'; name++)
        text_appendf(&owner, *name < ' ' || *name > '~' ? "%%%02X" : "%c", (unsigned char)*name);
    text_appendf(&owner, PROCESS "%ld started %llu, boot %s, namespace %s", (long)getpid(), start,
                 here.boot, here.namespace);
    return owner.bytes;
}

/* Where the process begins; the end of a text that names none. */
static const char *find_process(const char *owner)
{
    const char *found = NULL;

    for (const char *at = owner; (at = strstr(at, PROCESS)) != NULL; at++)
        found = at;
    return found != NULL ? found : owner + strlen(owner);
}

bool lock_owner_is_dead(const char *owner)
{
    struct surroundings here;
    struct surroundings there;
    unsigned long long start;
    unsigned long long start_now;
    long process;
    char state;

    if (sscanf(find_process(owner),
               PROCESS "%ld started %llu, boot %63[0-9a-f-], namespace %31[0-9]", &process, &start,
               there.boot, there.namespace) != 4 ||
        process <= 0)
        return false;
    read_surroundings(&here);
    if (strcmp(here.boot, there.boot) != 0 || strcmp(here.namespace, there.namespace) != 0)
        return false;
    if (kill((pid_t)process, 0) < 0 && errno == ESRCH)
        return true;
    return read_process(process, &state, &start_now) &&
           (start_now != start || state == 'Z' || state == 'X');
}

bool lock_owner_has_same_name(const char *owner, const char *other)
{
    size_t length = (size_t)(find_process(owner) - owner);

    return length == (size_t)(find_process(other) - other) && strncmp(owner, other, length) == 0;
}
