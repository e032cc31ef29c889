#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

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

char *file_name_before(const char *path)
{
    struct stat status;

    if (lstat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return memory_string(path);
    return memory_format("%s.%ld.tmp", path, (long)getpid());
}

int file_put_in_place(const char *name_before, const char *path, bool good)
{
    int result;

    if (strcmp(name_before, path) == 0)
        return 0;
    result = good ? rename(name_before, path) : 0;
    if (!good || result < 0) {
        int saved = errno;

        unlink(name_before);
        errno = saved;
    }
    return result;
}

int file_write(const char *path, const char *bytes, size_t length, struct error *error)
{
    char *name = file_name_before(path);
    int descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int result = -1;

    if (descriptor >= 0) {
        result = write_all(descriptor, bytes, length);
        if (close(descriptor) < 0)
            result = -1;
        if (file_put_in_place(name, path, result == 0) < 0)
            result = -1;
    }
    if (result < 0)
        error_unwritten(error, "can't write %s", path);
    free(name);
    return result;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool folder_is_free(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    bool found = false;

    if (folder == NULL)
        return errno == ENOENT;
    while (!found && (entry = readdir(folder)) != NULL)
        found = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return !found;
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
            result = error_unwritten(error, "can't make folder %s", partial);
        if (slash == NULL)
            break;
        *slash = '/';
    }
    free(partial);
    return result;
}

char *path_beside(const char *file, const char *relative)
{
    const char *slash = strrchr(file, '/');

    if (relative[0] == '/' || slash == NULL)
        return memory_string(relative);
    return memory_format("%.*s/%s", (int)(slash - file), file, relative);
}
