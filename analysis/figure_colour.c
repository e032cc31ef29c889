#include <stdint.h>
#include <string.h>

#include "analysis/figure.h"

/* Fault types and resource groups that act on the same resource share its colour. */
static const struct {
    const char *name;
    const char *colour;
} known[] = {
    {"binary", "#1b2230"},      {"normal", "#8a93a0"},   {"cpu", "#d55e00"},
    {"memory", "#0072b2"},      {"disk", "#009e73"},     {"filesystem", "#009e73"},
    {"packet-loss", "#cc79a7"}, {"latency", "#e69f00"},  {"network", "#cc79a7"},
    {"process", "#56b4e9"},     {"pressure", "#e69f00"},
};

static const char *const others[] = {"#56b4e9", "#7a5195", "#8c510a", "#5c7d10", "#b2182b"};

const char *figure_colour(const char *name)
{
    uint32_t hash = 2166136261U; /* FNV-1a */

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].name, name) == 0)
            return known[i].colour;
    }
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619U;
    return others[hash % (sizeof others / sizeof others[0])];
}
