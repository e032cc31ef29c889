#include "runner/validity_monitoring.h"

/* Of the observations of a source, one in this many may be missing. */
enum { FEWEST_FOR_ONE_LOST = 20 };

/* Whether the fault had its target away, so that it could not be read: that is no gap. */
static bool is_away(const struct evidence *evidence, const struct monitored_source *source,
                    const struct monitoring_gap *gap)
{
    int64_t period = evidence->plan->monitoring_period;

    for (size_t i = 0; i < evidence->injection_count; i++) {
        const struct injection_run *injection = &evidence->injections[i];

        if (injection->left != 0 && injection->session->host == source->target &&
            gap->from + period >= injection->start_commanded &&
            (injection->gone == 0 || gap->until - period <= injection->gone))
            return true;
    }
    return false;
}

static int64_t overlap(int64_t from, int64_t until, const struct monitoring_gap *gap)
{
    int64_t first = gap->from > from ? gap->from : from;
    int64_t last = gap->until < until ? gap->until : until;

    return last > first ? last - first : 0;
}

/* Whether the source's gaps cover most of an injection. */
static bool hides_injection(const struct evidence *evidence, const struct monitored_source *source)
{
    for (size_t i = 0; i < evidence->injection_count; i++) {
        const struct injection_run *injection = &evidence->injections[i];
        int64_t hidden = 0;

        for (size_t j = 0; j < source->gap_count; j++) {
            if (!is_away(evidence, source, &source->gaps[j]))
                hidden += overlap(injection->start_commanded, injection->gone, &source->gaps[j]);
        }
        if (2 * hidden > injection->gone - injection->start_commanded && hidden > 0)
            return true;
    }
    return false;
}

static void append(struct text *text, const struct monitored_source *source, size_t count,
                   size_t of, const char *what)
{
    if (text->length > 0)
        text_append(text, "; ");
    text_appendf(text, "monitoring of %s: %zu of %zu observations %s", source->target->name, count,
                 of, what);
    if (source->failure.kind != ERROR_NONE)
        text_appendf(text, " (%s)", source->failure.what);
}

static void judge_source(const struct evidence *evidence, const struct monitored_source *source,
                         struct text *reasons, struct text *notes)
{
    size_t lost = 0;
    size_t all;

    for (size_t i = 0; i < source->gap_count; i++)
        lost += is_away(evidence, source, &source->gaps[i]) ? 0 : source->gaps[i].lost;
    all = source->taken + lost;
    if (source->observations < source->taken)
        append(reasons, source, source->taken - source->observations, all, "could not be written");
    else if (source->taken == 0 || lost * FEWEST_FOR_ONE_LOST >= all)
        append(reasons, source, lost, all, "are missing");
    else if (hides_injection(evidence, source))
        append(reasons, source, lost, all, "are missing, most of a fault among them");
    else if (lost > 0)
        append(notes, source, lost, all, "are missing; the next after them are labelled invalid");
}

void validity_judge_monitoring(const struct evidence *evidence, struct text *reasons,
                               struct text *notes)
{
    for (size_t i = 0; i < evidence->monitor->source_count; i++)
        judge_source(evidence, &evidence->monitor->sources[i], reasons, notes);
}
