#include "runner/campaign_host.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/words.h"

static const struct {
    const char *name;
    const char *use; /* of such hosts */
} kinds[] = {
    [HOST_TARGET] = {"target", "faults are injected in targets"},
    [HOST_LOAD] = {"load host", "caller and callee are load hosts of the testbed"},
};

void campaign_check_host(const struct campaign *campaign, struct element element,
                         const char *attribute, const char *name, enum host_kind kind)
{
    const struct testbed *testbed = campaign->testbed;
    const struct host *host;
    const char **known;
    size_t count = 0;

    if (testbed == NULL || name[0] == '\0')
        return;
    host = testbed_host(testbed, name);
    if (host != NULL && host->kind == kind)
        return;
    known = memory_new(testbed->host_count, sizeof *known);
    for (size_t i = 0; i < testbed->host_count; i++) {
        if (testbed->hosts[i].kind == kind)
            known[count++] = testbed->hosts[i].name;
    }
    if (host != NULL)
        element_finding(element, attribute, kinds[kind].use, "\"%s\" is a %s, not a %s", name,
                        kinds[host->kind].name, kinds[kind].name);
    else
        element_unknown(element, attribute, kinds[kind].name, name, known, count);
    free(known);
}

char **campaign_read_hosts(const struct campaign *campaign, struct element element,
                           const char *attribute, enum host_kind kind, size_t *count)
{
    char *text = element_attribute(element, attribute);
    char **names = words_split(text, " ", count);

    for (size_t i = 0; i < *count; i++) {
        campaign_check_host(campaign, element, attribute, names[i], kind);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(names[j], names[i]) == 0)
                element_finding(element, attribute, "", "the %s \"%s\" is there already",
                                kinds[kind].name, names[i]);
        }
    }
    free(text);
    return names;
}
