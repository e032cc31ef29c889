#include "runner/testbed_monitoring.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector.h"
#include "runner/testbed_ssh.h"

static const struct host *find_monitoring_host(const struct testbed *testbed, const char *name)
{
    for (size_t i = 0; i < testbed->monitoring_host_count; i++) {
        if (strcmp(testbed->monitoring_hosts[i].name, name) == 0)
            return &testbed->monitoring_hosts[i];
    }
    return NULL;
}

/* --- monitoring hosts --- */

static void read_host(struct testbed *testbed, struct element element, struct element standard)
{
    struct host *host = &testbed->monitoring_hosts[testbed->monitoring_host_count];
    const struct host *other;

    host->kind = HOST_MONITORING;
    host->name = element_text(element, "name", "");
    host->role = memory_string("");
    host->reboot = memory_string("");
    host->line = xml_line(element.node, NULL);
    host->access = testbed_standard_access(element_text(element, "address", ""));
    testbed_read_ssh(testbed, &host->access, standard);
    testbed_read_ssh(testbed, &host->access, testbed_only_ssh(element));
    other = find_monitoring_host(testbed, host->name);
    if (other != NULL && host->name[0] != '\0')
        element_finding(element, "name", "every monitoring host has a name of its own",
                        "the name \"%s\" is taken by the monitoring host on line %d", host->name,
                        other->line);
    testbed->monitoring_host_count++;
}

void testbed_read_monitoring_hosts(struct testbed *testbed, struct element root,
                                   struct element standard)
{
    struct element first = element_child(root, "monitoring-host");
    size_t count = 0;

    for (struct element one = first; one.node != NULL; one = element_next(one))
        count++;
    testbed->monitoring_hosts = memory_new(count + 1, sizeof *testbed->monitoring_hosts);
    for (struct element one = first; one.node != NULL; one = element_next(one))
        read_host(testbed, one, standard);
}

/* --- sources --- */

/* Which of the monitoring hosts the source is read on. */
static void read_monitoring_host(const struct testbed *testbed, struct source *source,
                                 struct element element)
{
    const char **names = memory_new(testbed->monitoring_host_count + 1, sizeof *names);
    char *name = element_text(element, "host", "");

    source->host = find_monitoring_host(testbed, name);
    for (size_t i = 0; i < testbed->monitoring_host_count; i++)
        names[i] = testbed->monitoring_hosts[i].name;
    if (source->host == NULL)
        element_unknown(element, "host", "monitoring host", name, names,
                        testbed->monitoring_host_count);
    free(name);
    free(names);
}

static void check_attribute(struct element element, const struct collector *collector,
                            const char *name)
{
    size_t count = 0;

    if (collector->attributes == NULL)
        return;
    for (; collector->attributes[count] != NULL; count++) {
        if (strcmp(collector->attributes[count], name) == 0)
            return;
    }
    element_unknown(element, name, "attribute", name, collector->attributes, count);
}

static bool is_file(const struct collector *collector, const char *name)
{
    for (size_t i = 0; collector->files != NULL && collector->files[i] != NULL; i++) {
        if (strcmp(collector->files[i], name) == 0)
            return true;
    }
    return false;
}

/* Keeps every attribute but the collector's name, and checks it where that can be done. */
static void read_attributes(const struct testbed *testbed, struct source *source,
                            struct element element, const struct collector *collector)
{
    size_t most = 0;

    for (const xmlAttr *attribute = element.node->properties; attribute != NULL;
         attribute = attribute->next)
        most++;
    source->names = memory_new(most, sizeof *source->names);
    source->values = memory_new(most, sizeof *source->values);
    for (const xmlAttr *attribute = element.node->properties; attribute != NULL;
         attribute = attribute->next) {
        const char *name = (const char *)attribute->name;

        if (strcmp(name, "collector") == 0 || attribute->ns != NULL)
            continue;
        if (collector != NULL && collector->access == COLLECTOR_ACCESS_HOST &&
            strcmp(name, "host") == 0)
            read_monitoring_host(testbed, source, element);
        else if (collector != NULL)
            check_attribute(element, collector, name);
        source->names[source->attribute_count] = memory_string(name);
        source->values[source->attribute_count++] = collector != NULL && is_file(collector, name)
                                                        ? testbed_read_path(element, name)
                                                        : element_text(element, name, "");
    }
}

static void read_source(const struct testbed *testbed, struct source *source,
                        struct element element)
{
    const struct collector *collector;

    source->collector = element_text(element, "collector", "");
    collector = collector_find(source->collector);
    if (collector == NULL && source->collector[0] != '\0') {
        size_t count;
        const char *const *names = collector_names(&count);

        element_unknown(element, "collector", "collector", source->collector, names, count);
    }
    read_attributes(testbed, source, element, collector);
}

void testbed_read_sources(const struct testbed *testbed, struct host *host, struct element element)
{
    size_t capacity = 0;

    for (struct element child = element_child(element, "source"); child.node != NULL;
         child = element_next(child)) {
        host->sources =
            memory_grow(host->sources, host->source_count, &capacity, sizeof *host->sources);
        memset(&host->sources[host->source_count], 0, sizeof *host->sources);
        read_source(testbed, &host->sources[host->source_count++], child);
    }
    if (host->kind == HOST_TARGET && host->source_count == 0)
        element_finding(element, NULL, "add a <source collector=\"...\"/> to it",
                        "the target has no source of metrics");
}
