/*
 * The libvirt collector: what a hypervisor says of its domains. One virsh is kept running there for
 * all domains that are targets. Metrics: docs/collectors.md.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/access_methods.h"
#include "runner/collector.h"
#include "runner/collector_libvirt.h"
#include "runner/dialogue.h"

#define MOST_ANSWER ((size_t)8 * 1024 * 1024)
#define STANDARD_URI "qemu:///system"

struct libvirt_source {
    const struct host *target;
    const char *domain;
    struct domain_stats stats;
};

struct libvirt_group {
    const char *argv[8];
    struct access *access;
    struct dialogue *dialogue;
    struct text request;
    struct libvirt_source *items;
    size_t count;
};

static const char *uri_of(const struct source *source)
{
    return source_attribute(source, "uri", STANDARD_URI);
}

static void append_key(const struct host *target, const struct source *source, struct text *key)
{
    (void)target;
    text_appendf(key, "%s %s", source->host != NULL ? source->host->name : "", uri_of(source));
}

static void close_group(void *state)
{
    struct libvirt_group *group = state;

    dialogue_free(group->dialogue);
    for (size_t i = 0; i < group->count; i++)
        domain_stats_free(&group->items[i].stats);
    text_free(&group->request);
    free(group->items);
    free(group);
}

/* --- one reading --- */

/* What virsh said of the domain: the line that names it, else all. */
static int missing_error(const struct dialogue_answer *answer, const char *domain,
                         struct error *error)
{
    char *name = memory_format("'%s'", domain);
    const char *errors = text_string(&answer->errors);
    const char *line = strstr(errors, name);
    struct text said = {0};
    struct text quoted = {0};

    while (line != NULL && line > errors && line[-1] != '\n')
        line--;
    if (line == NULL)
        line = errors;
    text_append_bytes(&said, line, strcspn(line, "\n"));
    access_quote(&quoted, &said);
    error_set(error, ERROR_UNREACHABLE, "virsh says nothing of the domain '%s'%s%s", domain,
              quoted.length > 0 ? ": " : "", text_string(&quoted));
    text_free(&quoted);
    text_free(&said);
    free(name);
    return -1;
}

static int take_stats(struct libvirt_source *source, const struct dialogue_answer *answer,
                      bool *changed, struct error *error)
{
    if (domain_stats_read(&source->stats, &answer->output, source->domain, changed))
        return 0;
    missing_error(answer, source->domain, error);
    return error_target(error, source->target->name);
}

static int ask(struct libvirt_group *group, int64_t deadline, struct stop *stop,
               const struct dialogue_answer **answer, struct error *error)
{
    return dialogue_ask(group->dialogue, text_string(&group->request), deadline, stop, answer,
                        error);
}

/* Bound of what isn't part of a monitoring period. */
static int64_t own_deadline(const struct libvirt_group *group)
{
    return clock_now() + access_host(group->access)->access.timeout;
}

/* --- the collector --- */

/* Can be a word of virsh's own command lines, which take quotes as a shell does: no control
 * characters, which are keys to it, and no option. */
static bool is_name(const char *domain)
{
    for (const char *at = domain; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == '\177' || *at == '\'')
            return false;
    }
    return domain[0] != '-';
}

static int check_domain(const struct collected_source *one, struct error *error)
{
    const char *domain = source_attribute(one->source, "domain", "");

    if (domain[0] == '\0')
        error_set(error, ERROR_INPUT, "source libvirt: the attribute domain is missing");
    else if (!is_name(domain))
        error_set(error, ERROR_INPUT, "source libvirt: '%s' can't be the name of a domain", domain);
    else
        return 0;
    return error_target(error, one->target->name);
}

/* One command for each: a command for several fails whole if one of them is gone. */
static int add_source(struct libvirt_group *group, const struct collected_source *one,
                      struct error *error)
{
    struct libvirt_source *source = &group->items[group->count];

    if (check_domain(one, error) < 0)
        return -1;
    source->target = one->target;
    source->domain = source_attribute(one->source, "domain", "");
    group->count++;
    text_append(&group->request, "domstats --raw --nowait --domain ");
    text_append_shell_word(&group->request, source->domain);
    text_append(&group->request, "\n");
    return 0;
}

static void start_virsh(struct libvirt_group *group, const struct collected_source *one)
{
    /* A locale that takes any name's letters; and no history is left. */
    const char *const argv[] = {"env",   "LC_ALL=C.UTF-8", "XDG_CACHE_HOME=/dev/null",
                                "virsh", "--connect",      uri_of(one->source),
                                NULL};

    memcpy(group->argv, argv, sizeof argv);
    group->access = one->access;
    group->dialogue = dialogue_new(one->access, "virsh", group->argv, MOST_ANSWER);
}

static int read_first(struct libvirt_group *group, struct error *error)
{
    const struct dialogue_answer *answer;
    bool changed;

    if (ask(group, own_deadline(group), NULL, &answer, error) < 0)
        return -1;
    for (size_t i = 0; i < group->count; i++) {
        if (take_stats(&group->items[i], answer, &changed, error) < 0)
            return -1;
    }
    return 0;
}

static int open_group(const struct collected_source *sources, size_t count, void **state,
                      struct error *error)
{
    struct libvirt_group *group = memory_new(1, sizeof *group);
    int result = 0;

    group->items = memory_new(count, sizeof *group->items);
    for (size_t i = 0; result == 0 && i < count; i++)
        result = add_source(group, &sources[i], error);
    text_append(&group->request, "echo ");
    if (result == 0) {
        start_virsh(group, &sources[0]);
        result = read_first(group, error);
    }
    if (result < 0)
        close_group(group);
    else
        *state = group;
    return result;
}

static size_t list_metrics(void *state, size_t source, const struct store_metric **metrics)
{
    const struct libvirt_group *group = state;

    *metrics = group->items[source].stats.list.items;
    return group->items[source].stats.list.count;
}

static void read_source(struct libvirt_group *group, size_t index,
                        const struct dialogue_answer *answer, const struct collector_sink *sink)
{
    struct libvirt_source *source = &group->items[index];
    struct error error = {0};
    bool changed;

    if (take_stats(source, answer, &changed, &error) < 0) {
        sink->missed(sink->context, index, &error);
        return;
    }
    if (changed)
        sink->changed(sink->context, index);
    sink->sample(sink->context, &(struct collected_sample){.source = index,
                                                           .from = answer->from,
                                                           .until = answer->until,
                                                           .values = source->stats.values});
}

static void read_group(void *state, const struct collector_reading *reading)
{
    struct libvirt_group *group = state;
    const struct dialogue_answer *answer;
    struct error error = {0};
    int result = ask(group, reading->deadline, reading->stop, &answer, &error);

    for (size_t i = 0; i < group->count; i++) {
        if (result < 0)
            reading->sink->missed(reading->sink->context, i, &error);
        else
            read_source(group, i, answer, reading->sink);
    }
}

/* A domain that has metrics which it had not before is told by the next reading. */
static int reopen_source(void *state, size_t source, struct error *error)
{
    struct libvirt_group *group = state;
    struct domain_stats ignored = {0};
    const struct dialogue_answer *answer;
    const char *domain = group->items[source].domain;
    bool changed;
    int result = ask(group, own_deadline(group), NULL, &answer, error);

    if (result == 0 && !domain_stats_read(&ignored, &answer->output, domain, &changed))
        result = missing_error(answer, domain, error);
    domain_stats_free(&ignored);
    return result;
}

static const char *const attributes[] = {"domain", "uri", NULL};

const struct collector collector_libvirt = {
    .name = "libvirt",
    .summary = "a domain as its hypervisor counts: processors, balloon, disks, interfaces",
    .attributes = attributes,
    .access = COLLECTOR_ACCESS_HOST,
    .together = append_key,
    .open = open_group,
    .metrics = list_metrics,
    .read = read_group,
    .reopen = reopen_source,
    .close = close_group,
};
