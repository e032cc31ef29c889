/* The files of a control group, of those that its version's table has. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "runner/collector_cgroup.h"

void file_set_open(struct file_set *set, const struct cgroup_mounts *mounts, const char *group)
{
    const struct cgroup_version *version = mounts->version;

    memset(set, 0, sizeof *set);
    for (size_t i = 0; i < version->file_count; i++) {
        const struct cgroup_file *file = &version->files[i];
        const char *mount = cgroup_mounts_find(mounts, file->controller);
        struct group_file *added;

        if (mount == NULL)
            continue;
        set->items = memory_grow(set->items, set->count, &set->capacity, sizeof *set->items);
        added = &set->items[set->count++];
        *added = (struct group_file){.file = file, .kept = -1};
        added->folder = memory_format("%s/%s", mount, group);
        added->path = memory_format("%s/%s", added->folder, file->name);
    }
}

void file_set_request(const struct file_set *set, struct text *request)
{
    for (size_t i = 0; i < set->count; i++) {
        if (i == 0 || strcmp(set->items[i].folder, set->items[i - 1].folder) != 0)
            cgroup_request_folder(request, set->items[i].folder);
        cgroup_request_file(request, set->items[i].file->name);
    }
}

static const char *prefix_of(const struct cgroup_file *file)
{
    return file->prefix != NULL ? file->prefix : file->name;
}

/* The file's first reading says which metrics it has. */
struct adding {
    const struct cgroup_file *file;
    struct metric_list *metrics;
    size_t first;
};

static void add_metric(void *context, const char *key, double value)
{
    struct adding *adding = context;
    const struct cgroup_file *file = adding->file;
    struct metric_list *list = adding->metrics;
    struct metric_range own = {list->items, adding->first, list->count - adding->first,
                               adding->first};

    (void)value;
    if (metric_key_is_plain(key) && list->count < CGROUP_MOST_METRICS &&
        metric_range_find(&own, prefix_of(file), key) == SIZE_MAX)
        metric_list_add(list, prefix_of(file), key, file->resource_group, file->kinds);
}

static void free_file(struct group_file *file)
{
    if (file->kept >= 0)
        close(file->kept);
    free(file->folder);
    free(file->path);
}

void file_set_list(struct file_set *set, struct cgroup_view *view, struct metric_list *metrics)
{
    size_t kept = 0;

    for (size_t i = 0; i < set->count; i++) {
        struct group_file *one = &set->items[i];
        struct adding adding = {one->file, metrics, metrics->count};
        char *text = view->file(view, one->path);

        if (text != NULL)
            one->file->parse(text, add_metric, &adding);
        one->first = adding.first;
        one->count = metrics->count - one->first;
        if (one->count > 0)
            set->items[kept++] = *one;
        else
            free_file(one);
    }
    set->count = kept;
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

int file_set_read(struct file_set *set, struct cgroup_view *view, const struct metric_list *metrics,
                  double *values, struct error *error)
{
    for (size_t i = 0; i < set->count; i++) {
        struct group_file *one = &set->items[i];
        struct filling filling = {
            {metrics->items, one->first, one->count, one->first},
            prefix_of(one->file),
            values,
        };
        char *text = cgroup_view_read(view, one->path, &one->kept);

        if (text == NULL) {
            error_set(error, ERROR_UNREACHABLE, "the control group is gone: can't read %s",
                      one->path);
            return error_hint(error, "did the target reboot?");
        }
        one->file->parse(text, fill_value, &filling);
    }
    return 0;
}

void file_set_close(struct file_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free_file(&set->items[i]);
    free(set->items);
    memset(set, 0, sizeof *set);
}
