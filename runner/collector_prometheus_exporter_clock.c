/*
 * Clocks of the servers of pages that say when values were so. The Date of an answer is of a whole
 * second, and pages are asked for at the same part of each: without more, half a second stays
 * unknown.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_prometheus_exporter.h"

/* Better than this is not looked for: scheduling and the way there make some milliseconds. */
#define WIDE (20 * CLOCK_MILLISECOND)
/* Servers that are asked together: what that is off by stays well below WIDE. */
#define TOGETHER (2 * CLOCK_MILLISECOND)
/* Time for an answer. */
#define ANSWER (200 * CLOCK_MILLISECOND)

struct question {
    struct exporter_page *page;
    char *url;
    int64_t turn;
};

static int compare_turns(const void *one, const void *other)
{
    int64_t first = ((const struct question *)one)->turn;
    int64_t second = ((const struct question *)other)->turn;

    return (first > second) - (first < second);
}

/* The root of the page's server: whatever it answers, and with what status, it says its Date. */
static char *root_of(const char *url)
{
    const char *host = strstr(url, "://") + 3;

    return memory_format("%.*s/", (int)(host + strcspn(host, "/?") - url), url);
}

/* Those that are wide, in the order of their turns. */
static struct question *list_questions(struct exporter_page *pages, size_t count, size_t *wide)
{
    struct question *questions = memory_new(count, sizeof *questions);
    int64_t now = clock_now();

    *wide = 0;
    for (size_t i = 0; i < count; i++) {
        struct exporter_page *page = &pages[i];

        if (page->problem.kind == ERROR_NONE && page->has_times &&
            server_clock_width(&page->clock) > WIDE)
            questions[(*wide)++] = (struct question){
                page, root_of(page->url), server_clock_next_turn(&page->clock, now + TOGETHER)};
    }
    if (*wide > 1)
        qsort(questions, *wide, sizeof *questions, compare_turns);
    return questions;
}

static void take_answer(void *context, size_t turn, struct http_response *response,
                        const struct error *error)
{
    struct question *questions = context;

    (void)error;
    if (response != NULL)
        server_clock_note(&questions[turn].page->clock, response, INT64_MIN);
}

/* Those from the first on whose turns are nearly at once. */
static size_t count_together(const struct question *questions, size_t count)
{
    size_t together = 1;

    while (together < count && questions[together].turn - questions[0].turn < TOGETHER)
        together++;
    return together;
}

static void ask(struct http_many *many, struct question *questions, size_t count, int64_t deadline,
                struct stop *stop)
{
    struct http_turn *turns = memory_new(count, sizeof *turns);

    for (size_t i = 0; i < count; i++) {
        turns[i].client = questions[i].page->client;
        turns[i].request = (struct http_request){.url = questions[i].url, .head = true};
    }
    http_many_ask(many, turns, count, deadline, stop, take_answer, questions);
    free(turns);
}

/* False once the stop is asked for. */
static bool wait_until(int64_t instant, struct stop *stop)
{
    int64_t left = instant - clock_now();

    if (stop != NULL)
        return !stop_wait_until(stop, instant);
    if (left > 0)
        clock_sleep(left);
    return true;
}

size_t exporter_clocks_narrow(struct http_many *many, struct exporter_page *pages, size_t count,
                              int64_t deadline, struct stop *stop)
{
    size_t wide;
    struct question *questions = list_questions(pages, count, &wide);
    size_t asked = 0;

    while (asked < wide && questions[asked].turn + ANSWER < deadline &&
           wait_until(questions[asked].turn, stop)) {
        size_t together = count_together(questions + asked, wide - asked);
        int64_t latest = clock_now() + ANSWER;

        ask(many, questions + asked, together, latest < deadline ? latest : deadline, stop);
        asked += together;
    }
    for (size_t i = 0; i < wide; i++)
        free(questions[i].url);
    free(questions);
    return asked;
}
