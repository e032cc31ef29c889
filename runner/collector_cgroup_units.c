/*
 * Folders of control groups by the name of what they are of, as systemd and libvirt make them:
 * 'machine.slice/machine-qemu\x2d3\x2dsprout.scope', 'machine/qemu-3-sprout.libvirt-qemu' without
 * systemd, 'machine.slice/machine-sprout.scope' of systemd-nspawn, 'system.slice/ssh.service'.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/access_methods.h"
#include "runner/collector_cgroup_find.h"

enum {
    MOST_NAMED = 8,      /* folders in one message */
    LONGEST_MACHINE = 64 /* libvirt cuts its names off there */
};

typedef bool unit_match(const char *unit, const char *name);

/* Undoes systemd's '\x2d', in place. */
static void unescape(char *word)
{
    char *to = word;

    for (const char *at = word; *at != '\0'; at++) {
        unsigned value;

        if (at[0] == '\\' && at[1] == 'x' && isxdigit((unsigned char)at[2]) &&
            isxdigit((unsigned char)at[3]) && sscanf(at + 2, "%2x", &value) == 1 && value != 0) {
            *to++ = (char)value;
            at += 3;
        } else {
            *to++ = *at;
        }
    }
    *to = '\0';
}

/* libvirt keeps what can be in a host's name, and no dot or hyphen after another. */
static char *host_name_of(const char *name)
{
    char *made = memory_new(strlen(name) + 1, 1);
    char *to = made;

    for (; *name != '\0'; name++) {
        bool mark = *name == '.' || *name == '-';

        if (!mark && !isalnum((unsigned char)*name))
            continue;
        if (!mark || (to > made && to[-1] != '.' && to[-1] != '-'))
            *to++ = *name;
    }
    *to = '\0';
    return made;
}

/* 'qemu-3-sprout': behind the driver and a number that is another one after each start. */
static const char *behind_number(const char *machine)
{
    const char *at = strchr(machine, '-');
    size_t digits = at != NULL ? strspn(at + 1, "0123456789") : 0;

    return digits > 0 && at[1 + digits] == '-' ? at + 1 + digits + 1 : NULL;
}

static bool is_machine_name(const char *machine, const char *name)
{
    const char *own = behind_number(machine);
    char *host_name;
    bool same;

    if (strcmp(machine, name) == 0)
        return true;
    if (own == NULL)
        return false;
    host_name = host_name_of(name);
    same = strcmp(own, host_name) == 0 || (strlen(machine) >= LONGEST_MACHINE && own[0] != '\0' &&
                                           string_starts_with(host_name, own));
    free(host_name);
    return same;
}

static bool is_machine(const char *unit, const char *name)
{
    static const char before[] = "machine-";
    const char *scope = strstr(unit, ".scope");
    const char *driver = strstr(unit, ".libvirt-");
    char *machine;
    bool same;

    if (driver != NULL)
        machine = memory_format("%.*s", (int)(driver - unit), unit);
    else if (scope != NULL && scope[strlen(".scope")] == '\0' && string_starts_with(unit, before))
        machine = memory_format("%.*s", (int)(scope - unit - (long)strlen(before)),
                                unit + strlen(before));
    else
        return false;
    unescape(machine);
    same = is_machine_name(machine, name);
    free(machine);
    return same;
}

static bool is_service(const char *unit, const char *name)
{
    return strcmp(unit, name) == 0;
}

static const char *last_part(const char *folder)
{
    const char *slash = strrchr(folder, '/');

    return slash != NULL ? slash + 1 : folder;
}

/* Adds to `found` those that match, to `others` some that don't; returns the number of the first.
 */
static size_t match_all(char *lines, unit_match *match, const char *name, char **group,
                        struct text *found, struct text *others)
{
    size_t count = 0;
    size_t other_count = 0;

    for (char *line; (line = strsep(&lines, "\n")) != NULL;) {
        const char *folder = string_starts_with(line, "./") ? line + 2 : line;

        if (folder[0] == '\0')
            continue;
        if (!match(last_part(folder), name)) {
            if (other_count++ < MOST_NAMED)
                text_appendf(others, "%s%s", others->length > 0 ? ", " : "", last_part(folder));
            continue;
        }
        if (count++ == 0)
            *group = memory_string(folder);
        if (count <= MOST_NAMED)
            text_appendf(found, "%s%s", found->length > 0 ? ", " : "", folder);
    }
    return count;
}

static int choose(const struct text *folders, unit_match *match, const char *what, const char *name,
                  char **group, struct error *error)
{
    char *lines = memory_string(text_string(folders));
    struct text found = {0};
    struct text others = {0};
    struct text quoted = {0};
    size_t count;

    *group = NULL;
    count = match_all(lines, match, name, group, &found, &others);
    free(lines);
    access_quote(&quoted, count > 1 ? &found : &others);
    if (count > 1) {
        error_set(error, ERROR_UNREACHABLE, "%zu control groups are of the %s '%s'", count, what,
                  name);
        error_hint(error, "name one of them by the attribute cgroup: %s", text_string(&quoted));
    } else if (count == 0) {
        error_set(error, ERROR_UNREACHABLE, "no control group is of the %s '%s'", what, name);
        error_hint(error, quoted.length > 0 ? "does it run? There are: %s" : "does it run?%s",
                   text_string(&quoted));
    }
    text_free(&found);
    text_free(&others);
    text_free(&quoted);
    return count == 1 ? 0 : -1;
}

int cgroup_choose_machine(const struct text *folders, const char *name, char **group,
                          struct error *error)
{
    return choose(folders, is_machine, "machine", name, group, error);
}

int cgroup_choose_service(const struct text *folders, const char *name, char **group,
                          struct error *error)
{
    return choose(folders, is_service, "service", name, group, error);
}
