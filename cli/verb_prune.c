/* vnfault prune: removes old runs below a folder. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report_json.h"
#include "analysis/report_text.h"
#include "base/clock.h"
#include "base/quantity.h"
#include "cli/interrupt.h"
#include "cli/prune.h"

static const char *older_than;
static const char *larger_than;
static int64_t keep;
static struct option_list keep_runs;
static bool dry_run;
static bool all_files;
static bool json;

static const struct option_row options[] = {
    {"--older-than", "AGE", "that ended longer ago than AGE: 30d, 12h", OPTION_TEXT, &older_than, 0,
     0},
    {"--larger-than", "SIZE", "of which the folder holds more than SIZE: 10GB, 500MB", OPTION_TEXT,
     &larger_than, 0, 0},
    {"--keep", "N", "that are not of the latest N of their campaign", OPTION_COUNT, &keep, 1, 1e9},
    {"--keep-run", "RUN", "never this run; may be given again", OPTION_LIST, &keep_runs, 0, 0},
    {"--all-files", NULL, "also with files in them that are not vnfault's", OPTION_FLAG, &all_files,
     0, 0},
    {"--dry-run", NULL, "say what would go, and remove nothing", OPTION_FLAG, &dry_run, 0, 0},
    {"--json", NULL, "print one JSON object", OPTION_FLAG, &json, 0, 0},
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

static const char *action_name(enum prune_action action)
{
    if (action == PRUNE_KEPT)
        return "kept";
    if (action == PRUNE_FAILED)
        return "failed";
    return dry_run ? "would go" : "removed";
}

static int read_rules(struct prune_rules *rules, struct error *error)
{
    *rules = (struct prune_rules){.older_than = -1,
                                  .larger_than = -1,
                                  .keep = keep,
                                  .older_text = older_than,
                                  .larger_text = larger_than,
                                  .keep_runs = &keep_runs,
                                  .all_files = all_files,
                                  .now_ns = clock_now()};
    if (older_than == NULL && larger_than == NULL && keep == 0)
        return error_set(error, ERROR_INPUT,
                         "no rule given: --older-than, --larger-than or --keep");
    if (older_than != NULL &&
        quantity_read(QUANTITY_AGE, older_than, &rules->older_than, error) < 0)
        return error_where(error, "--older-than");
    if (larger_than != NULL &&
        quantity_read(QUANTITY_SIZE, larger_than, &rules->larger_than, error) < 0)
        return error_where(error, "--larger-than");
    return 0;
}

/* Removes what goes until it is asked to stop: what is left of it is kept then. */
static void remove_all(struct prune_list *list, const struct prune_rules *rules)
{
    for (size_t i = 0; i < list->count; i++) {
        struct prune_run *run = &list->runs[i];

        if (run->action == PRUNE_GOES && stop_reason(interrupt_stop()) != 0)
            run->action = PRUNE_KEPT;
        else if (run->action == PRUNE_GOES)
            prune_remove(run, rules);
    }
}

static size_t count_of(const struct prune_list *list, enum prune_action action, int64_t *bytes)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (list->runs[i].action != action)
            continue;
        count++;
        *bytes += list->runs[i].bytes;
    }
    return count;
}

static void print_text(const struct prune_list *list)
{
    int64_t bytes = 0;
    size_t gone = count_of(list, PRUNE_GOES, &bytes);

    for (size_t i = 0; i < list->count; i++) {
        const struct prune_run *run = &list->runs[i];
        struct text line = {0};

        append_line(&line, run->path, SIZE_MAX);
        text_append(&line, ": ");
        append_line(&line, run->why, SIZE_MAX);
        printf("%-8s %8.1f MB  %s\n", action_name(run->action), (double)run->bytes / 1e6,
               text_string(&line));
        text_free(&line);
    }
    printf("%zu of %zu %s, %.1f MB\n", gone, list->count, dry_run ? "would go" : "removed",
           (double)bytes / 1e6);
}

static void print_json(const struct prune_list *list)
{
    json_t *object = json_object();
    json_t *runs = json_array();
    int64_t bytes = 0;
    size_t gone = count_of(list, PRUNE_GOES, &bytes);

    for (size_t i = 0; i < list->count; i++) {
        const struct prune_run *run = &list->runs[i];
        json_t *item = json_object();
        char ended[32];

        clock_format(run->ended_ns, ended, sizeof ended);
        json_object_set_new(item, "folder", report_json_string(run->path));
        json_object_set_new(item, "campaign", report_json_string(run->campaign));
        json_object_set_new(item, "ended", report_json_string(run->ended_ns > 0 ? ended : NULL));
        json_object_set_new(item, "bytes", json_integer(run->bytes));
        json_object_set_new(item, "action", json_string(action_name(run->action)));
        json_object_set_new(item, "why", report_json_string(run->why));
        json_array_append_new(runs, item);
    }
    json_object_set_new(object, "dry_run", json_boolean(dry_run));
    json_object_set_new(object, "removed", json_integer(dry_run ? 0 : (json_int_t)gone));
    json_object_set_new(object, "bytes", json_integer(bytes));
    json_object_set_new(object, "runs", runs);
    json_dumpf(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}

static int end(const struct prune_list *list, struct error *error)
{
    int64_t bytes = 0;
    size_t failed = count_of(list, PRUNE_FAILED, &bytes);

    if (stop_reason(interrupt_stop()) != 0)
        return interrupt_error(error);
    if (failed > 0)
        return error_set(error, ERROR_INTERNAL, "%zu run%s could not be removed", failed,
                         failed == 1 ? "" : "s");
    return 0;
}

static int prune(const char *const operands[], size_t count, struct error *error)
{
    struct prune_rules rules;
    struct prune_list list = {0};
    int result = read_rules(&rules, error);

    (void)count;
    if (result == 0)
        result = prune_choose(operands[0], &rules, &list, error);
    if (result == 0) {
        if (!dry_run)
            remove_all(&list, &rules);
        if (json)
            print_json(&list);
        else
            print_text(&list);
        result = end(&list, error);
    }
    prune_list_free(&list);
    free(keep_runs.items);
    return result;
}

const struct verb verb_prune = {
    .name = "prune",
    .summary = "remove old runs below a folder",
    .operands = "FOLDER",
    .description =
        "Removes the runs below FOLDER that all given rules say, and tells of each what\n"
        "became of it and why. Never one that is running, that can't be read, or that\n"
        "holds other runs or files that are not vnfault's. Links are not followed.\n\n"
        "Exit status: 0; 64 for a bad rule or a --keep-run that is no run (nothing is\n"
        "removed then); 70 if a run could not be removed; 130 if interrupted.\n",
    .options = options,
    .least_operands = 1,
    .most_operands = 1,
    .run = prune,
};
