/* Reading a testbed file: testbed_read of runner/campaign.h. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/words.h"
#include "runner/element.h"
#include "runner/findings.h"
#include "runner/schema.h"
#include "runner/testbed_container.h"
#include "runner/testbed_monitoring.h"
#include "runner/testbed_ssh.h"

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
    testbed_read_sources(testbed, host, element);
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
    testbed_read_monitoring_hosts(testbed, root, standard);
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
