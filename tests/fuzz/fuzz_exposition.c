/*
 * libFuzzer target: any bytes as a page of metrics, in either format (the first byte says which).
 * What was read once is read again by the short way, with the same numbers to the last bit.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runner/exposition.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_series(const struct exposition *page)
{
    const struct exposition_series *series;
    size_t count = exposition_series(page, &series);

    for (size_t i = 0; i < count; i++) {
        if (series[i].name[0] == '\0' || series[i].unit == NULL)
            abort();
        for (size_t j = 1; j < series[i].label_count; j++) {
            if (strcmp(series[i].labels[j - 1].name, series[i].labels[j].name) >= 0)
                abort();
        }
    }
}

static void check_again(struct exposition *page, enum exposition_format format, const char *text,
                        size_t length)
{
    const struct exposition_series *series;
    size_t count = exposition_series(page, &series);
    double *values = malloc(count * sizeof *values + 1);
    struct error error;
    bool changed;

    if (count > 0)
        memcpy(values, exposition_values(page), count * sizeof *values);
    if (exposition_read(page, format, text, length, &changed, &error) < 0 || changed ||
        (count > 0 && memcmp(values, exposition_values(page), count * sizeof *values) != 0))
        abort();
    free(values);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    enum exposition_format format =
        length > 0 && (bytes[0] & 1) != 0 ? EXPOSITION_OPENMETRICS : EXPOSITION_TEXT;
    struct exposition *page = exposition_new();
    size_t size = length > 0 ? length - 1 : 0;
    char *text = calloc(size + 1, 1);
    struct error error;
    bool changed;

    if (size > 0)
        memcpy(text, bytes + 1, size);
    if (exposition_read(page, format, text, size, &changed, &error) == 0) {
        check_series(page);
        check_again(page, format, text, size);
    } else if (error.kind != ERROR_UNREACHABLE || changed) {
        abort();
    }
    free(text);
    exposition_free(page);
    return 0;
}
