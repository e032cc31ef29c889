/*
 * Speed of reading pages of metrics: a page again and again with other numbers, as scrapes of one
 * exporter are, and as if each were the first.
 * usage: exposition_probe FILE ...
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "runner/exposition.h"

enum { PAGES = 8 };

static double megabytes_per_second(size_t bytes, int64_t duration)
{
    return (double)bytes / 1e6 / ((double)duration / (double)CLOCK_SECOND);
}

static void fail(const struct error *error)
{
    error_print(error, stderr);
    exit(error_exit_status(error));
}

/* Gives each sample another last digit. */
static void change_numbers(char *bytes, struct random *random)
{
    bool comment = bytes[0] == '#';

    for (char *at = bytes; at[0] != '\0'; at++) {
        if (at[1] == '\n' && !comment && at[0] >= '0' && at[0] <= '9')
            at[0] = (char)('0' + random_below(random, 10));
        if (at[0] == '\n')
            comment = at[1] == '#';
    }
}

/* Reads the pages in turn for a second; `anew`: as the first time. */
static double measure(const struct text *pages, bool anew)
{
    struct exposition *page = exposition_new();
    int64_t began = clock_now();
    size_t read = 0;
    struct error error;
    bool changed;

    for (size_t i = 0; clock_now() - began < CLOCK_SECOND; i++) {
        const struct text *bytes = &pages[i % PAGES];

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
        struct text pages[PAGES] = {{0}};
        struct random random;
        struct error error;

        random_seed(&random, 1);
        for (size_t j = 0; j < PAGES; j++) {
            if (file_read(arguments[i], 100000000, &pages[j], &error) < 0)
                fail(&error);
            change_numbers(pages[j].bytes, &random);
        }
        printf("%s: %.0f MB/s again, %.0f MB/s the first time\n", arguments[i],
               measure(pages, false), measure(pages, true));
        for (size_t j = 0; j < PAGES; j++)
            text_free(&pages[j]);
    }
    return 0;
}
