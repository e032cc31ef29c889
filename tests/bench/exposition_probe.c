/*
 * Speed of reading pages of metrics: a page again and again, as scrapes of one exporter are, and as
 * if each were the first.
 * usage: exposition_probe FILE ...
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "runner/exposition.h"

static double megabytes_per_second(size_t bytes, int64_t duration)
{
    return (double)bytes / 1e6 / ((double)duration / (double)CLOCK_SECOND);
}

static void fail(const struct error *error)
{
    error_print(error, stderr);
    exit(error_exit_status(error));
}

/* Reads the page for a second; `anew`: as the first time. */
static double measure(const struct text *bytes, bool anew)
{
    struct exposition *page = exposition_new();
    int64_t began = clock_now();
    size_t read = 0;
    struct error error;
    bool changed;

    while (clock_now() - began < CLOCK_SECOND) {
        if (anew) {
            exposition_free(page);
            page = exposition_new();
        }
        if (exposition_read(page, EXPOSITION_TEXT, bytes->bytes, bytes->length, &changed, &error) <
            0)
            fail(&error);
        read += bytes->length;
    }
    exposition_free(page);
    return megabytes_per_second(read, clock_now() - began);
}

int main(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        struct text bytes = {0};
        struct error error;

        if (file_read(arguments[i], 100000000, &bytes, &error) < 0)
            fail(&error);
        printf("%s: %.0f MB/s again, %.0f MB/s the first time\n", arguments[i],
               measure(&bytes, false), measure(&bytes, true));
        text_free(&bytes);
    }
    return 0;
}
