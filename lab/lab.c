#include "lab/lab.h"

#include <stdio.h>
#include <string.h>

int lab_open(struct lab *lab, const char *name, struct error *error)
{
    size_t length = strlen(name);
    size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

    memset(lab, 0, sizeof *lab);
    if (length == 0 || length > 20 || good != length || name[0] == '-' || name[length - 1] == '-')
        return error_set(error, ERROR_INPUT,
                         "'%.40s' is no name for a lab: a-z, 0-9 and inner hyphens, at most 20",
                         name);
    snprintf(lab->name, sizeof lab->name, "%s", name);
    snprintf(lab->state, sizeof lab->state, "/run/vnfault/labs/%s", name);
    snprintf(lab->data, sizeof lab->data, "/var/lib/vnfault/labs/%s", name);
    return 0;
}

void lab_namespace(const struct lab *lab, const char *part, char name[LAB_NAME_SIZE])
{
    snprintf(name, LAB_NAME_SIZE, "vnfault-%s-%s", lab->name, part);
}

void lab_group(const struct lab *lab, const char *part, char name[LAB_NAME_SIZE])
{
    snprintf(name, LAB_NAME_SIZE, "vnfault/%s%s%s", lab->name, part != NULL ? "/" : "",
             part != NULL ? part : "");
}
