/*
 * The cgroup collector's view of a node: a shell there prints what it is asked for, as `head` does.
 * Its own clock says when: the time since boot, which is read first and last, and is compared with
 * the runner's in every answer. An answer's way may take longer than the reading did.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_cgroup.h"
#include "runner/dialogue.h"
#include "runner/server_clock.h"

#define MOST_ANSWER ((size_t)8 * 1024 * 1024)

/* The file of the time since boot, under two names: they are read in this order. */
#define CLOCK_BEFORE "/proc/uptime"
#define CLOCK_AFTER "/proc//uptime"
#define CLOCK_STEP (10 * CLOCK_MILLISECOND)
#define LONGEST_UPTIME 1e9 /* seconds */

/*
 * Lines of a request: 'folder PATH', 'file NAME' in it, 'processes' of it and of the folders below,
 * and at the end the mark. One program is started for each answer: shells read files byte by byte.
 * A process's status comes last, so that it was there for all if it is there for that.
 */
static const char script[] = DIALOGUE_SHELL
    "lines='\n'\n"
    "group() {\n"
    "    { while read -r process; do\n"
    "        [ \"$process\" = 0 ] || numbers=$numbers$process$lines\n"
    "    done; } <\"$1/cgroup.procs\" || [ \"$2\" -gt 0 ] || return\n"
    "    [ \"$2\" -lt 8 ] || return 0\n"
    "    for below in \"$1\"/*/; do\n"
    "        [ ! -d \"$below\" ] || group \"${below%/}\" $(($2 + 1))\n"
    "    done\n"
    "}\n"
    "processes() {\n"
    "    numbers=\n"
    "    group \"$folder\" 0 || return\n"
    "    echo \"==> $folder/processes <==\"\n"
    "    echo \"$numbers\"\n"
    "    for number in $numbers; do\n"
    "        at=/proc/$number\n"
    "        some=$some$at/stat$lines$at/io$lines$at/schedstat$lines$at/status$lines\n"
    "    done\n"
    "}\n"
    "IFS=$lines some= all=\n"
    "while read -r line; do\n"
    "    case $line in\n"
    "    'folder '*) all=$all$some some= folder=${line#folder } ;;\n"
    "    'file '*) some=$some$folder/${line#file }$lines ;;\n"
    "    processes) processes 2>/dev/null ;;\n"
    "    *)\n"
    "        set -f\n"
    "        head -n 100000 " CLOCK_BEFORE " $all $some " CLOCK_AFTER " 2>/dev/null\n"
    "        set +f\n"
    "        all= some=\n"
    "        echo\n"
    "        echo \"$line\" ;;\n"
    "    esac\n"
    "done\n";

static const char *const argv[] = {"sh", "-c", script, "vnfault-cgroup", NULL};

struct view_node {
    struct cgroup_answer answer; /* the last */
    struct dialogue *dialogue;
    struct server_clock clock;
    int64_t from;
    int64_t until;
};

void cgroup_request_folder(struct text *request, const char *folder)
{
    text_appendf(request, "folder %s\n", folder);
}

void cgroup_request_file(struct text *request, const char *name)
{
    text_appendf(request, "file %s\n", name);
}

void cgroup_request_processes(struct text *request)
{
    text_append(request, "processes\n");
}

/* --- when --- */

/* The time since boot that a file of it says, by the kernel in whole steps; false if none. */
static bool read_uptime(struct view_node *node, const char *name, int64_t *uptime)
{
    const char *text = cgroup_answer_file(&node->answer.view, name);
    double seconds = text != NULL ? strtod(text, NULL) : 0;

    if (!(seconds > 0 && seconds < LONGEST_UPTIME))
        return false;
    *uptime = (int64_t)(seconds * 100 + 0.5) * CLOCK_STEP;
    return true;
}

/* The window is the whole answer's, less what the node's clock leaves out. */
static void find_window(struct view_node *node, const struct dialogue_answer *answer)
{
    int64_t before;
    int64_t after;
    int64_t from;
    int64_t until;
    int64_t ignored;

    node->from = answer->from;
    node->until = answer->until;
    if (!read_uptime(node, CLOCK_BEFORE, &before) || !read_uptime(node, CLOCK_AFTER, &after))
        return;
    server_clock_bound(&node->clock, after - answer->until, before + CLOCK_STEP - answer->from,
                       answer->until);
    server_clock_range(&node->clock, before, &from, &ignored);
    server_clock_range(&node->clock, after + CLOCK_STEP, &ignored, &until);
    if (from > until || from > answer->until || until < answer->from)
        return;
    node->from = from > answer->from ? from : answer->from;
    node->until = until < answer->until ? until : answer->until;
}

/* --- the view --- */

static int ask(struct cgroup_view *view, const char *request, int64_t deadline, struct stop *stop,
               struct error *error)
{
    struct view_node *node = (struct view_node *)view;
    const struct dialogue_answer *answer;

    if (dialogue_ask(node->dialogue, request, deadline, stop, &answer, error) < 0)
        return -1;
    file_sections_read(&node->answer.sections, &answer->output);
    find_window(node, answer);
    return 0;
}

static void window(const struct cgroup_view *view, int64_t *from, int64_t *until)
{
    const struct view_node *node = (const struct view_node *)view;

    *from = node->from;
    *until = node->until;
}

static void close_view(struct cgroup_view *view)
{
    struct view_node *node = (struct view_node *)view;

    dialogue_free(node->dialogue);
    cgroup_answer_free(&node->answer);
    free(node);
}

struct cgroup_view *cgroup_view_node(struct access *access)
{
    struct view_node *node = memory_new(1, sizeof *node);

    node->dialogue = dialogue_new(access, "sh", argv, MOST_ANSWER);
    node->answer.view = (struct cgroup_view){
        .proc = "/proc",
        .ask = ask,
        .file = cgroup_answer_file,
        .processes = cgroup_answer_processes,
        .window = window,
        .close = close_view,
    };
    return &node->answer.view;
}
