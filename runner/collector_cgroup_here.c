/* The cgroup collector's view of this machine: files are read when they are asked for. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_cgroup.h"

enum { READ_SIZE = 16384, LARGEST_FILE = 1 << 20, DEEPEST_GROUP = 8, LONGEST_PATH = 4096 };

struct view_here {
    struct cgroup_view view;
    int64_t from;
    struct text text; /* of the file just read */
};

static int ask(struct cgroup_view *view, const char *request, int64_t deadline, struct stop *stop,
               struct error *error)
{
    (void)request;
    (void)deadline;
    (void)stop;
    (void)error;
    ((struct view_here *)view)->from = clock_now();
    return 0;
}

/* Reads all that the file has, from its start; -1 with errno. */
static int read_whole(int descriptor, struct text *text)
{
    char buffer[READ_SIZE];
    ssize_t count;

    text_clear(text);
    text_append(text, ""); /* an empty file is an empty string, not NULL */
    while ((count = pread(descriptor, buffer, sizeof buffer, (off_t)text->length)) > 0) {
        text_append_bytes(text, buffer, (size_t)count);
        if (text->length > LARGEST_FILE) {
            errno = EFBIG;
            return -1;
        }
    }
    return count < 0 ? -1 : 0;
}

static char *read_file(struct cgroup_view *view, const char *path)
{
    struct text *text = &((struct view_here *)view)->text;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    int result;

    if (descriptor < 0)
        return NULL;
    result = read_whole(descriptor, text);
    close(descriptor);
    return result == 0 ? text->bytes : NULL;
}

static char *read_file_again(struct cgroup_view *view, const char *path, int *kept)
{
    struct text *text = &((struct view_here *)view)->text;

    if (*kept < 0)
        *kept = open(path, O_RDONLY | O_CLOEXEC);
    if (*kept < 0)
        return NULL;
    if (read_whole(*kept, text) == 0)
        return text->bytes;
    close(*kept);
    *kept = -1;
    return NULL;
}

char *cgroup_view_read(struct cgroup_view *view, const char *path, int *kept)
{
    return view->file_again != NULL ? view->file_again(view, path, kept) : view->file(view, path);
}

static bool add_group(struct cgroup_view *view, const char *folder, int depth,
                      struct process_numbers *numbers)
{
    char path[LONGEST_PATH];
    struct dirent *entry;
    DIR *stream;
    char *text;

    snprintf(path, sizeof path, "%s/cgroup.procs", folder);
    text = read_file(view, path);
    if (text != NULL)
        process_numbers_add(numbers, text);
    stream = depth < DEEPEST_GROUP ? opendir(folder) : NULL;
    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        add_group(view, path, depth + 1, numbers);
    }
    if (stream != NULL)
        closedir(stream);
    return text != NULL;
}

static int list_processes(struct cgroup_view *view, const char *folder,
                          struct process_numbers *numbers, struct error *error)
{
    if (add_group(view, folder, 0, numbers))
        return 0;
    return error_system(error, ERROR_UNREACHABLE, "can't read the processes of %s", folder);
}

static void window(const struct cgroup_view *view, int64_t *from, int64_t *until)
{
    *from = ((const struct view_here *)view)->from;
    *until = clock_now();
}

static void close_view(struct cgroup_view *view)
{
    text_free(&((struct view_here *)view)->text);
    free(view);
}

struct cgroup_view *cgroup_view_here(const char *proc)
{
    struct view_here *here = memory_new(1, sizeof *here);

    here->view = (struct cgroup_view){
        .proc = proc,
        .ask = ask,
        .file = read_file,
        .file_again = read_file_again,
        .processes = list_processes,
        .window = window,
        .close = close_view,
    };
    return &here->view;
}
