/* Reading a testbed file: testbed_read of runner/campaign.h. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/words.h"
#include "runner/collector.h"
#include "runner/element.h"
#include "runner/findings.h"
#include "runner/schema.h"
#include "runner/testbed_container.h"
#include "runner/testbed_ssh.h"

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
static void read_attributes(struct source *source, struct element element,
                            const struct collector *collector)
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
        if (collector != NULL)
            check_attribute(element, collector, name);
        source->names[source->attribute_count] = memory_string(name);
        source->values[source->attribute_count++] = collector != NULL && is_file(collector, name)
                                                        ? testbed_read_path(element, name)
                                                        : element_text(element, name, "");
    }
}

static void read_source(struct source *source, struct element element)
{
    const struct collector *collector;

    source->collector = element_text(element, "collector", "");
    collector = collector_find(source->collector);
    if (collector == NULL && source->collector[0] != '\0') {
        size_t count;
        const char *const *names = collector_names(&count);

        element_unknown(element, "collector", "collector", source->collector, names, count);
    }
    read_attributes(source, element, collector);
}

static void read_sources(struct host *host, struct element element)
{
    size_t capacity = 0;

    for (struct element child = element_child(element, "source"); child.node != NULL;
         child = element_next(child)) {
        host->sources =
            memory_grow(host->sources, host->source_count, &capacity, sizeof *host->sources);
        memset(&host->sources[host->source_count], 0, sizeof *host->sources);
        read_source(&host->sources[host->source_count++], child);
    }
    if (host->kind == HOST_TARGET && host->source_count == 0)
        element_finding(element, NULL, "add a <source collector=\"...\"/> to it",
                        "the target has no source of metrics");
}

/* Names of processes, parted by spaces; the schema bounds how many and how long. */
static void read_services(struct host *host, struct element element)
{
    char *names = element_attribute(element, "service-processes");

    host->services = words_split(names, " ", &host->service_count);
    free(names);
}

static void read_host(struct testbed *testbed, struct element element, struct element standard)
{
    struct host *host = &testbed->hosts[testbed->host_count];
    struct element node = testbed_node(element);
    const struct host *other;

    memset(host, 0, sizeof *host);
    host->kind = element_is(element, "target") ? HOST_TARGET : HOST_LOAD;
    host->name = element_text(element, "name", "");
    host->role = element_text(element, "role", "");
    host->reboot = element_text(element, "reboot", node.node == NULL ? "reboot" : "");
    host->line = xml_line(element.node, NULL);
    host->access = testbed_standard_access(testbed_address(element, node));
    testbed_read_ssh(testbed, &host->access, standard);
    testbed_read_ssh(testbed, &host->access, testbed_only_ssh(node));
    testbed_read_ssh(testbed, &host->access, testbed_only_ssh(element));
    testbed_read_container(&host->access, element, node);
    testbed_read_kubectl(&host->access, element);
    read_services(host, element);
    read_sources(host, element);
    other = testbed_host(testbed, host->name);
    if (other != NULL && host->name[0] != '\0')
        element_finding(element, "name", "every target and load host has a name of its own",
                        "the name \"%s\" is taken by the host on line %d", host->name, other->line);
    testbed->host_count++;
}

static void read_hosts(struct testbed *testbed, struct element root)
{
    struct element standard = testbed_only_ssh(root);
    size_t capacity = 0;

    testbed_read_jump_hosts(testbed, root, standard);

    for (xmlNode *node = xml_element(root.node->children); node != NULL;
         node = xml_element(node->next)) {
        struct element element = {.node = node, .findings = root.findings};

        if (!element_is(element, "target") && !element_is(element, "load-host"))
            continue;
        testbed->hosts =
            memory_grow(testbed->hosts, testbed->host_count, &capacity, sizeof *testbed->hosts);
        read_host(testbed, element, standard);
    }
    if (testbed->host_count == 0)
        element_finding(root, NULL, "it has <target> and <load-host> elements",
                        "the testbed has no host");
}

static struct testbed *read_document(struct xml_document *document, const char *path,
                                     struct findings *findings)
{
    struct testbed *testbed = memory_new(1, sizeof *testbed);
    struct text xml = {0};

    /* As it was read, before the schema check takes anything out. */
    xml_write(document, &xml);
    testbed->path = memory_string(path);
    testbed->xml = memory_string(text_string(&xml));
    text_free(&xml);
    if (schema_check(document, "testbed.xsd", "testbed", "urn:vnfault:testbed:1", findings)) {
        struct element root = {.node = xml_root(document), .findings = findings};

        testbed->name = element_text(root, "name", "");
        read_hosts(testbed, root);
    }
    return testbed;
}

struct testbed *testbed_read(const char *path, struct findings *findings)
{
    size_t before = findings->count;
    struct xml_document *document = xml_read(path, XML_OURS, findings_report, findings);
    struct testbed *testbed = document != NULL ? read_document(document, path, findings) : NULL;

    xml_free(document);
    if (findings->count > before) {
        testbed_free(testbed);
        testbed = NULL;
    }
    findings_sort(findings, path);
    return testbed;
}
