/* The sources of a target's metrics. */
#include <stdio.h>

#include "runner/collector.h"
#include "runner/source_check.h"
#include "runner/source_groups.h"
#include "runner/target_inspection.h"

static struct access *inspected_access(void *context, const struct host *target,
                                       struct error *error)
{
    const struct inspection *inspection = context;

    (void)target;
    if (inspection->access == NULL)
        error_set(error, ERROR_UNREACHABLE, "it is read over the connection to the target");
    return inspection->access;
}

/* Each by itself: one that can't be read is one that is told. */
static int check_source(struct inspection *inspection, const struct source *source,
                        struct finding_text *found, struct error *error)
{
    const struct collector *collector = collector_find(source->collector);
    struct collected_source one = {.target = inspection->host, .source = source};
    struct own_access monitoring = {0};
    struct text text = {0};
    int result;

    if (collector == NULL)
        return error_set(error, ERROR_INPUT, "unknown collector '%s'", source->collector);
    result = source_find_access(collector, &one, inspected_access, inspection, &monitoring, error);
    if (result == 0)
        result = source_check(collector, &one, inspection->setting->stop, &text, error);
    own_access_close(&monitoring);
    snprintf(found->text, sizeof found->text, "%s", text_string(&text));
    text_free(&text);
    return result;
}

/* A run opens all sources next, and tells what is wrong with them. */
void inspection_check_sources(struct inspection *inspection)
{
    const struct host *host = inspection->host;

    for (size_t i = 0; inspection->setting->sessions == NULL && i < host->source_count; i++) {
        struct finding_text found = {0};
        struct error error = {0};
        char item[96];
        int result = check_source(inspection, &host->sources[i], &found, &error);

        snprintf(item, sizeof item, "source %s", host->sources[i].collector);
        inspection_conclude(inspection, item, result, &found, &error);
    }
}
