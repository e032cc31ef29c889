/* vnfault calibrate CAMPAIGN: how much load the service bears, and how much of a fault. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/quantity.h"
#include "base/words.h"
#include "cli/calibrate_output.h"
#include "cli/findings.h"
#include "cli/interrupt.h"
#include "cli/progress_line.h"
#include "cli/run_folder.h"
#include "cli/secret_options.h"
#include "cli/testbed_file.h"
#include "cli/verb.h"
#include "runner/calibration.h"
#include "runner/calibration_fragment.h"
#include "runner/load_profile.h"

static bool load;
static const char *fault_types;
static const char *targets;
static const char *fragment;
static const char *folder;
static const char *testbed_path;
static const char *share_of_saturation;
static const char *most_failures = "99%";
static const char *precision = "5%";
static double length_seconds = 15;
static double settling_seconds = 12;
static int64_t calls = 2000;
static double lease_seconds = 20;
static bool json;
static struct secret_options secret_options = SECRET_OPTIONS_NONE;
static struct host_secrets secrets;

static const struct option_row options[] = {
    {"--load", NULL, "find saturation and the load rate", OPTION_FLAG, &load, 0, 0},
    {"--fault", "TYPE,...", "find the highest intensity of these faults", OPTION_TEXT, &fault_types,
     0, 0},
    {"--target", "NAME,...", "on these targets (default: the campaign's)", OPTION_TEXT, &targets, 0,
     0},
    {"-o", "FRAGMENT", "file to write <load> or <faults> to", OPTION_TEXT, &fragment, 0, 0},
    {"--run", "FOLDER", "folder of the run (default: results/NAME-TIME)", OPTION_TEXT, &folder, 0,
     0},
    {"--testbed", "FILE", "testbed file to use in place of the campaign's", OPTION_TEXT,
     &testbed_path, 0, 0},
    {"--share-of-saturation", "X%", "rate: at most this share of saturation", OPTION_TEXT,
     &share_of_saturation, 0, 0},
    {"--most-failures", "SHARE", "calls that may fail in a fault (99%)", OPTION_TEXT,
     &most_failures, 0, 0},
    {"--precision", "SHARE", "how near to the limit to come (5%)", OPTION_TEXT, &precision, 0, 0},
    {"--calls", "N", "calls to count in a step at least (2000)", OPTION_COUNT, &calls, 100,
     10000000},
    {"--length", "SECONDS", "time to count them in at least (15)", OPTION_NUMBER, &length_seconds,
     10, 86400},
    {"--settling", "SECONDS", "wait before: how long a call takes to fail (12)", OPTION_NUMBER,
     &settling_seconds, 0, 3600},
    {"--lease", "SECONDS", "lease of a fault on its target (20)", OPTION_NUMBER, &lease_seconds, 3,
     3600},
    {"--json", NULL, "print a JSON line for each step and each finding", OPTION_FLAG, &json, 0, 0},
    SECRET_OPTIONS(secret_options),
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

static int read_share(const char *option, const char *text, double *share, struct error *error)
{
    if (quantity_read(QUANTITY_SHARE, text, share, error) < 0)
        return error_where(error, "%s", option);
    if (*share > 0)
        return 0;
    return error_set(error, ERROR_INPUT, "%s is more than 0%%", option);
}

static int read_shares(struct calibration_setting *setting, struct error *error)
{
    setting->share_of_saturation = 1;
    setting->needs_saturation = share_of_saturation != NULL;
    if (share_of_saturation != NULL && read_share("--share-of-saturation", share_of_saturation,
                                                  &setting->share_of_saturation, error) < 0)
        return -1;
    return read_share("--most-failures", most_failures, &setting->most_failures, error) < 0
               ? -1
               : read_share("--precision", precision, &setting->precision, error);
}

static int check_options(struct error *error)
{
    if (load == (fault_types != NULL)) {
        error_set(error, ERROR_INPUT,
                  load ? "--load and --fault don't go together" : "--load or --fault is needed");
        return error_hint(error, "calibrate the load first, and the faults with a campaign that "
                                 "has its rate: each writes one fragment");
    }
    if (fault_types != NULL && fault_types[strspn(fault_types, ",")] == '\0')
        return error_set(error, ERROR_INPUT, "--fault names no fault type");
    if (targets != NULL && load)
        return error_set(error, ERROR_INPUT, "--target goes with --fault");
    if (share_of_saturation != NULL && !load)
        return error_set(error, ERROR_INPUT, "--share-of-saturation goes with --load");
    return fragment != NULL ? calibration_fragment_check(fragment, error) : 0;
}

static int measure(const struct calibration_setting *setting, const struct load_profile *profile,
                   struct error *error)
{
    struct calibration_findings findings = {0};
    struct error writing = {0};
    int result = calibrate(setting, &findings, error);

    progress_line_end();
    if (findings.count > 0 && !json)
        printf("run: %s\n", setting->folder);
    if (fragment != NULL && (result == 0 || error->kind == ERROR_INCONCLUSIVE)) {
        if (calibration_fragment_write(fragment, setting->campaign, profile, setting->folder,
                                       &findings, &writing) == 0) {
            if (!json)
                printf("written: %s\n", fragment);
        } else if (result == 0) {
            *error = writing;
            result = -1;
        }
    }
    calibration_findings_free(&findings);
    return result;
}

static int calibrate_campaign(struct campaign *campaign, struct error *error)
{
    struct injector_table injectors = {0};
    char *made = folder == NULL ? run_folder_default(campaign->name, "-calibration") : NULL;
    char **types = words_split(fault_types, ",", NULL);
    char **names = targets != NULL ? words_split(targets, ",", NULL) : NULL;
    struct calibration_setting setting = {
        .campaign = campaign,
        .injectors = &injectors,
        .folder = made != NULL ? made : folder,
        .version = VNFAULT_VERSION,
        .lease = (int64_t)(lease_seconds * (double)CLOCK_SECOND),
        .stop = interrupt_stop(),
        .times = {.settling = (int64_t)(settling_seconds * (double)CLOCK_SECOND),
                  .length = (int64_t)(length_seconds * (double)CLOCK_SECOND),
                  .calls = calls},
        .listener = calibrate_listener(json),
    };
    struct load_profile *profile = NULL;
    int result = -1;

    if (read_shares(&setting, error) == 0 && injector_table_read(&injectors, error) == 0 &&
        calibration_campaign_choose(campaign, &injectors, types, names, &profile, error) == 0)
        result = measure(&setting, profile, error);
    load_profile_free(profile);
    injector_table_free(&injectors);
    words_free(types);
    words_free(names);
    free(made);
    return result;
}

/* A testbed file says where, but not which load. */
static int refuse_testbed(const char *path, struct error *error)
{
    if (!is_testbed_file(path))
        return 0;
    error_set(error, ERROR_INPUT, "%s is a testbed file, which doesn't say how to call the service",
              path);
    return error_hint(error, "give a campaign file, with --testbed if it names another testbed");
}

static int run(const char *const operands[], size_t count, struct error *error)
{
    struct findings wrong = {0};
    struct campaign *campaign;
    int result;

    (void)count;
    if (check_options(error) < 0 || refuse_testbed(operands[0], error) < 0)
        return -1;
    campaign = campaign_read(operands[0], testbed_path, &wrong);
    if (campaign == NULL) {
        findings_print(&wrong, stderr);
        result = findings_error(&wrong, operands[0], error);
        findings_free(&wrong);
        return result;
    }
    result = secret_options_read(&secret_options, &secrets, error);
    if (result == 0) {
        secret_options_give(&secrets, campaign->testbed);
        result = calibrate_campaign(campaign, error);
    }
    secret_options_wipe(&secrets);
    campaign_free(campaign);
    findings_free(&wrong);
    return result;
}

const struct verb verb_calibrate = {
    .name = "calibrate",
    .summary = "find the load and the intensities that a testbed bears",
    .operands = "CAMPAIGN",
    .description =
        "Finds by experiments what a testbed bears. --load: at which rate the service\n"
        "saturates, and the highest within the campaign's <nominal maximum-failures>.\n"
        "--fault: the highest intensity that holds to its end while calls still succeed.\n"
        "-o writes them as a piece of a campaign. 2: not found. docs/calibrate.md.\n",
    .options = options,
    .least_operands = 1,
    .most_operands = 1,
    .run = run,
};
