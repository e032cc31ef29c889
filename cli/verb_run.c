#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/service_level.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "cli/findings.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/progress_line.h"
#include "cli/run_folder.h"
#include "cli/secret_options.h"
#include "cli/testbed_pool.h"
#include "cli/textfile.h"
#include "cli/time_option.h"
#include "cli/verb.h"
#include "runner/campaign.h"
#include "runner/plan_shard.h"
#include "runner/plan_windows.h"
#include "runner/run.h"
#include "store/reader.h"
#include "store/shards.h"

static const char *testbed_path;
static const char *pool;
static const char *most_wait;
static const char *scale_text;
static const char *folder;
static const char *resumed;
static const char *most_time;
static const char *shard_text;
static bool repeat_invalid;
static bool no_faults;
static bool json;
static const char *textfile_path;
static double lease_seconds = 20;
static struct secret_options secret_options = SECRET_OPTIONS_NONE;
static struct host_secrets secrets;
static struct shard shard; /* count 0: the whole campaign */

/* What is run. */
static const char *campaign_path;
static char *default_folder; /* where neither -o nor --resume says one */

/* What the textfile is of, as far as it is known. */
static char *campaign_name;
static bool recorded; /* there is a run of this campaign in the folder */

static const struct option_row options[] = {
    {"-o", "FOLDER", "folder of the run (default: results/NAME-TIME)", OPTION_TEXT, &folder, 0, 0},
    {"--testbed", "FILE", "testbed file to use in place of the campaign's", OPTION_TEXT,
     &testbed_path, 0, 0},
    {"--pool", "FOLDER", "take the first testbed there that no run has locked", OPTION_TEXT, &pool,
     0, 0},
    {"--most-wait", "TIME", "for a locked testbed (default: none; of a pool: any)", OPTION_TEXT,
     &most_wait, 0, 0},
    {"--time-scale", "RATIO", "scale of every duration and period: 1/15 (default: 1)", OPTION_TEXT,
     &scale_text, 0, 0},
    {"--shard", "K/N", "only shard K of N of the campaign (default: all)", OPTION_TEXT, &shard_text,
     0, 0},
    {"--resume", "FOLDER", "go on with the run in FOLDER", OPTION_TEXT, &resumed, 0, 0},
    {"--repeat-invalid", NULL, "with --resume: try invalid experiments again", OPTION_FLAG,
     &repeat_invalid, 0, 0},
    {"--no-faults", NULL, "run every experiment without its injections", OPTION_FLAG, &no_faults, 0,
     0},
    {"--lease", "SECONDS", "lease of a fault on its target (default: 20)", OPTION_NUMBER,
     &lease_seconds, 3, 3600},
    {"--most-time", "TIME", "then revert and end, resumable: 7h (default: none)", OPTION_TEXT,
     &most_time, 0, 0},
    {"--json", NULL, "print a JSON line for each experiment", OPTION_FLAG, &json, 0, 0},
    {"--textfile", "FILE.prom", "at the end, write figures for the node exporter", OPTION_TEXT,
     &textfile_path, 0, 0},
    SECRET_OPTIONS(secret_options),
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

static void print_summary(const char *path, const struct run_outcome *outcome)
{
    if (json || outcome->valid + outcome->invalid + outcome->torn + outcome->earlier == 0)
        return;
    printf("%zu valid, %zu invalid", outcome->valid, outcome->invalid);
    if (outcome->torn > 0)
        printf(", %zu torn", outcome->torn);
    if (outcome->earlier > 0)
        printf(", %zu done before", outcome->earlier);
    if (outcome->left > 0)
        printf(", %zu left", outcome->left);
    putchar('\n');
    if (outcome->valid + outcome->earlier == 0)
        return;
    printf("run: %s\nnext: vnfault evaluate %s; vnfault report %s\n", path, path, path);
}

/* The campaign's service level, once every experiment is valid. */
static int check_service_level(const char *path, struct error *error)
{
    struct error closing = {0};
    struct store *store;
    int result;

    if (store_open(path, STORE_READ, &store, error) < 0)
        return -1;
    result = service_level_check(store, error);
    store_close(store, &closing);
    return result;
}

/* Else the folder has no database, or that of another run. */
static bool was_recorded(const struct run_outcome *outcome)
{
    return outcome->valid + outcome->invalid + outcome->torn + outcome->earlier > 0;
}

/* The plan, or the part of it that --shard or the resumed run says. */
static int make_plan(const struct campaign *campaign, struct time_scale scale, struct plan **plan,
                     struct error *error)
{
    if (plan_make(campaign, scale, plan, error) < 0 ||
        (shard.count > 0 && plan_take_shard(*plan, shard, error) < 0))
        return -1;
    return no_faults ? 0 : plan_check_windows(*plan, error);
}

/* The same for each testbed that is tried; NULL before the first where no option says it. */
static const char *folder_of_run(void)
{
    if (resumed != NULL)
        return resumed;
    return folder != NULL ? folder : default_folder;
}

static int run_plan(const struct campaign *campaign, struct time_scale scale, bool *begun,
                    struct error *error)
{
    const char *path = folder_of_run();
    struct injector_table injectors = {0};
    struct run_outcome outcome;
    struct plan *plan = NULL;
    int result = -1;

    if (injector_table_read(&injectors, error) == 0 &&
        make_plan(campaign, scale, &plan, error) == 0) {
        struct run_setting setting = {
            .plan = plan,
            .injectors = &injectors,
            .folder = path,
            .version = VNFAULT_VERSION,
            .resume = resumed != NULL,
            .repeat_invalid = repeat_invalid,
            .faults = !no_faults,
            .lease = (int64_t)(lease_seconds * (double)CLOCK_SECOND),
            .stop = interrupt_stop(),
            .listener = progress_listener(json),
        };

        result = run_campaign(&setting, &outcome, error);
        *begun = outcome.begun;
        progress_line_end();
        print_summary(path, &outcome);
        recorded = resumed != NULL || was_recorded(&outcome);
        if (result == 0)
            result = check_service_level(path, error);
    }
    plan_free(plan);
    injector_table_free(&injectors);
    return result;
}

/* One testbed after the other may be tried. */
static int run_on(const char *testbed, bool *begun, struct error *error)
{
    struct findings findings = {0};
    struct campaign *campaign = campaign_read(campaign_path, testbed, &findings);
    struct time_scale ratio = {1, 1};
    int result;

    if (campaign == NULL) {
        findings_print(&findings, stderr);
        result = findings_error(&findings, campaign_path, error);
        findings_free(&findings);
        return result;
    }
    free(campaign_name);
    campaign_name = memory_string(campaign->name);
    secret_options_give(&secrets, campaign->testbed);
    if (folder_of_run() == NULL)
        default_folder = run_folder_default(campaign->name, "");
    result = scale_text != NULL ? time_scale_parse(scale_text, &ratio, error) : 0;
    if (result == 0)
        result = run_plan(campaign, ratio, begun, error);
    campaign_free(campaign);
    findings_free(&findings);
    return result;
}

/* As the options say, on the testbed that is taken. */
static int run_somewhere(struct error *error)
{
    struct testbed_choice choice = {
        .campaign = campaign_path,
        .testbed = testbed_path,
        .pool = pool,
        .run = run_on,
        .stop = interrupt_stop(),
    };

    if (time_option_read("--most-wait", most_wait, "to wait for", &choice.most_wait, error) < 0)
        return -1;
    if (pool != NULL && most_wait == NULL)
        choice.most_wait = INT64_MAX;
    return testbed_choice_run(&choice, error);
}

static int resume_shard(struct store *store, struct error *error)
{
    struct stored_shard stored;

    if (store_read_shard(store, &stored, error) < 0)
        return -1;
    shard = (struct shard){stored.number, stored.count};
    return 0;
}

/* Resumes with the files, scale, shard and faults that the run recorded, unless others were given.
 */
static int resume(struct error *error)
{
    struct stored_run stored = {0};
    struct store *store;
    int result;

    if (store_open(resumed, STORE_READ, &store, error) < 0)
        return -1;
    result = store_read_run(store, &stored, error);
    if (result == 0 && shard_text == NULL)
        result = resume_shard(store, error);
    if (store_close(store, error) < 0 || result < 0) {
        stored_run_free(&stored);
        return -1;
    }
    if (testbed_path == NULL)
        testbed_path = memory_string(stored.testbed_path);
    if (scale_text == NULL)
        scale_text = memory_string(stored.time_scale);
    no_faults = no_faults || !stored.faults;
    campaign_path = stored.campaign_path;
    result = run_somewhere(error);
    stored_run_free(&stored);
    return result;
}

/* Tells how the run ended, whatever it was; `given` names it where its campaign is not known. The
 * run's own error comes before that of the textfile. */
static int write_textfile(const char *given, int result, struct error *error)
{
    struct textfile textfile = {.campaign = campaign_name != NULL ? campaign_name : given,
                                .exit_status = result < 0 ? error_exit_status(error) : 0};
    struct error writing = {0};
    struct error closing = {0};
    bool good =
        !recorded || store_open(folder_of_run(), STORE_READ, &textfile.store, &writing) == 0;

    good = textfile_write(textfile_path, &textfile, good ? &writing : &closing) == 0 && good;
    store_close(textfile.store, &closing);
    if (good)
        return result;
    if (result == 0)
        *error = writing;
    else
        log_warning("no textfile: %s", writing.what);
    return -1;
}

static int begin_time(struct error *error)
{
    int64_t most;

    if (time_option_read("--most-time", most_time, "to run for", &most, error) < 0)
        return -1;
    return most > 0 ? interrupt_after(most, error) : 0;
}

/* Options that don't go together. */
static int check_options(size_t operands, struct error *error)
{
    if (resumed != NULL && operands > 0)
        return error_set(error, ERROR_INPUT,
                         "--resume takes the campaign from the run; give no campaign file");
    if (resumed == NULL && operands == 0)
        return error_set(error, ERROR_INPUT, "no campaign file given");
    if (repeat_invalid && resumed == NULL)
        return error_set(error, ERROR_INPUT, "--repeat-invalid goes with --resume");
    if (pool != NULL && testbed_path != NULL)
        return error_set(error, ERROR_INPUT, "give either --pool or --testbed");
    if (pool == NULL || resumed == NULL)
        return 0;
    error_set(error, ERROR_INPUT, "a run is resumed on the testbed that it began with, no other");
    return error_hint(error, "give no --pool; --most-wait waits until that testbed is free");
}

static int run(const char *const operands[], size_t count, struct error *error)
{
    int result;

    if (check_options(count, error) < 0)
        return -1;
    if (shard_text != NULL && shard_parse(shard_text, &shard, error) < 0)
        return -1;
    if (textfile_path != NULL && textfile_check(textfile_path, error) < 0)
        return -1;
    campaign_path = count > 0 ? operands[0] : NULL;
    result = secret_options_read(&secret_options, &secrets, error);
    if (result == 0)
        result = begin_time(error);
    if (result == 0)
        result = resumed != NULL ? resume(error) : run_somewhere(error);
    secret_options_wipe(&secrets);
    if (textfile_path != NULL)
        result = write_textfile(resumed != NULL ? resumed : operands[0], result, error);
    free(campaign_name);
    free(default_folder);
    return result;
}

const struct verb verb_run = {
    .name = "run",
    .summary = "run a campaign and record it",
    .operands = "CAMPAIGN",
    .description = "Runs every experiment of the campaign: load, monitoring, injections, reset.\n"
                   "Ctrl-C reverts every fault before it ends. 0: all valid; 1: service level\n"
                   "not kept; 2: some invalid, or its time is up; 3: a fault is not proven gone;\n"
                   "4: a host can't be reached or is locked by another run.\n",
    .options = options,
    .least_operands = 0,
    .most_operands = 1,
    .run = run,
};
