/* What differs between how two runs were made: it may be the reason for all that differs in their
 * figures. */
#include <stdlib.h>
#include <string.h>

#include "analysis/comparison_parts.h"
#include "analysis/facts_of_xml.h"
#include "base/memory.h"

/* NULL is what isn't there. */
static void add_change(struct comparison *comparison, const char *where, const char *what,
                       const char *base, const char *new)
{
    struct comparison_change *change;

    if (base != NULL && new != NULL && strcmp(base, new) == 0)
        return;
    comparison->changes = memory_grow(comparison->changes, comparison->change_count,
                                      &comparison->change_capacity, sizeof *comparison->changes);
    change = &comparison->changes[comparison->change_count++];
    change->what = memory_format("%s%s%s", where, where[0] != '\0' ? ": " : "", what);
    change->base = memory_string(base != NULL ? base : "");
    change->new = memory_string(new != NULL ? new : "");
}

/* Both lists are sorted by path. */
static void add_files(struct comparison *comparison, const char *where, const char *base_xml,
                      const char *new_xml)
{
    struct xml_facts base;
    struct xml_facts new;
    size_t i = 0;
    size_t j = 0;

    xml_facts_read(base_xml, &base);
    xml_facts_read(new_xml, &new);
    while (i < base.count || j < new.count) {
        int order = i == base.count  ? 1
                    : j == new.count ? -1
                                     : strcmp(base.items[i].path, new.items[j].path);

        add_change(comparison, where, order <= 0 ? base.items[i].path : new.items[j].path,
                   order <= 0 ? base.items[i].value : NULL, order >= 0 ? new.items[j].value : NULL);
        i += order <= 0;
        j += order >= 0;
    }
    xml_facts_free(&base);
    xml_facts_free(&new);
}

/* NULL if the run has no such fact. */
static const char *fact_of(const struct report_run *run, const struct report_fact *fact)
{
    for (size_t i = 0; i < run->fact_count; i++) {
        if (strcmp(run->facts[i].subject, fact->subject) == 0 &&
            strcmp(run->facts[i].name, fact->name) == 0)
            return run->facts[i].value;
    }
    return NULL;
}

/* Those of plan and calibration follow from the files. */
static bool is_of_machine(const struct report_fact *fact)
{
    return strcmp(fact->subject, "plan") != 0 && strcmp(fact->subject, "calibration") != 0;
}

static void add_facts(struct comparison *comparison, const struct report_run *base,
                      const struct report_run *new)
{
    for (size_t i = 0; i < base->fact_count; i++) {
        const struct report_fact *fact = &base->facts[i];

        if (is_of_machine(fact))
            add_change(comparison, fact->subject, fact->name, fact->value, fact_of(new, fact));
    }
    for (size_t i = 0; i < new->fact_count; i++) {
        const struct report_fact *fact = &new->facts[i];

        if (is_of_machine(fact) && fact_of(base, fact) == NULL)
            add_change(comparison, fact->subject, fact->name, NULL, fact->value);
    }
}

/* Takes the texts. */
static void add_texts(struct comparison *comparison, const char *what, char *base, char *new)
{
    add_change(comparison, "evaluation", what, base, new);
    free(base);
    free(new);
}

static void add_number(struct comparison *comparison, const char *what, int64_t base, int64_t new)
{
    add_texts(comparison, what, memory_format("%lld", (long long)base),
              memory_format("%lld", (long long)new));
}

static void add_real(struct comparison *comparison, const char *what, double base, double new)
{
    add_texts(comparison, what, memory_format("%.15g", base), memory_format("%.15g", new));
}

static void add_flag(struct comparison *comparison, const char *what, int base, int new)
{
    add_change(comparison, "evaluation", what, base != 0 ? "yes" : "no", new != 0 ? "yes" : "no");
}

/* All that the figures depend on; threads don't change them. */
static void add_evaluations(struct comparison *comparison, const struct evaluation_setting *base,
                            const struct evaluation_setting *new)
{
    const double second = 1e9;

    add_change(comparison, "evaluation", "detector", base->detector, new->detector);
    add_number(comparison, "trees", base->trees, new->trees);
    add_number(comparison, "folds", base->folds, new->folds);
    add_number(comparison, "seed", (int64_t)base->seed, (int64_t) new->seed);
    add_real(comparison, "threshold", base->threshold, new->threshold);
    add_flag(comparison, "balanced", base->balanced, new->balanced);
    add_real(comparison, "resample, s", (double)base->pipeline.resample_ns / second,
             (double)new->pipeline.resample_ns / second);
    add_number(comparison, "lags", (int64_t)base->pipeline.lags, (int64_t) new->pipeline.lags);
    add_flag(comparison, "changes", base->pipeline.changes, new->pipeline.changes);
    if (base->target != NULL || new->target != NULL)
        add_change(comparison, "evaluation", "target", base->target, new->target);
}

void comparison_add_changes(struct comparison *comparison,
                            const struct compared_source sources[COMPARED_SIDES])
{
    const struct report_run *base = &sources[COMPARED_BASE].run;
    const struct report_run *new = &sources[COMPARED_NEW].run;

    add_change(comparison, "", "campaign", base->run.name, new->run.name);
    add_change(comparison, "", "time scale", base->run.time_scale, new->run.time_scale);
    add_change(comparison, "", "faults", base->run.faults ? "injected" : "left out",
               new->run.faults ? "injected" : "left out");
    add_change(comparison, "", "vnfault", base->run.version, new->run.version);
    add_files(comparison, "campaign", base->run.campaign_xml, new->run.campaign_xml);
    add_files(comparison, "testbed", base->run.testbed_xml, new->run.testbed_xml);
    add_facts(comparison, base, new);
    if (sources[COMPARED_BASE].evaluation != NULL && sources[COMPARED_NEW].evaluation != NULL)
        add_evaluations(comparison, &sources[COMPARED_BASE].evaluation->setting,
                        &sources[COMPARED_NEW].evaluation->setting);
}
