#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/index_page.h"
#include "base/memory.h"

static void append_escaped(struct text *url, const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_.~/";

    for (; *path != '\0'; path++) {
        if (strchr(plain, *path) != NULL)
            text_append_bytes(url, path, 1);
        else
            text_appendf(url, "%%%02X", (unsigned char)*path);
    }
}

/* Where the first path that two absolute ones don't share begins: after a slash. */
static size_t shared_length(const char *from, const char *to)
{
    size_t shared = 0;

    for (size_t i = 0; from[i] == to[i] || (from[i] == '\0' && to[i] == '/'); i++) {
        if (to[i] == '/')
            shared = i + 1;
        if (from[i] == '\0' || to[i] == '\0')
            break;
    }
    return shared;
}

char *index_link(const char *from, const char *to)
{
    char *here = realpath(from, NULL);
    char *there = realpath(to, NULL);
    struct stat status;
    struct text url = {0};

    if (here != NULL && there != NULL && stat(there, &status) == 0 && S_ISREG(status.st_mode)) {
        size_t shared = shared_length(here, there);

        /* One folder up for each part of `here` that is not shared. */
        for (const char *at = here + shared; at < here + strlen(here);) {
            text_append(&url, "../");
            at = strchr(at, '/') != NULL ? strchr(at, '/') + 1 : here + strlen(here);
        }
        append_escaped(&url, there + shared);
    }
    free(here);
    free(there);
    return url.bytes;
}
