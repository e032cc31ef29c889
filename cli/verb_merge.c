/* vnfault merge RUN ... -o RUN: the runs of a campaign's shards as one run. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "analysis/report_json.h"
#include "cli/interrupt.h"
#include "cli/verb.h"
#include "store/merge.h"

static const char *folder;
static bool incomplete;
static bool as_json;

static const struct option_row options[] = {
    {"-o", "RUN", "folder of the merged run", OPTION_TEXT, &folder, 0, 0},
    {"--incomplete", NULL, "merge what there is, though some is missing", OPTION_FLAG, &incomplete,
     0, 0},
    {"--json", NULL, "print one JSON object", OPTION_FLAG, &as_json, 0, 0},
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

static void print(const struct merge_outcome *outcome)
{
    json_t *object;

    if (!as_json) {
        printf("%" PRId64 " of %" PRId64 " experiments, %" PRId64 " of %" PRId64
               " shards\nrun: %s\nnext: vnfault evaluate %s; vnfault report %s\n",
               outcome->done, outcome->experiments, outcome->present, outcome->shards, folder,
               folder, folder);
        return;
    }
    object =
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:o}", "experiments", (json_int_t)outcome->experiments,
                  "done", (json_int_t)outcome->done, "shards", (json_int_t)outcome->shards,
                  "present", (json_int_t)outcome->present, "repeated",
                  (json_int_t)outcome->repeated, "run", report_json_string(folder));
    json_dumpf(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}

static int merge(const char *const operands[], size_t count, struct error *error)
{
    const struct merge_setting setting = {.paths = operands,
                                          .count = count,
                                          .folder = folder,
                                          .incomplete = incomplete,
                                          .stop = interrupt_stop()};
    struct merge_outcome outcome;

    if (folder == NULL)
        return error_set(error, ERROR_INPUT, "merge needs -o");
    if (store_merge(&setting, &outcome, error) < 0)
        return -1;
    print(&outcome);
    return 0;
}

const struct verb verb_merge = {
    .name = "merge",
    .summary = "join the runs of a campaign's shards",
    .operands = "RUN ...",
    .description =
        "Makes the run that one run of the whole campaign would have made, from those of\n"
        "'run --shard'. It is evaluated, reported and compared like any other, and says\n"
        "which experiment is of which shard. Runs of another campaign, time scale or\n"
        "division, a shard given twice with different content, and missing ones are\n"
        "refused (64). The shards' runs are left as they are.\n",
    .options = options,
    .least_operands = 1,
    .most_operands = SIZE_MAX,
    .run = merge,
};
