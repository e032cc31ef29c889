/*
 * The vSphere collector: VMs as the hypervisor of a vCenter, or of a single ESXi host, sees them.
 * Metrics: docs/collectors.md.
 */
#include "runner/collector_vsphere.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/quantity.h"

static const char *const attributes[] = {"url",     "user", "password-file",     "ca-file",
                                         "timeout", "vm",   "network-namespace", NULL};

static const char *const files[] = {"password-file", "ca-file", NULL};

static void append_key(const struct host *target, const struct source *source, struct text *key)
{
    (void)target;
    text_appendf(key, "%s %s", source_attribute(source, "url", ""),
                 source_attribute(source, "user", ""));
}

/* What must be said, and what all VMs of one vCenter say the same. */
static int check_source(const struct collected_source *given, const struct source *first,
                        struct error *error)
{
    static const char *const needed[] = {"url", "user", "password-file"};
    static const char *const common[] = {"password-file", "ca-file", "network-namespace",
                                         "timeout"};

    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (source_attribute(given->source, needed[i], "")[0] == '\0')
            return error_set(error, ERROR_INPUT, "source vsphere: the attribute %s is missing",
                             needed[i]);
    }
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        const char *value = source_attribute(given->source, common[i], "");

        if (strcmp(value, source_attribute(first, common[i], "")) != 0)
            return error_set(error, ERROR_INPUT,
                             "source vsphere: %s is not the same for all VMs of %s", common[i],
                             source_attribute(given->source, "url", ""));
    }
    return 0;
}

static int read_server(const struct source *source, struct vsphere_server *server,
                       struct error *error)
{
    double timeout;

    if (quantity_read(QUANTITY_DURATION, source_attribute(source, "timeout", "10s"), &timeout,
                      error) < 0)
        return error_where(error, "source vsphere: timeout");
    *server = (struct vsphere_server){
        .url = source_attribute(source, "url", ""),
        .user = source_attribute(source, "user", ""),
        .password_file = source_attribute(source, "password-file", ""),
        .ca_file = source_attribute(source, "ca-file", ""),
        .network_namespace = source_attribute(source, "network-namespace", ""),
        .timeout = (int64_t)timeout,
    };
    return 0;
}

static int find_all(struct vsphere_group *group, struct error *error)
{
    size_t *found = memory_new(group->count + 1, sizeof *found);
    int result = vsphere_group_find(group, found, error);

    for (size_t i = 0; result == 0 && i < group->count; i++) {
        if (found[i] != 1)
            result = vsphere_not_found(&group->machines[i], found[i], error);
    }
    free(found);
    return result;
}

/* Looks at the machine and lists its series. */
static int look_at(struct vsphere_group *group, struct vsphere_machine *machine,
                   struct error *error)
{
    struct vsphere_machine was;
    struct vsphere_state state = {0};
    bool is_changed;
    int result;

    if (vsphere_states(group->session, &machine->reference, 1, &state, error) < 0)
        return error_target(error, machine->target->name);
    if (vsphere_machine_check(machine, &state, error) < 0)
        return -1;
    result = vsphere_machine_list(group, machine, &was, &is_changed, error);
    vsphere_machine_clear(&was);
    return result;
}

static int open_machines(struct vsphere_group *group, struct error *error)
{
    if (find_all(group, error) < 0 ||
        vsphere_refresh_rate(group->session, &group->machines[0].reference, &group->interval,
                             error) < 0)
        return -1;
    for (size_t i = 0; i < group->count; i++) {
        if (look_at(group, &group->machines[i], error) < 0)
            return -1;
    }
    return 0;
}

static void close_group(void *state)
{
    struct vsphere_group *group = state;

    for (size_t i = 0; i < group->count; i++)
        vsphere_machine_clear(&group->machines[i]);
    vsphere_session_close(group->session);
    vsphere_catalogue_free(&group->catalogue);
    free(group->machines);
    free(group);
}

static int open_group(const struct collected_source *sources, size_t count, void **state,
                      struct error *error)
{
    struct vsphere_group *group = memory_new(1, sizeof *group);
    struct vsphere_server server;

    *state = NULL;
    group->machines = memory_new(count + 1, sizeof *group->machines);
    group->count = count;
    for (size_t i = 0; i < count; i++) {
        struct vsphere_machine *machine = &group->machines[i];

        machine->target = sources[i].target;
        machine->name = source_attribute(sources[i].source, "vm", machine->target->name);
        if (check_source(&sources[i], sources[0].source, error) < 0) {
            close_group(group);
            return error_target(error, sources[i].target->name);
        }
    }
    if (read_server(sources[0].source, &server, error) < 0 ||
        vsphere_session_open(&server, &group->session, error) < 0 ||
        vsphere_catalogue_retrieve(group->session, &group->catalogue, error) < 0 ||
        open_machines(group, error) < 0) {
        close_group(group);
        return error_target(error, sources[0].target->name);
    }
    *state = group;
    return 0;
}

static size_t list_metrics(void *state, size_t source, const struct store_metric **metrics)
{
    const struct vsphere_group *group = state;

    *metrics = group->machines[source].metrics;
    return group->machines[source].series.count;
}

static bool tell_clock(void *state, size_t source, int64_t *offset, int64_t *bound)
{
    const struct vsphere_clock *clock = &((const struct vsphere_group *)state)->clock;

    (void)source;
    *offset = -clock->offset; /* which is the runner's from the server's */
    *bound = clock->bound;
    return true;
}

/* Its series are listed by the next reading, which can tell that they changed. */
static int reopen_machine(void *state, size_t source, struct error *error)
{
    struct vsphere_group *group = state;
    struct vsphere_machine *machine = &group->machines[source];
    size_t *found = memory_new(group->count + 1, sizeof *found);
    struct vsphere_state now = {0};
    int result;

    vsphere_session_bound(group->session, INT64_MAX, NULL);
    result = vsphere_group_find(group, found, error);
    if (result == 0 && machine->reference.value[0] == '\0')
        result = vsphere_not_found(machine, found[source], error);
    free(found);
    if (result < 0)
        return -1;
    machine->is_stale = true;
    if (vsphere_states(group->session, &machine->reference, 1, &now, error) < 0) {
        /* It may have been made anew. */
        if (strcmp(vsphere_session_fault(group->session)->name, "ManagedObjectNotFound") == 0)
            machine->reference = (struct vsphere_reference){0};
        return error_target(error, machine->target->name);
    }
    return vsphere_machine_check(machine, &now, error);
}

const struct collector collector_vsphere = {
    .name = "vsphere",
    .summary = "a VM of a vCenter or ESXi host: the hypervisor's real-time performance figures",
    .attributes = attributes,
    .files = files,
    .access = COLLECTOR_ACCESS_NONE,
    .together = append_key,
    .open = open_group,
    .metrics = list_metrics,
    .read = vsphere_group_read,
    .clock = tell_clock,
    .reopen = reopen_machine,
    .close = close_group,
};
