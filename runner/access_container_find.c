/* Finding a container on its node. */
#include "runner/access_container.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

/* A node with many containers takes its time to tell of them. */
#define PATIENCE (60 * CLOCK_SECOND)
#define LONGEST_RESTART (300 * CLOCK_SECOND)

/* After a function `process`, the engine's, which prints the number of the first process of the
 * container $1: prints that number, its start, and whose network it has. */
static const char look_script[] =
    "no() { echo \"$1\" >&2; exit 1; }\n"
    "for tool in nsenter unshare mount setsid find; do\n"
    "    command -v $tool >/dev/null || no \"the node lacks $tool\"\n"
    "done\n"
    "first=$(process \"$1\") || exit\n"
    "case $first in '' | 0 | *[!0-9]*) no 'it does not run' ;; esac\n"
    "started_at() { shift 19; started=$1; }\n"
    "read -r stat 2>/dev/null </proc/$first/stat || no 'it has just ended'\n"
    "started_at ${stat##*) }\n"
    "limited=\n"
    "while IFS=: read -r number names path; do\n"
    "    case \",$names, $path\" in\n"
    "    *', /') ;;\n"
    "    *,memory,* | ,,*) limited=yes ;;\n"
    "    esac\n"
    "done </proc/$first/cgroup\n"
    "[ -n \"$limited\" ] || no 'it has no control group of its own'\n"
    "network=own\n"
    "[ \"$(readlink /proc/$first/ns/net)\" != \"$(readlink /proc/$$/ns/net)\" ] || network=node\n"
    "echo $first $started $network\n";

/* Runs a script on the node; what it prints is the caller's to free. */
static int run_script(struct access_link *link, const char *script, const char *argument,
                      int64_t patience, struct text *output, struct error *error)
{
    const struct container_connection *connection = link->connection;
    const char *const argv[] = {"sh", "-c", script, "sh", argument, NULL};
    struct command_result result;
    struct text quoted = {0};

    if (access_link_run(link, argv, patience, &result, error) < 0)
        return -1;
    if (result.exit_status != 0) {
        access_quote(&quoted, result.errors.length > 0 ? &result.errors : &result.output);
        error_set(error, ERROR_UNREACHABLE, "%s on %s: %s (status %d)", connection->engine->name,
                  link->host->access.address, text_string(&quoted), result.exit_status);
        text_free(&quoted);
        command_result_free(&result);
        return -1;
    }
    *output = result.output;
    text_free(&result.errors);
    return 0;
}

static int choose(struct access_link *link, struct container_list *list, struct error *error)
{
    struct container_connection *connection = link->connection;
    const struct container_engine *engine = connection->engine;
    const struct container *chosen;
    struct text output = {0};
    char *script = memory_format(CONTAINER_ENGINE_PATHS "%s", engine->list);
    int result = run_script(link, script, NULL, PATIENCE, &output, error);

    free(script);
    if (result == 0)
        result = engine->read(&output, list, error);
    text_free(&output);
    if (result < 0)
        return -1;
    chosen = container_choose(list, &link->host->access.container, error);
    if (chosen == NULL)
        return -1;
    connection->id = memory_string(chosen->id);
    connection->key = memory_string(chosen->key);
    connection->name = memory_string(chosen->name);
    return 0;
}

static int look(struct access_link *link, struct error *error)
{
    struct container_connection *connection = link->connection;
    struct text output = {0};
    char *script = memory_format(CONTAINER_ENGINE_PATHS "process() { %s\n}\n%s",
                                 connection->engine->process, look_script);
    int result = run_script(link, script, connection->id, PATIENCE, &output, error);

    free(script);
    if (result == 0 && sscanf(text_string(&output), "%15[0-9] %23[0-9] %7s", connection->first,
                              connection->started, connection->network) != 3)
        result = error_set(error, ERROR_UNREACHABLE, "the node does not tell of the container");
    text_free(&output);
    return result;
}

int container_find(struct access_link *link, struct error *error)
{
    struct container_list list = {0};
    int result = choose(link, &list, error);

    container_list_free(&list);
    return result < 0 ? -1 : look(link, error);
}

int container_restart(struct access_link *link, struct error *error)
{
    const struct container_connection *connection = link->connection;
    const char *own = link->host->reboot;
    char *script = memory_format(CONTAINER_ENGINE_PATHS "%s",
                                 own[0] != '\0' ? own : connection->engine->restart);
    struct text output = {0};
    int result = run_script(link, script, connection->id, LONGEST_RESTART, &output, error);

    text_free(&output);
    free(script);
    return result;
}
