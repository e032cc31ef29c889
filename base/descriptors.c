#include "base/descriptors.h"

#include <dirent.h>
#include <pthread.h>
#include <sys/resource.h>

/* For what else is opened meanwhile: files, a database, commands. */
enum { MARGIN = 64 };

static pthread_mutex_t raising = PTHREAD_MUTEX_INITIALIZER;

/* Where it can't be seen, none. */
static size_t count_open(void)
{
    DIR *folder = opendir("/proc/self/fd");
    size_t count = 0;

    if (folder == NULL)
        return 0;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static int refuse(size_t needed, size_t limit, const char *what, struct error *error)
{
    error_set(error, ERROR_INTERNAL,
              "%s need %zu open files with those that are open; the hard limit is %zu", what,
              needed, limit);
    return error_hint(error, "raise it: 'ulimit -Hn %zu' as root, or LimitNOFILE of a service",
                      needed);
}

static int raise_limit(size_t least, size_t most, const char *what, struct error *error)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return error_system(error, ERROR_INTERNAL, "can't read the limit of open files");
    if (least > limit.rlim_max)
        return refuse(least, limit.rlim_max, what, error);
    if (most <= limit.rlim_cur)
        return 0;
    limit.rlim_cur = most < limit.rlim_max ? most : limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0
               ? 0
               : error_system(error, ERROR_INTERNAL, "can't raise the limit of open files");
}

int descriptors_allow(size_t least, size_t most, const char *what, struct error *error)
{
    size_t others;
    int result;

    pthread_mutex_lock(&raising);
    others = count_open() + MARGIN;
    result = raise_limit(others + least, others + most, what, error);
    pthread_mutex_unlock(&raising);
    return result;
}
