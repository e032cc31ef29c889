#include "runner/facts.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/writer.h"

/* Prints 'name value' lines. Tools that aren't there print nothing. */
static const char questions[] =
    "say() { [ -z \"$2\" ] || printf '%s %s\\n' \"$1\" \"$2\"; }\n"
    "say kernel \"$(uname -sr)\"\n"
    "say machine \"$(uname -m)\"\n"
    "say system \"$(. /etc/os-release 2>/dev/null && echo \"$PRETTY_NAME\")\"\n"
    "say processors \"$(getconf _NPROCESSORS_ONLN 2>/dev/null)\"\n"
    "say memory-kb \"$(sed -n 's/^MemTotal: *\\([0-9]*\\).*/\\1/p' /proc/meminfo)\"\n"
    /* A container's control group is not that of the commands that ask. */
    "own=\n"
    "[ -z \"${VNFAULT_FIRST:-}\" ] || own=$(sed -n -e 's/^[0-9]*:[^:]*memory[^:]*://p' -e "
    "'s/^0:://p' "
    "/proc/$VNFAULT_FIRST/cgroup | head -n 1)\n"
    "for file in cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us memory/memory.limit_in_bytes \\\n"
    "            ./cpu.max ./memory.max; do\n"
    "    file=/sys/fs/cgroup/${file%/*}$own/${file##*/}\n"
    "    [ ! -r \"$file\" ] || say \"cgroup-${file##*/}\" \"$(cat \"$file\")\"\n"
    "done\n"
    "say container \"${VNFAULT_CONTAINER:-}\"\n"
    "say stress-ng \"$(stress-ng --version 2>/dev/null | head -n 1)\"\n"
    "say iptables \"$(iptables --version 2>/dev/null)\"\n"
    "say iproute2 \"$(tc -V 2>/dev/null)\"\n"
    "say kamailio \"$(kamailio -v 2>/dev/null | head -n 1)\"\n"
    "true\n";

static int record_lines(struct store *store, const char *host, char *lines, struct error *error)
{
    char *rest = NULL;

    for (char *line = strtok_r(lines, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char *space = strchr(line, ' ');

        if (space == NULL)
            continue;
        *space = '\0';
        if (store_put_fact(store, host, line, space + 1, error) < 0)
            return -1;
    }
    return 0;
}

static int record_host(struct store *store, struct session *session, struct error *error)
{
    const char *const argv[] = {"sh", NULL};
    struct command_result result;
    int outcome = 0;

    if (access_run(session->access, argv, questions, sizeof questions - 1, 0, &result, error) < 0)
        return -1;
    if (result.output.bytes != NULL)
        outcome = record_lines(store, session->host->name, result.output.bytes, error);
    command_result_free(&result);
    return outcome;
}

static int record_runner(struct store *store, struct error *error)
{
    struct utsname name;
    char text[sizeof name.sysname + sizeof name.release + 2];

    if (uname(&name) < 0)
        return error_system(error, ERROR_INTERNAL, "uname");
    snprintf(text, sizeof text, "%s %s", name.sysname, name.release);
    if (store_put_fact(store, "runner", "kernel", text, error) < 0)
        return -1;
    snprintf(text, sizeof text, "%ld", sysconf(_SC_NPROCESSORS_ONLN));
    return store_put_fact(store, "runner", "processors", text, error);
}

int facts_record(struct store *store, struct sessions *sessions, struct error *error)
{
    for (size_t i = 0; i < sessions->count; i++) {
        if (record_host(store, &sessions->items[i], error) < 0)
            return -1;
    }
    return record_runner(store, error);
}
