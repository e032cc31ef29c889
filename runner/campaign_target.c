#include "runner/campaign_target.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void campaign_check_target(const struct campaign *campaign, struct element element,
                           const char *attribute, const char *name)
{
    const struct testbed *testbed = campaign->testbed;
    const struct host *host;
    const char **known;
    size_t count = 0;

    if (testbed == NULL)
        return;
    host = testbed_host(testbed, name);
    if (host != NULL && host->kind == HOST_TARGET)
        return;
    known = memory_new(testbed->host_count, sizeof *known);
    for (size_t i = 0; i < testbed->host_count; i++) {
        if (testbed->hosts[i].kind == HOST_TARGET)
            known[count++] = testbed->hosts[i].name;
    }
    if (host != NULL)
        element_finding(element, attribute, "faults are injected in targets",
                        "\"%s\" is a load host, not a target", name);
    else
        element_unknown(element, attribute, "target", name, known, count);
    free(known);
}

char **campaign_read_target_names(const struct campaign *campaign, struct element element,
                                  const char *attribute, size_t *count)
{
    char *text = element_attribute(element, attribute);
    char *rest = NULL;
    char **names = NULL;
    size_t capacity = 0;

    *count = 0;
    for (char *name = text != NULL ? strtok_r(text, " ", &rest) : NULL; name != NULL;
         name = strtok_r(NULL, " ", &rest)) {
        campaign_check_target(campaign, element, attribute, name);
        for (size_t i = 0; i < *count; i++) {
            if (strcmp(names[i], name) == 0)
                element_finding(element, attribute, "", "the target \"%s\" is there already", name);
        }
        names = memory_grow(names, *count, &capacity, sizeof *names);
        names[(*count)++] = memory_string(name);
    }
    free(text);
    return names;
}
