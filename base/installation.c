#include "base/installation.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

/* A build in a folder of its own has its binary at most so far below the tree. */
#define MOST_LEVELS 3

/* The folder of the running binary, without a slash at the end. */
static int binary_folder(char *folder, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", folder, size - 1);
    char *slash;

    if (length <= 0)
        return -1;
    folder[length] = '\0';
    slash = strrchr(folder, '/');
    if (slash == NULL)
        return -1;
    *slash = '\0';
    return 0;
}

/*
 * The first of `places`, seen from the folder of the binary or one above it, that holds `proof`;
 * the last place under /usr/local if none does. Caller frees.
 */
static char *find_place(const char *const places[], const char *proof)
{
    char folder[PATH_MAX];
    size_t last = 0;

    for (int level = binary_folder(folder, sizeof folder) == 0 ? 0 : MOST_LEVELS;
         level < MOST_LEVELS; level++) {
        char *slash = strrchr(folder, '/');

        for (size_t i = 0; places[i] != NULL; i++) {
            char *place = memory_format("%s%s", folder, places[i]);
            char *path = memory_format("%s/%s", place, proof);
            bool there = file_exists(path);

            free(path);
            if (there)
                return place;
            free(place);
        }
        if (slash == NULL)
            break;
        *slash = '\0';
    }
    while (places[last + 1] != NULL)
        last++;
    return memory_format("/usr/local%s", places[last]);
}

static char *path_of(const char *variable, const char *const places[], const char *proof,
                     const char *relative)
{
    const char *named = getenv(variable);
    char *place;
    char *path;

    if (named != NULL && named[0] != '\0')
        return memory_format("%s/%s", named, relative);
    place = find_place(places, proof);
    path = memory_format("%s/%s", place, relative);
    free(place);
    return path;
}

char *path_of_data(const char *relative)
{
    static const char *const places[] = {"", "/share/vnfault", NULL};

    return path_of("VNFAULT_DATA", places, "injectors/contract.sh", relative);
}

char *path_of_helper(const char *name)
{
    static const char *const places[] = {"/helpers", "/build/helpers", "/libexec/vnfault", NULL};

    return path_of("VNFAULT_HELPERS", places, name, name);
}
