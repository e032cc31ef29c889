/*
 * libFuzzer target: any bytes as what a target's shell answers, the first and the second time.
 * Whatever they are, names are plain and no two the same, and every value is in its place or
 * unknown.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector_proc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check(const struct metric_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        for (const char *at = list->items[i].name; *at != '\0'; at++) {
            if (*at <= ' ' || *at > '~')
                abort();
        }
        if (i > 0 && strcmp(list->items[i].name, list->items[i - 1].name) == 0)
            abort();
    }
}

/* The second answer comes after a line of '---'. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct text first = {0};
    struct text second = {0};
    struct proc_metrics metrics;
    struct error error;
    const char *middle;

    text_append_bytes(&first, (const char *)bytes, length);
    middle = strstr(text_string(&first), "\n---\n");
    text_append(&second, middle != NULL ? middle + 5 : text_string(&first));
    if (middle != NULL)
        first.bytes[middle - first.bytes] = '\0';
    if (proc_metrics_list(&metrics, &first, &error) == 0) {
        double *values = memory_new(metrics.list.count, sizeof *values);

        check(&metrics.list);
        if (proc_metrics_read(&metrics, &second, values, &error) == 0) {
            for (size_t i = 0; i < metrics.list.count; i++) {
                if (isinf(values[i]))
                    abort();
            }
        }
        free(values);
        proc_metrics_free(&metrics);
    }
    text_free(&first);
    text_free(&second);
    return 0;
}
