/* Reading a testbed file: testbed_read of runner/campaign.h. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/words.h"
#include "runner/collector.h"
#include "runner/element.h"
#include "runner/findings.h"
#include "runner/schema.h"
#include "runner/testbed_container.h"

#define STANDARD_TIMEOUT (10 * CLOCK_SECOND)
#define LONGEST_TIMEOUT (600 * CLOCK_SECOND)
enum { STANDARD_PORT = 22, MOST_PORT = 65535 };

/* A path as written in the file: relative to the file, '~/' for the home folder. */
static char *read_path(struct element element, const char *attribute)
{
    char *written = element_text(element, attribute, "");
    const char *home = getenv("HOME");
    char *path;

    if (written[0] == '\0')
        return written;
    if (string_starts_with(written, "~/") && home != NULL)
        path = memory_format("%s/%s", home, written + 2);
    else
        path = path_beside(xml_file(element.node), written);
    free(written);
    return path;
}

/* Replaces `*field` by the attribute if that is there. */
static void override(char **field, struct element element, const char *attribute)
{
    char *value = element_attribute(element, attribute);

    if (value == NULL)
        return;
    free(*field);
    *field = value;
}

static void override_path(char **field, struct element element, const char *attribute)
{
    char *value = read_path(element, attribute);

    if (value[0] == '\0') {
        free(value);
        return;
    }
    free(*field);
    *field = value;
}

static void read_timeout(struct host_access *access, struct element ssh)
{
    int64_t timeout = access->timeout;

    element_duration(ssh, "timeout", &timeout);
    if (timeout < CLOCK_SECOND || timeout > LONGEST_TIMEOUT)
        element_finding(ssh, "timeout", "it is from 1s to 10min", "the timeout is out of range");
    else
        access->timeout = timeout;
}

/* What an <ssh> element says; what it leaves out stays. */
static void read_ssh(struct host_access *access, struct element ssh)
{
    uint64_t port = (uint64_t)access->port;
    char *sudo = element_text(ssh, "sudo", access->sudo ? "true" : "false");

    override(&access->user, ssh, "user");
    override_path(&access->key, ssh, "key");
    override_path(&access->known_hosts, ssh, "known-hosts");
    override(&access->network_namespace, ssh, "network-namespace");
    element_number(ssh, "port", &port);
    if (port == 0 || port > MOST_PORT)
        element_finding(ssh, "port", "it is from 1 to 65535", "the port is out of range");
    else
        access->port = (int)port;
    access->sudo = strcmp(sudo, "true") == 0;
    free(sudo);
    read_timeout(access, ssh);
}

/* The one <ssh> within the element; its node is NULL if there is none. */
static struct element only_ssh(struct element parent)
{
    struct element ssh = element_child(parent, "ssh");

    if (ssh.node != NULL) {
        for (struct element more = element_next(ssh); more.node != NULL; more = element_next(more))
            element_finding(more, NULL, "", "<ssh> is there already, on line %d",
                            xml_line(ssh.node, NULL));
    }
    return ssh;
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
        source->values[source->attribute_count++] = element_text(element, name, "");
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
    host->access = (struct host_access){.method = memory_string("ssh"),
                                        .address = testbed_address(element, node),
                                        .user = memory_string("root"),
                                        .key = memory_string(""),
                                        .known_hosts = memory_string(""),
                                        .network_namespace = memory_string(""),
                                        .port = STANDARD_PORT,
                                        .timeout = STANDARD_TIMEOUT};
    read_ssh(&host->access, standard);
    read_ssh(&host->access, only_ssh(node));
    read_ssh(&host->access, only_ssh(element));
    testbed_read_container(&host->access, element, node);
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
    struct element standard = only_ssh(root);
    size_t capacity = 0;

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
