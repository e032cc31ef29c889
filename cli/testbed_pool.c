#include "cli/testbed_pool.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/findings.h"
#include "cli/progress_line.h"
#include "runner/campaign.h"

#define PAUSE_BETWEEN_ROUNDS (5 * CLOCK_SECOND)

struct candidate {
    char *path; /* NULL: the campaign's own */
    bool out;   /* can't be used */
};

struct pool {
    struct candidate *items;
    size_t count;
    size_t in_use; /* in the last round */
    bool told;     /* that it is waited for */
};

static void pool_free(struct pool *pool)
{
    for (size_t i = 0; i < pool->count; i++)
        free(pool->items[i].path);
    free(pool->items);
}

static size_t left(const struct pool *pool)
{
    size_t count = 0;

    for (size_t i = 0; i < pool->count; i++)
        count += !pool->items[i].out;
    return count;
}

/* Every *.xml of the folder, by name. */
static int list_files(const char *folder, struct pool *pool, struct error *error)
{
    struct text pattern = {0};
    glob_t found;

    for (const char *at = folder; *at != '\0'; at++)
        text_appendf(&pattern, strchr("*?[\\", *at) != NULL ? "\\%c" : "%c", *at);
    text_append(&pattern, "/*.xml");
    if (glob(pattern.bytes, 0, NULL, &found) == 0) {
        pool->items = memory_new(found.gl_pathc, sizeof *pool->items);
        for (; pool->count < found.gl_pathc; pool->count++)
            pool->items[pool->count].path = memory_string(found.gl_pathv[pool->count]);
        globfree(&found);
    }
    text_free(&pattern);
    if (pool->count > 0)
        return 0;
    error_set(error, ERROR_INPUT, "there is no testbed file in %s", folder);
    return error_hint(error, "a pool is a folder of testbed files, each called NAME.xml");
}

/* Puts those out that the campaign can't be run on by what their files say. Where that holds for
 * all, it is told of the first: the campaign file may be why. */
static int check_files(const char *campaign_path, struct pool *pool, struct error *error)
{
    struct findings *findings = memory_new(pool->count, sizeof *findings);
    bool fit;

    for (size_t i = 0; i < pool->count; i++) {
        struct campaign *campaign = campaign_read(campaign_path, pool->items[i].path, &findings[i]);

        pool->items[i].out = campaign == NULL;
        campaign_free(campaign);
    }
    fit = left(pool) > 0;
    for (size_t i = 0; i < pool->count && (fit || i == 0); i++) {
        if (!pool->items[i].out)
            continue;
        findings_print(&findings[i], stderr);
        if (fit)
            log_warning("%s is passed over: %zu errors", pool->items[i].path, findings[i].count);
    }
    if (!fit) {
        error_set(error, ERROR_INPUT, "the campaign fits no testbed file of the pool");
        error_where(error, "%s", campaign_path);
    }
    for (size_t i = 0; i < pool->count; i++)
        findings_free(&findings[i]);
    free(findings);
    return fit ? 0 : -1;
}

static int make_pool(const struct testbed_choice *choice, struct pool *pool, struct error *error)
{
    if (choice->pool != NULL)
        return list_files(choice->pool, pool, error) < 0 ||
                       check_files(choice->campaign, pool, error) < 0
                   ? -1
                   : 0;
    pool->items = memory_new(1, sizeof *pool->items);
    pool->items[0].path = memory_string(choice->testbed);
    pool->count = 1;
    return 0;
}

/* Tries one after the other; `*ended`: one was taken, or something went wrong that another testbed
 * doesn't help. The error is that of the last one otherwise, of those in use if there are any. */
static int go_round(const struct testbed_choice *choice, struct pool *pool, bool *ended,
                    struct error *error)
{
    pool->in_use = 0;
    for (size_t i = 0; i < pool->count; i++) {
        struct candidate *candidate = &pool->items[i];
        struct error one = {0};
        int result;

        if (candidate->out)
            continue;
        result = choice->run(candidate->path, ended, &one);
        *ended |= one.kind != ERROR_LOCKED && one.kind != ERROR_UNREACHABLE;
        if (*ended || one.kind == ERROR_LOCKED || pool->in_use == 0)
            *error = one;
        if (*ended)
            return result;
        pool->in_use += one.kind == ERROR_LOCKED;
        candidate->out = one.kind == ERROR_UNREACHABLE;
        if (candidate->out && choice->pool != NULL)
            log_warning("%s is passed over: %s%s%s", candidate->path, one.target,
                        one.target[0] != '\0' ? ": " : "", one.what);
    }
    return -1;
}

/* Says what is waited for: drawn again where there is a terminal, else once. */
static void show_wait(struct pool *pool, int64_t waited)
{
    char text[24];

    clock_format_duration(waited, text, sizeof text);
    progress_line_show("waiting for a testbed, %zu of %zu in use  %s", pool->in_use, pool->count,
                       text);
    if (!progress_line_is_seen() && !pool->told)
        fprintf(stderr, "waiting for a testbed, %zu of %zu in use ...\n", pool->in_use,
                pool->count);
    pool->told = true;
}

/* Until the next round, or less; -1 if the wait is over. */
static int wait_for_next(const struct testbed_choice *choice, struct pool *pool, int64_t began,
                         struct error *error)
{
    int64_t now = clock_now();
    int64_t most_left = choice->most_wait - (now - began);

    if (most_left <= 0)
        return error_hint(error, "--most-wait says how long to wait for it");
    show_wait(pool, now - began);
    if (stop_wait_until(choice->stop,
                        now +
                            (most_left < PAUSE_BETWEEN_ROUNDS ? most_left : PAUSE_BETWEEN_ROUNDS)))
        return stop_error(choice->stop, error, "ended while waiting for a testbed");
    return 0;
}

int testbed_choice_run(const struct testbed_choice *choice, struct error *error)
{
    struct pool pool = {0};
    int64_t began = clock_now();
    int result = make_pool(choice, &pool, error);
    bool ended = result < 0;

    while (!ended) {
        result = go_round(choice, &pool, &ended, error);
        if (ended)
            break;
        ended = pool.in_use == 0 || wait_for_next(choice, &pool, began, error) < 0;
        if (pool.in_use == 0 && choice->pool != NULL)
            error_set(error, ERROR_UNREACHABLE, "no testbed of %s can be used", choice->pool);
    }
    progress_line_end();
    pool_free(&pool);
    return result;
}
