#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

#ifndef VNFAULT_DATADIR
#define VNFAULT_DATADIR "/usr/local/share/vnfault"
#endif
#ifndef VNFAULT_HELPERDIR
#define VNFAULT_HELPERDIR "/usr/local/libexec/vnfault"
#endif

int file_read(const char *path, size_t limit, struct text *text, struct error *error)
{
    char buffer[16384];
    size_t total = 0;
    ssize_t count;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);

    if (descriptor < 0)
        return error_system(error, ERROR_INPUT, "can't open %s", path);
    while ((count = read(descriptor, buffer, sizeof buffer)) > 0) {
        total += (size_t)count;
        if (total > limit)
            break;
        text_append_bytes(text, buffer, (size_t)count);
    }
    if (count < 0)
        error_system(error, ERROR_INPUT, "can't read %s", path);
    else if (total > limit)
        error_set(error, ERROR_INPUT, "%s is larger than %zu bytes", path, limit);
    close(descriptor);
    return count < 0 || total > limit ? -1 : 0;
}

static int write_all(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t count = write(descriptor, bytes, length);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return -1;
        bytes += count;
        length -= (size_t)count;
    }
    return 0;
}

int file_write(const char *path, const char *bytes, size_t length, struct error *error)
{
    char *temporary = memory_format("%s.%ld.tmp", path, (long)getpid());
    int descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int result = -1;

    if (descriptor < 0) {
        error_system(error, ERROR_INTERNAL, "can't write %s", path);
        goto done;
    }
    result = write_all(descriptor, bytes, length);
    if (close(descriptor) < 0)
        result = -1;
    if (result == 0)
        result = rename(temporary, path);
    if (result < 0) {
        error_system(error, ERROR_INTERNAL, "can't write %s", path);
        unlink(temporary);
        result = -1;
    }
done:
    free(temporary);
    return result;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

int folder_make(const char *path, struct error *error)
{
    char *partial = memory_string(path);
    int result = 0;

    for (char *slash = partial + 1; result == 0; slash++) {
        slash = strchr(slash, '/');
        if (slash != NULL)
            *slash = '\0';
        if (mkdir(partial, 0777) < 0 && errno != EEXIST)
            result = error_system(error, ERROR_INTERNAL, "can't make folder %s", partial);
        if (slash == NULL)
            break;
        *slash = '/';
    }
    free(partial);
    return result;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

int folder_remove(const char *path, struct error *error)
{
    if (!file_exists(path))
        return 0;
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) != 0)
        return error_system(error, ERROR_INTERNAL, "can't remove folder %s", path);
    return 0;
}

char *path_beside(const char *file, const char *relative)
{
    const char *slash = strrchr(file, '/');

    if (relative[0] == '/' || slash == NULL)
        return memory_string(relative);
    return memory_format("%.*s/%s", (int)(slash - file), file, relative);
}

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

char *path_of_data(const char *relative)
{
    const char *folder = getenv("VNFAULT_DATA");
    char binary[PATH_MAX];
    char *path;

    if (folder != NULL && folder[0] != '\0')
        return memory_format("%s/%s", folder, relative);
    if (binary_folder(binary, sizeof binary) == 0) {
        for (int level = 0; level < 3; level++) {
            char *slash;

            path = memory_format("%s/injectors/contract.sh", binary);
            if (file_exists(path)) {
                free(path);
                return memory_format("%s/%s", binary, relative);
            }
            free(path);
            slash = strrchr(binary, '/');
            if (slash == NULL)
                break;
            *slash = '\0';
        }
    }
    return memory_format("%s/%s", VNFAULT_DATADIR, relative);
}

char *path_of_helper(const char *name)
{
    static const char *const built[] = {"helpers", "build/helpers"};
    const char *folder = getenv("VNFAULT_HELPERS");
    char binary[PATH_MAX];

    if (folder != NULL && folder[0] != '\0')
        return memory_format("%s/%s", folder, name);
    for (int level = binary_folder(binary, sizeof binary) == 0 ? 0 : 3; level < 3; level++) {
        char *slash = strrchr(binary, '/');

        for (size_t i = 0; i < sizeof built / sizeof built[0]; i++) {
            char *path = memory_format("%s/%s/%s", binary, built[i], name);

            if (file_exists(path))
                return path;
            free(path);
        }
        if (slash == NULL)
            break;
        *slash = '\0';
    }
    return memory_format("%s/%s", VNFAULT_HELPERDIR, name);
}
