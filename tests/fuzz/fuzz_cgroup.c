/*
 * libFuzzer target: any bytes as what a node's shell answers, the first time and the second.
 * Whatever they are, names are plain and no two of a file the same, and no value is infinite.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector_cgroup.h"
#include "runner/file_sections.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* A node whose answer is the input. */
struct view_input {
    struct cgroup_view view;
    struct file_sections sections;
    struct text copy;
};

static char *find_file(struct cgroup_view *view, const char *path)
{
    struct view_input *input = (struct view_input *)view;

    return file_sections_copy(&input->sections, path, &input->copy);
}

static int find_processes(struct cgroup_view *view, const char *folder,
                          struct process_numbers *numbers, struct error *error)
{
    char *name = memory_format("%s/processes", folder);
    char *text = find_file(view, name);

    free(name);
    if (text == NULL)
        return error_set(error, ERROR_UNREACHABLE, "no processes");
    process_numbers_add(numbers, text);
    return 0;
}

static void check_metrics(const struct store_metric *metrics, size_t count)
{
    if (count > CGROUP_MOST_METRICS + 100)
        abort();
    for (size_t i = 0; i < count; i++) {
        for (const char *at = metrics[i].name; *at != '\0'; at++) {
            if (*at <= ' ' || *at > '~')
                abort();
        }
        if (i > 0 && strcmp(metrics[i].name, metrics[i - 1].name) == 0)
            abort();
    }
}

static void read_source(struct cgroup_source *source, struct view_input *input)
{
    const struct store_metric *metrics;
    size_t count = cgroup_source_metrics(source, &metrics);
    double *values = memory_new(count, sizeof *values);
    struct error error;

    check_metrics(metrics, count);
    if (cgroup_source_read(source, &input->view, values, &error) == 0) {
        for (size_t i = 0; i < count; i++) {
            if (isinf(values[i]))
                abort();
        }
    }
    free(values);
}

/* Its first section is the node's mountinfo. */
static void read_answers(struct view_input *input, const struct text *first,
                         const struct text *second)
{
    const struct cgroup_place place = {(char *)"x", {.name = "tap0", .network_namespace = ""}};
    struct cgroup_mounts mounts = {0};
    struct cgroup_source *source = NULL;
    struct error error;
    char *mountinfo;

    file_sections_read(&input->sections, first);
    mountinfo = find_file(&input->view, "/proc/self/mountinfo");
    if (mountinfo != NULL && cgroup_mounts_read(&mounts, mountinfo, &error) == 0 &&
        cgroup_source_open(&mounts, &place, false, &source, &error) == 0 &&
        cgroup_source_list(source, &input->view, &error) == 0) {
        file_sections_read(&input->sections, second);
        read_source(source, input);
        read_source(source, input);
    }
    cgroup_source_close(source);
    cgroup_mounts_free(&mounts);
}

/* The second answer comes after a line of '---'. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct view_input input = {
        .view = {.proc = "/proc", .file = find_file, .processes = find_processes}};
    struct text first = {0};
    struct text second = {0};
    const char *middle;

    text_append_bytes(&first, (const char *)bytes, length);
    middle = strstr(text_string(&first), "\n---\n");
    text_append(&second, middle != NULL ? middle + 5 : text_string(&first));
    if (middle != NULL) {
        first.length = (size_t)(middle - first.bytes);
        first.bytes[first.length] = '\0';
    }
    read_answers(&input, &first, &second);
    file_sections_free(&input.sections);
    text_free(&input.copy);
    text_free(&first);
    text_free(&second);
    return 0;
}
