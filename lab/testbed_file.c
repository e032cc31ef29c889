#include "lab/testbed_file.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

static void append_target(struct text *xml, const struct lab *lab, const struct lab_host *host)
{
    char group[LAB_NAME_SIZE];
    char namespace[LAB_NAME_SIZE];

    lab_group(lab, host->name, group);
    lab_namespace(lab, "switch", namespace);
    text_appendf(
        xml, "  <target name=\"%s\" role=\"%s\" address=\"%s\" service-processes=\"kamailio\">\n",
        host->name, host->role, host->management_address);
    text_appendf(xml,
                 "    <source collector=\"cgroup\" cgroup=\"%s\" interface=\"%s\"\n"
                 "            network-namespace=\"%s\"/>\n  </target>\n",
                 group, host->name, namespace);
}

/* No value needs escaping: a lab's name is a-z, 0-9 and hyphens. */
int testbed_file_write(const struct lab *lab, struct error *error)
{
    struct text xml = {0};
    char namespace[LAB_NAME_SIZE];
    char path[160];
    int result;

    lab_namespace(lab, "control", namespace);
    text_appendf(&xml,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<testbed xmlns=\"urn:vnfault:testbed:1\" name=\"%s\">\n"
                 "  <ssh user=\"root\" key=\"%s/key\"\n       known-hosts=\"%s/known_hosts\"\n"
                 "       network-namespace=\"%s\"/>\n",
                 lab->name, lab->state, lab->state, namespace);
    for (size_t i = 0; i < LAB_HOST_COUNT; i++) {
        const struct lab_host *host = &lab_hosts[i];

        if (host->configuration != NULL)
            append_target(&xml, lab, host);
        else
            text_appendf(&xml, "  <load-host name=\"%s\" address=\"%s\"/>\n", host->name,
                         host->management_address);
    }
    text_append(&xml, "</testbed>\n");
    snprintf(path, sizeof path, "%s/testbed.xml", lab->state);
    result = file_write(path, text_string(&xml), xml.length, error);
    text_free(&xml);
    return result;
}
