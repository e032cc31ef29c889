#include "runner/collector_cgroup_container.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/access.h"

#define BOOT "/proc/sys/kernel/random/boot_id"
#define VIEW "/proc/self/ns/cgroup"

/* Prints lines 'boot ID', 'view NAMESPACE', 'group PATH', 'link INDEX' of the container; $1 is the
 * name of an interface or empty. */
static const char question[] =
    "echo \"boot $(cat " BOOT ")\"\n"
    "echo \"view $(readlink " VIEW ")\"\n"
    "group=\n"
    "while IFS=: read -r number names path; do\n"
    "    case \",$names,\" in\n"
    "    ,,) [ -n \"$group\" ] || group=$path ;;\n"
    "    *,memory,*) group=$path ;;\n"
    "    esac\n"
    "done </proc/$VNFAULT_FIRST/cgroup\n"
    "echo \"group $group\"\n"
    "[ -z \"$1\" ] || echo \"link $(cat \"/sys/class/net/$1/iflink\")\"\n";

struct answer {
    char boot[64];
    char view[64];
    char group[512];
    unsigned link;
};

static void take_line(struct answer *answer, const char *line)
{
    if (sscanf(line, "boot %63s", answer->boot) == 1 ||
        sscanf(line, "view %63s", answer->view) == 1 ||
        sscanf(line, "group /%511[^\n]", answer->group) == 1)
        return;
    sscanf(line, "link %9u", &answer->link);
}

static int ask(const struct host *target, const char *interface, struct answer *answer,
               struct error *error)
{
    const char *const argv[] = {"sh", "-c", question, "sh", interface, NULL};
    struct command_result result;
    struct access *access;
    char *at;
    char *line;
    int outcome;

    if (access_open(target, &access, error) < 0)
        return -1;
    outcome = access_run(access, argv, NULL, 0, 0, &result, error);
    access_close(access);
    if (outcome < 0)
        return -1;
    at = result.output.bytes;
    while ((line = strsep(&at, "\n")) != NULL)
        take_line(answer, line);
    command_result_free(&result);
    return 0;
}

/* Control groups are read here, so the node must be this machine, and see them as we do. */
static bool is_here(const struct answer *answer)
{
    struct text boot = {0};
    struct error ignored = {0};
    char view[64] = "";
    bool same;

    if (file_read(BOOT, sizeof answer->boot, &boot, &ignored) < 0)
        return false;
    text_trim(&boot);
    if (readlink(VIEW, view, sizeof view - 1) < 0)
        view[0] = '\0';
    same = strcmp(text_string(&boot), answer->boot) == 0 && strcmp(view, answer->view) == 0;
    text_free(&boot);
    return same;
}

int cgroup_place_find(const struct host *target, const char *interface, struct cgroup_place *place,
                      struct error *error)
{
    struct answer answer = {0};

    if (ask(target, interface, &answer, error) < 0)
        return -1;
    if (!is_here(&answer)) {
        error_set(error, ERROR_INPUT,
                  "the collector cgroup reads this machine, and the container is on another one");
        return error_hint(error, "run vnfault on the node, or choose another collector");
    }
    if (answer.group[0] == '\0')
        return error_set(error, ERROR_UNREACHABLE, "the container has no control group");
    if (interface[0] != '\0' && answer.link == 0) {
        error_set(error, ERROR_UNREACHABLE, "the container has no interface %s", interface);
        return error_hint(error, "is the source's attribute interface right?");
    }
    *place = (struct cgroup_place){memory_string(answer.group), answer.link};
    return 0;
}
