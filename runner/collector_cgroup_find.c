#include "runner/collector_cgroup_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/access_methods.h"
#include "runner/container_engine.h"

#define BOOT "/proc/sys/kernel/random/boot_id"
#define VIEW "/proc/self/ns/cgroup"

const char *const cgroup_attributes[] = {"cgroup",    "machine",           "service",
                                         "pod",       "container",         "engine",
                                         "interface", "network-namespace", NULL};

/* --- what is wanted --- */

static const char *attribute(const struct source *source, const char *name)
{
    return source_attribute(source, name, "");
}

/* One way to name a group; a pod and its container are one. */
static const char *const ways[] = {"cgroup", "machine", "service", "pod", "container"};

enum { WAY_COUNT = sizeof ways / sizeof ways[0] };

static size_t count_ways(const struct source *source)
{
    size_t count = 0;

    for (size_t i = 0; i < WAY_COUNT; i++)
        count += attribute(source, ways[i])[0] != '\0';
    return count -
           (attribute(source, "pod")[0] != '\0' && attribute(source, "container")[0] != '\0');
}

bool cgroup_is_of_container(const struct host *target, const struct source *source)
{
    return count_ways(source) == 0 && strcmp(target->access.method, "container") == 0;
}

static int check_pod(const struct source *source, struct error *error)
{
    const char *pod = attribute(source, "pod");
    const char *slash = strchr(pod, '/');
    const char *engine = source_attribute(source, "engine", "containerd");

    if (container_engine_find(engine) == NULL)
        return error_set(error, ERROR_INPUT, "source cgroup: unknown container engine '%s'",
                         engine);
    if (pod[0] == '\0')
        return 0;
    if (strcmp(engine, "containerd") != 0)
        return error_set(error, ERROR_INPUT,
                         "source cgroup: containers of %s are named without a pod", engine);
    if (slash == NULL || slash == pod || slash[1] == '\0' || strchr(slash + 1, '/') != NULL)
        return error_set(error, ERROR_INPUT, "source cgroup: '%s' is not NAMESPACE/NAME of a pod",
                         pod);
    return 0;
}

int cgroup_wanted_check(const struct host *target, const struct source *source, struct error *error)
{
    size_t count = count_ways(source);
    bool remote = source->host != NULL;

    if (count == 0 && (remote || !cgroup_is_of_container(target, source))) {
        error_set(error, ERROR_INPUT, "source cgroup: the attribute cgroup is missing");
        return error_hint(error, "or machine, service, or pod and container, to find it by");
    }
    if (count > 1)
        return error_set(error, ERROR_INPUT,
                         "source cgroup: a group is named by one of cgroup, machine, service, or "
                         "pod and container");
    if (remote && attribute(source, "network-namespace")[0] != '\0')
        return error_set(error, ERROR_INPUT,
                         "source cgroup: network-namespace is for interfaces of this machine");
    if (attribute(source, "cgroup")[0] != '\0')
        return cgroup_group_check(attribute(source, "cgroup"), error);
    return check_pod(source, error);
}

/* --- commands --- */

/* What a script prints; the caller frees it. */
static int run_script(const struct cgroup_finder *finder, const char *script, const char *first,
                      const char *second, struct text *output, struct error *error)
{
    const char *const argv[] = {"sh", "-c", script, "sh", first, second, NULL};
    struct command_result result;
    struct text quoted = {0};

    if (access_run(finder->access, argv, NULL, 0, finder->patience, &result, error) < 0)
        return -1;
    if (result.exit_status == 0) {
        *output = result.output;
        text_free(&result.errors);
        return 0;
    }
    access_quote(&quoted, result.errors.length > 0 ? &result.errors : &result.output);
    error_set(error, ERROR_UNREACHABLE, "its control group can't be looked for: %s (status %d)",
              text_string(&quoted), result.exit_status);
    text_free(&quoted);
    command_result_free(&result);
    return -1;
}

/* --- machines and services --- */

/* What is within a unit is not looked at: a machine may have units of the same names. */
static const char find_units[] = "cd \"$1\" || exit\n"
                                 "find . -type d \\( -name '*.scope' -o -name '*.service' -o \\\n"
                                 "    -name '*.libvirt-*' \\) -prune -print\n";

/* The taps that processes of the group $1 hold: which lines of fdinfo have 'iff: NAME'. */
static const char find_taps[] =
    "find \"$1\" -name cgroup.procs -exec cat {} + | sort -u | while read -r process; do\n"
    "    cat \"/proc/$process/fdinfo/\"* 2>/dev/null\n"
    "done | sed -n 's/^iff:[[:space:]]*//p' | sort -u\n";

/* A machine's interface is its only tap. */
static int find_tap(const struct cgroup_finder *finder, struct cgroup_place *place,
                    struct error *error)
{
    char *folder = cgroup_mounts_group(finder->mounts, place->group);
    struct text taps = {0};
    int result = run_script(finder, find_taps, folder, NULL, &taps, error);
    char *end;

    free(folder);
    text_trim(&taps);
    end = result == 0 ? strchr(text_string(&taps), '\n') : NULL;
    if (end != NULL) {
        struct text quoted = {0};

        access_quote(&quoted, &taps);
        result = error_set(error, ERROR_UNREACHABLE, "the machine has several interfaces");
        error_hint(error, "say which by the attribute interface: %s", text_string(&quoted));
        text_free(&quoted);
    } else if (result == 0) {
        snprintf(place->interface.name, sizeof place->interface.name, "%s", text_string(&taps));
    }
    text_free(&taps);
    return result;
}

static int find_unit(const struct cgroup_finder *finder, const struct source *source,
                     struct cgroup_place *place, struct error *error)
{
    const char *machine = attribute(source, "machine");
    const char *root = cgroup_mounts_find(finder->mounts, finder->mounts->version->main_controller);
    struct text folders = {0};
    int result = run_script(finder, find_units, root, NULL, &folders, error);

    if (result == 0)
        result = machine[0] != '\0' ? cgroup_choose_machine(&folders, machine, &place->group, error)
                                    : cgroup_choose_service(&folders, attribute(source, "service"),
                                                            &place->group, error);
    text_free(&folders);
    if (result == 0 && machine[0] != '\0' && place->interface.name[0] == '\0')
        result = find_tap(finder, place, error);
    return result;
}

/* --- containers --- */

/*
 * After a function `process`, the engine's, which prints the number of the first process of the
 * container $1. Lines 'group PATH' and, if $2 is the name of an interface, 'link INDEX' and
 * 'interface NAME' of its other end. /sys shows the interfaces of whoever mounts it.
 */
static const char look_script[] =
    "first=$(process \"$1\") || exit\n"
    "case $first in '' | 0 | *[!0-9]*) echo 'it does not run' >&2; exit 1 ;; esac\n"
    "group=\n"
    "while IFS=: read -r number names path; do\n"
    "    case \",$names,\" in\n"
    "    ,,) [ -n \"$group\" ] || group=$path ;;\n"
    "    *,memory,*) group=$path ;;\n"
    "    esac\n"
    "done </proc/$first/cgroup\n"
    "echo \"group $group\"\n"
    "[ -n \"$2\" ] || exit 0\n"
    "link=$(nsenter -n -t \"$first\" unshare -m sh -c '\n"
    "    mount -t sysfs sysfs /sys && cat \"/sys/class/net/$1/iflink\"' sh \"$2\" 2>/dev/null)\n"
    "[ -n \"$link\" ] || { echo \"the container has no interface $2\" >&2; exit 1; }\n"
    "echo \"link $link\"\n"
    "for folder in /sys/class/net/*/; do\n"
    "    read -r number <\"${folder}ifindex\" && [ \"$number\" = \"$link\" ] || continue\n"
    "    folder=${folder%/}\n"
    "    echo \"interface ${folder##*/}\"\n"
    "done\n";

static int choose_container(const struct cgroup_finder *finder,
                            const struct container_engine *engine,
                            const struct container_choice *choice, char **id, struct error *error)
{
    char *script = memory_format(CONTAINER_ENGINE_PATHS "%s", engine->list);
    struct container_list list = {0};
    struct text output = {0};
    const struct container *chosen = NULL;
    int result = run_script(finder, script, NULL, NULL, &output, error);

    free(script);
    if (result == 0 && engine->read(&output, &list, error) == 0)
        chosen = container_choose(&list, choice, error);
    *id = chosen != NULL ? memory_string(chosen->id) : NULL;
    container_list_free(&list);
    text_free(&output);
    return chosen != NULL ? 0 : -1;
}

static void take_line(struct cgroup_place *place, const char *line)
{
    char group[512];

    if (place->group == NULL && sscanf(line, "group /%511[^\n]", group) == 1)
        place->group = memory_string(group);
    else if (sscanf(line, "link %9u", &place->interface.index) != 1)
        sscanf(line, "interface %15s", place->interface.name);
}

static int look(const struct cgroup_finder *finder, const struct container_engine *engine,
                const char *id, struct cgroup_place *place, struct error *error)
{
    char *script =
        memory_format(CONTAINER_ENGINE_PATHS "process() { %s\n}\n%s", engine->process, look_script);
    char *interface = memory_string(place->interface.name);
    struct text output = {0};
    int result = run_script(finder, script, id, interface, &output, error);
    char *at = output.bytes;

    free(script);
    free(interface);
    place->interface.name[0] = '\0';
    for (char *line; result == 0 && (line = strsep(&at, "\n")) != NULL;)
        take_line(place, line);
    text_free(&output);
    if (result == 0 && place->group == NULL)
        result = error_set(error, ERROR_UNREACHABLE, "the container has no control group");
    return result;
}

int cgroup_find_container(const struct cgroup_finder *finder, const struct container_choice *choice,
                          struct cgroup_place *place, struct error *error)
{
    const struct container_engine *engine = container_engine_find(choice->engine);
    char *id;
    int result;

    if (choose_container(finder, engine, choice, &id, error) < 0)
        return -1;
    result = look(finder, engine, id, place, error);
    free(id);
    return result;
}

static int find_pod(const struct cgroup_finder *finder, const struct source *source,
                    struct cgroup_place *place, struct error *error)
{
    char *pod_namespace = memory_string(attribute(source, "pod"));
    char *slash = strchr(pod_namespace, '/');
    struct container_choice choice = {
        .engine = (char *)source_attribute(source, "engine", "containerd"),
        .name = (char *)attribute(source, "container"),
        .pod_namespace = pod_namespace,
        .pod = slash != NULL ? slash + 1 : pod_namespace,
        .label = (char *)"",
    };
    int result;

    if (slash != NULL)
        *slash = '\0';
    result = cgroup_find_container(finder, &choice, place, error);
    free(pod_namespace);
    return result;
}

/* --- all --- */

int cgroup_find(const struct cgroup_finder *finder, const struct collected_source *one,
                struct cgroup_place *place, struct error *error)
{
    const struct source *source = one->source;
    const char *interface = attribute(source, "interface");

    *place = (struct cgroup_place){0};
    place->interface.network_namespace = attribute(source, "network-namespace");
    if (strlen(interface) >= sizeof place->interface.name)
        return error_set(error, ERROR_INPUT, "not a name of an interface: '%s'", interface);
    snprintf(place->interface.name, sizeof place->interface.name, "%s", interface);
    if (attribute(source, "cgroup")[0] != '\0') {
        place->group = memory_string(attribute(source, "cgroup"));
        return 0;
    }
    if (cgroup_is_of_container(one->target, source))
        return cgroup_find_container(finder, &one->target->access.container, place, error);
    if (attribute(source, "machine")[0] != '\0' || attribute(source, "service")[0] != '\0')
        return find_unit(finder, source, place, error);
    return find_pod(finder, source, place, error);
}

/* --- here --- */

static bool is_same(const struct text *said, const char *own)
{
    return strcmp(text_string(said), own) == 0;
}

bool cgroup_is_here(const struct cgroup_finder *finder)
{
    struct text said = {0};
    struct text boot = {0};
    struct text own = {0};
    struct error ignored = {0};
    char view[64] = "";
    bool same = false;

    if (readlink(VIEW, view, sizeof view - 1) > 0 && file_read(BOOT, 64, &boot, &ignored) == 0 &&
        run_script(finder, "cat " BOOT "; readlink " VIEW, NULL, NULL, &said, &ignored) == 0) {
        text_appendf(&own, "%s%s\n", text_string(&boot), view);
        same = is_same(&said, text_string(&own));
    }
    text_free(&said);
    text_free(&boot);
    text_free(&own);
    return same;
}
