/* The files of a control group, kept open from observation to observation. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/collector_cgroup.h"

enum { READ_SIZE = 16384, LARGEST_FILE = 1 << 20 };

int read_whole(int descriptor, struct text *text)
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

/* The file's first reading says which metrics it has. */
struct adding {
    const struct cgroup_file *file;
    struct metric_list *metrics;
};

static void add_metric(void *context, const char *key, double value)
{
    struct adding *adding = context;
    const struct cgroup_file *file = adding->file;

    (void)value;
    metric_list_add(adding->metrics, file->prefix != NULL ? file->prefix : file->name, key,
                    file->resource_group, file->kinds);
}

static void add_file(struct file_set *set, const struct cgroup_file *file, char *path,
                     struct metric_list *metrics)
{
    struct adding adding = {file, metrics};
    struct open_file open_file = {file, path, open(path, O_RDONLY | O_CLOEXEC), metrics->count, 0};

    if (open_file.descriptor >= 0 && read_whole(open_file.descriptor, &set->text) == 0)
        file->parse(set->text.bytes, add_metric, &adding);
    open_file.count = metrics->count - open_file.first;
    if (open_file.count == 0) {
        if (open_file.descriptor >= 0)
            close(open_file.descriptor);
        free(path);
        return;
    }
    set->items = memory_grow(set->items, set->count, &set->capacity, sizeof *set->items);
    set->items[set->count++] = open_file;
}

int file_set_open(struct file_set *set, const struct cgroup_mounts *mounts, const char *group,
                  struct metric_list *metrics, struct error *error)
{
    const struct cgroup_version *version = mounts->version;

    memset(set, 0, sizeof *set);
    for (size_t i = 0; i < version->file_count; i++) {
        const struct cgroup_file *file = &version->files[i];
        const char *mount = cgroup_mounts_find(mounts, file->controller);
        char *folder;

        if (mount == NULL)
            continue;
        folder = memory_format("%s/%s", mount, group);
        if (!file_exists(folder)) {
            error_set(error, ERROR_UNREACHABLE, "there is no control group %s", folder);
            error_hint(error, "is the target up, and is the source's attribute cgroup right?");
            free(folder);
            return -1;
        }
        add_file(set, file, memory_format("%s/%s", folder, file->name), metrics);
        free(folder);
    }
    return 0;
}

/* Where the values of the file being read go. */
struct filling {
    struct metric_range range;
    const char *prefix;
    double *values;
};

static void fill_value(void *context, const char *key, double value)
{
    struct filling *filling = context;
    size_t place = metric_range_find(&filling->range, filling->prefix, key);

    if (place != SIZE_MAX)
        filling->values[place] = value;
}

int file_set_read(struct file_set *set, const struct metric_list *metrics, double *values,
                  struct error *error)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct open_file *open_file = &set->items[i];
        const struct cgroup_file *file = open_file->file;
        struct filling filling = {
            {metrics->items, open_file->first, open_file->count, open_file->first},
            file->prefix != NULL ? file->prefix : file->name,
            values,
        };

        if (open_file->descriptor < 0 || read_whole(open_file->descriptor, &set->text) < 0) {
            error_set(error, ERROR_UNREACHABLE, "the control group is gone: can't read %s",
                      open_file->path);
            return error_hint(error, "did the target reboot?");
        }
        file->parse(set->text.bytes, fill_value, &filling);
    }
    return 0;
}

static void close_descriptors(struct file_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->items[i].descriptor >= 0)
            close(set->items[i].descriptor);
        set->items[i].descriptor = -1;
    }
}

int file_set_reopen(struct file_set *set, struct error *error)
{
    close_descriptors(set);
    for (size_t i = 0; i < set->count; i++) {
        struct open_file *file = &set->items[i];

        file->descriptor = open(file->path, O_RDONLY | O_CLOEXEC);
        if (file->descriptor < 0)
            return error_system(error, ERROR_UNREACHABLE, "can't open %s", file->path);
    }
    return 0;
}

void file_set_move(struct file_set *set, const struct cgroup_mounts *mounts, const char *group)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct cgroup_file *file = set->items[i].file;

        free(set->items[i].path);
        set->items[i].path = memory_format("%s/%s/%s", cgroup_mounts_find(mounts, file->controller),
                                           group, file->name);
    }
}

void file_set_close(struct file_set *set)
{
    close_descriptors(set);
    for (size_t i = 0; i < set->count; i++)
        free(set->items[i].path);
    free(set->items);
    text_free(&set->text);
    memset(set, 0, sizeof *set);
}
