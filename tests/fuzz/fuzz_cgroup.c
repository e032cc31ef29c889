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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

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

static void read_source(struct cgroup_source *source, struct cgroup_answer *answer)
{
    const struct store_metric *metrics;
    size_t count = cgroup_source_metrics(source, &metrics);
    double *values = memory_new(count, sizeof *values);
    struct error error;

    check_metrics(metrics, count);
    if (cgroup_source_read(source, &answer->view, values, &error) == 0) {
        for (size_t i = 0; i < count; i++) {
            if (isinf(values[i]))
                abort();
        }
    }
    free(values);
}

/* Its first section is the node's mountinfo. */
static void read_answers(struct cgroup_answer *answer, const struct text *first,
                         const struct text *second)
{
    const struct cgroup_place place = {(char *)"x", {.name = "tap0", .network_namespace = ""}};
    struct cgroup_mounts mounts = {0};
    struct cgroup_source *source = NULL;
    struct error error;
    char *mountinfo;

    file_sections_read(&answer->sections, first);
    mountinfo = cgroup_answer_file(&answer->view, "/proc/self/mountinfo");
    if (mountinfo != NULL && cgroup_mounts_read(&mounts, mountinfo, &error) == 0 &&
        cgroup_source_open(&mounts, &place, false, &source, &error) == 0 &&
        cgroup_source_list(source, &answer->view, &error) == 0) {
        file_sections_read(&answer->sections, second);
        read_source(source, answer);
        read_source(source, answer);
    }
    cgroup_source_close(source);
    cgroup_mounts_free(&mounts);
}

/* The second answer comes after a line of '---'. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct cgroup_answer answer = {.view = {.proc = "/proc",
                                            .file = cgroup_answer_file,
                                            .processes = cgroup_answer_processes}};
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
    read_answers(&answer, &first, &second);
    cgroup_answer_free(&answer);
    text_free(&first);
    text_free(&second);
    return 0;
}
