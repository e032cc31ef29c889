/* A page as it was last read: what comes next is compared with it. */
#include "runner/exposition.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "runner/exposition_parts.h"

struct exposition {
    bool was_read;
    struct exposition_content content;
    /* What is read, until it is known to be whole. */
    double *values;
    int64_t *times;
};

struct exposition *exposition_new(void)
{
    return memory_new(1, sizeof(struct exposition));
}

void exposition_free(struct exposition *page)
{
    if (page == NULL)
        return;
    exposition_content_free(&page->content);
    free(page->values);
    free(page->times);
    free(page);
}

enum exposition_format exposition_format(const char *content_type)
{
    static const char open_metrics[] = "application/openmetrics-text";

    return strncasecmp(content_type, open_metrics, sizeof open_metrics - 1) == 0
               ? EXPOSITION_OPENMETRICS
               : EXPOSITION_TEXT;
}

/*
 * Reads the numbers of a page that is otherwise the same: all that is between one line's end and
 * the next number, comments and a series, is compared at once. False if anything else has changed.
 */
static bool read_numbers(struct exposition *page, const char *at, const char *end)
{
    const struct exposition_content *content = &page->content;
    size_t compared = 0;

    for (size_t i = 0; i < content->count; i++) {
        size_t length = content->places[i].value - compared;

        if ((size_t)(end - at) < length || memcmp(at, content->bytes + compared, length) != 0)
            return false;
        at = exposition_number(at + length, &page->values[i]);
        if (at == NULL)
            return false;
        at = exposition_line_rest(at, content->format, &page->times[i]);
        if (at == NULL)
            return false;
        compared = content->places[i].next_line;
    }
    return (size_t)(end - at) == content->length - compared &&
           memcmp(at, content->bytes + compared, content->length - compared) == 0;
}

static void keep_numbers(struct exposition *page)
{
    double *values = page->content.values;
    int64_t *times = page->content.times;

    page->content.values = page->values;
    page->content.times = page->times;
    page->values = values;
    page->times = times;
}

static bool is_same_label(const struct exposition_label *one, const struct exposition_label *other)
{
    return strcmp(one->name, other->name) == 0 && strcmp(one->value, other->value) == 0;
}

static bool is_same_series(const struct exposition_series *one,
                           const struct exposition_series *other)
{
    bool same = strcmp(one->name, other->name) == 0 && one->label_count == other->label_count &&
                one->counter == other->counter && one->untyped == other->untyped &&
                strcmp(one->unit, other->unit) == 0;

    for (size_t i = 0; same && i < one->label_count; i++)
        same = is_same_label(&one->labels[i], &other->labels[i]);
    return same;
}

/* A page can be written in another way (its HELP, say) and mean the same. */
static bool means_the_same(const struct exposition_content *one,
                           const struct exposition_content *other)
{
    bool same = one->count == other->count;

    for (size_t i = 0; same && i < one->count; i++)
        same = is_same_series(&one->series[i], &other->series[i]);
    return same;
}

int exposition_read(struct exposition *page, enum exposition_format format, const char *bytes,
                    size_t length, bool *changed, struct error *error)
{
    struct exposition_content content;

    *changed = false;
    if (page->was_read && format == page->content.format &&
        read_numbers(page, bytes, bytes + length)) {
        keep_numbers(page);
        return 0;
    }
    if (exposition_parse(&content, format, bytes, length, error) < 0) {
        exposition_content_free(&content);
        return -1;
    }
    *changed = !page->was_read || !means_the_same(&page->content, &content);
    exposition_content_free(&page->content);
    page->content = content;
    page->was_read = true;
    page->values = memory_resize(page->values, content.count, sizeof *page->values);
    page->times = memory_resize(page->times, content.count, sizeof *page->times);
    return 0;
}

size_t exposition_series(const struct exposition *page, const struct exposition_series **series)
{
    *series = page->content.series;
    return page->content.count;
}

const double *exposition_values(const struct exposition *page)
{
    return page->content.values;
}

const int64_t *exposition_times(const struct exposition *page)
{
    return page->content.times;
}
