#include "runner/testbed.h"

#include <stdlib.h>
#include <string.h>

#include "base/words.h"

const char *source_attribute(const struct source *source, const char *name, const char *otherwise)
{
    for (size_t i = 0; i < source->attribute_count; i++) {
        if (strcmp(source->names[i], name) == 0)
            return source->values[i];
    }
    return otherwise;
}

const struct host *testbed_host(const struct testbed *testbed, const char *name)
{
    for (size_t i = 0; i < testbed->host_count; i++) {
        if (strcmp(testbed->hosts[i].name, name) == 0)
            return &testbed->hosts[i];
    }
    return NULL;
}

struct host *testbed_any_host(struct testbed *testbed, size_t index)
{
    if (index < testbed->host_count)
        return &testbed->hosts[index];
    index -= testbed->host_count;
    if (index < testbed->jump_host_count)
        return &testbed->jump_hosts[index];
    index -= testbed->jump_host_count;
    return index < testbed->monitoring_host_count ? &testbed->monitoring_hosts[index] : NULL;
}

static void source_free(struct source *source)
{
    for (size_t i = 0; i < source->attribute_count; i++) {
        free(source->names[i]);
        free(source->values[i]);
    }
    free(source->names);
    free(source->values);
    free(source->collector);
}

static void host_free(struct host *host)
{
    for (size_t i = 0; i < host->source_count; i++)
        source_free(&host->sources[i]);
    free(host->sources);
    words_free(host->services);
    free(host->name);
    free(host->role);
    free(host->reboot);
    free(host->access.method);
    free(host->access.address);
    free(host->access.user);
    free(host->access.key);
    free(host->access.certificate);
    free(host->access.known_hosts);
    free(host->access.network_namespace);
    free(host->access.container.engine);
    free(host->access.container.name);
    free(host->access.container.pod_namespace);
    free(host->access.container.pod);
    free(host->access.container.label);
    free(host->access.cluster.kubeconfig);
    free(host->access.cluster.context);
}

void testbed_free(struct testbed *testbed)
{
    if (testbed == NULL)
        return;
    for (size_t i = 0; testbed_any_host(testbed, i) != NULL; i++)
        host_free(testbed_any_host(testbed, i));
    free(testbed->hosts);
    free(testbed->jump_hosts);
    free(testbed->monitoring_hosts);
    free(testbed->path);
    free(testbed->name);
    free(testbed->xml);
    free(testbed);
}
