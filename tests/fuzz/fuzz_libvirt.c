/*
 * libFuzzer target: any bytes as what virsh answers of a domain 'd', and then the part behind a
 * line of
 * '---'. Whatever they are, metrics only become more, names are plain, and values known or unknown.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runner/collector_libvirt.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check(const struct domain_stats *stats)
{
    if (stats->list.count > DOMAIN_MOST_METRICS)
        abort();
    for (size_t i = 0; i < stats->list.count; i++) {
        if (isinf(stats->values[i]))
            abort();
        for (const char *at = stats->list.items[i].name; *at != '\0'; at++) {
            if (*at <= ' ' || *at > '~')
                abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct domain_stats stats = {0};
    struct text answer = {0};
    const char *middle;
    size_t before;
    bool changed = false;

    text_append(&answer, "Domain: 'd'\n");
    text_append_bytes(&answer, (const char *)bytes, length);
    if (!domain_stats_read(&stats, &answer, "d", &changed))
        abort();
    check(&stats);
    before = stats.list.count;
    middle = strstr(text_string(&answer), "\n---\n");
    if (middle != NULL) {
        struct text second = {0};

        text_append(&second, middle + 5);
        if (domain_stats_read(&stats, &second, "d", &changed) &&
            changed != (stats.list.count > before))
            abort();
        check(&stats);
        text_free(&second);
    }
    domain_stats_free(&stats);
    text_free(&answer);
    return 0;
}
