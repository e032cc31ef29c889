/*
 * A command that is kept running on a host and answers each request on its input, so that one that
 * is asked every few seconds is started once. A request ends with something that makes the command
 * print the mark at the start of a line; its answer is what it prints until then.
 */
#ifndef RUNNER_DIALOGUE_H
#define RUNNER_DIALOGUE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "base/text.h"
#include "runner/access.h"

/*
 * The beginning of a shell script that is such a command. It ends with its input; if that stays
 * open although nobody asks any more, as behind a network that was cut, a second process ends it:
 * one that was asked within a minute has waited for a child and so has another line in its stat.
 */
#define DIALOGUE_SHELL                                                                             \
    "main=$$\n"                                                                                    \
    "(\n"                                                                                          \
    "    trap 'kill \"$nap\"; exit' TERM\n"                                                        \
    "    while read -r before <\"/proc/$main/stat\"; do\n"                                         \
    "        sleep 60 &\n"                                                                         \
    "        nap=$!\n"                                                                             \
    "        wait \"$nap\"\n"                                                                      \
    "        read -r now <\"/proc/$main/stat\" || exit\n"                                          \
    "        [ \"$before\" != \"$now\" ] || kill \"$main\"\n"                                      \
    "    done\n"                                                                                   \
    ") </dev/null >/dev/null 2>&1 &\n"                                                             \
    "watch=$!\n"                                                                                   \
    "trap 'kill \"$watch\" 2>/dev/null' EXIT\n"                                                    \
    "trap exit HUP INT PIPE TERM\n"

struct dialogue;

struct dialogue_answer {
    struct text output;
    struct text errors; /* what came on standard error meanwhile, the first part of it */
    int64_t from;       /* when it was asked; runner's clock */
    int64_t until;      /* when the answer was complete */
};

/* What `argv`, called `name` in errors, prints for one request is at most `most` bytes. All of them
 * outlive it; nothing is started yet. */
struct dialogue *dialogue_new(struct access *access, const char *name, const char *const argv[],
                              size_t most);

/*
 * Asks: writes the request, a mark and a newline. The command is started if it doesn't run, again
 * if it has ended or its connection was lost, which is then made anew. ERROR_UNREACHABLE if the
 * answer isn't complete by `deadline` (runner's clock): it is waited for in the next call, before
 * anything else is asked. `stop` may be NULL. The answer is the dialogue's, until the next call.
 */
int dialogue_ask(struct dialogue *dialogue, const char *request, int64_t deadline,
                 struct stop *stop, const struct dialogue_answer **answer, struct error *error);

/* Closes the command's input, which ends it. */
void dialogue_free(struct dialogue *dialogue);

#endif
