/* vnfault check FILE: is a campaign or testbed file right? */
#include <jansson.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli/check_targets.h"
#include "cli/findings.h"
#include "cli/secret_options.h"
#include "cli/testbed_file.h"
#include "cli/verb.h"
#include "runner/campaign.h"
#include "runner/plan.h"
#include "runner/plan_windows.h"

static const char *testbed_path;
static bool wants_json;
static bool wants_targets;
static bool accepts_new_keys;
static struct secret_options secret_options = SECRET_OPTIONS_NONE;
static struct host_secrets secrets;

static const struct option_row options[] = {
    {"--testbed", "FILE", "check a campaign against this testbed file", OPTION_TEXT, &testbed_path,
     0, 0},
    {"--targets", NULL, "also look on every host for all that a run needs", OPTION_FLAG,
     &wants_targets, 0, 0},
    {"--accept-new-host-keys", NULL, "with --targets: show and add keys of unknown hosts",
     OPTION_FLAG, &accepts_new_keys, 0, 0},
    SECRET_OPTIONS(secret_options),
    {"--json", NULL, "print the findings as JSON", OPTION_FLAG, &wants_json, 0, 0},
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

static void print_json(const char *path, const struct findings *findings, json_t *summary)
{
    json_t *list = json_array();

    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];

        json_array_append_new(list, json_pack("{s:s, s:i, s:s, s:s, s:s}", "file", finding->file,
                                              "line", finding->line, "element", finding->element,
                                              "what", finding->what, "hint", finding->hint));
    }
    json_object_set_new(summary, "file", json_string(path));
    json_object_set_new(summary, "ok", json_boolean(findings->count == 0));
    json_object_set_new(summary, "findings", list);
    json_dumpf(summary, stdout, JSON_INDENT(2));
    putchar('\n');
}

/* What --targets asks for. */
static int check_hosts(struct testbed *testbed, const struct campaign *campaign, json_t *summary,
                       struct error *error)
{
    if (!wants_targets)
        return 0;
    secret_options_give(&secrets, testbed);
    for (size_t i = 0; testbed_any_host(testbed, i) != NULL; i++)
        testbed_any_host(testbed, i)->access.accept_new_host_keys = accepts_new_keys;
    return check_targets(testbed, campaign, wants_json ? summary : NULL, error);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static int check_testbed(const char *path, struct findings *findings, json_t *summary,
                         struct error *error)
{
    struct testbed *testbed = testbed_read(path, findings);
    size_t targets = 0;
    size_t loads;
    int result;

    if (testbed == NULL)
        return 0;
    for (size_t i = 0; i < testbed->host_count; i++)
        targets += testbed->hosts[i].kind == HOST_TARGET;
    loads = testbed->host_count - targets;
    json_object_set_new(summary, "targets", json_integer((json_int_t)targets));
    json_object_set_new(summary, "load_hosts", json_integer((json_int_t)loads));
    if (!wants_json)
        printf("%s: ok: testbed %s, %zu target%s, %zu load host%s\n", path, testbed->name, targets,
               plural(targets), loads, plural(loads));
    result = check_hosts(testbed, NULL, summary, error);
    testbed_free(testbed);
    return result;
}

static int check_campaign(const char *path, struct findings *findings, json_t *summary,
                          struct error *error)
{
    struct campaign *campaign = campaign_read(path, testbed_path, findings);
    struct plan *plan;
    char length[32];
    int result;

    if (campaign == NULL)
        return 0;
    if (plan_make(campaign, (struct time_scale){1, 1}, &plan, error) < 0) {
        campaign_free(campaign);
        return error_where(error, "%s", path);
    }
    if (plan_check_windows(plan, error) < 0) {
        plan_free(plan);
        campaign_free(campaign);
        return error_where(error, "%s", path);
    }
    json_object_set_new(summary, "experiments", json_integer((json_int_t)plan->experiment_count));
    json_object_set_new(summary, "length_ns", json_integer(plan->length));
    json_object_set_new(summary, "estimated_ns", json_integer(plan->estimate));
    clock_format_duration(plan->estimate, length, sizeof length);
    if (!wants_json)
        printf("%s: ok: campaign %s, %zu experiment%s, about %s without resets\n", path,
               campaign->name, plan->experiment_count, plural(plan->experiment_count), length);
    plan_free(plan);
    result = check_hosts(campaign->testbed, campaign, summary, error);
    campaign_free(campaign);
    return result;
}

static int check_file(const char *path, struct error *error)
{
    struct findings findings = {0};
    json_t *summary = json_object();
    int result;

    if (is_testbed_file(path))
        result = check_testbed(path, &findings, summary, error);
    else
        result = check_campaign(path, &findings, summary, error);
    if (wants_json)
        print_json(path, &findings, summary);
    else
        findings_print(&findings, stdout);
    if (result == 0 && findings.count > 0)
        result = findings_error(&findings, path, error);
    json_decref(summary);
    findings_free(&findings);
    return result;
}

static int run(const char *const operands[], size_t count, struct error *error)
{
    int result;

    (void)count;
    if (accepts_new_keys && !wants_targets)
        return error_set(error, ERROR_INPUT, "--accept-new-host-keys goes with --targets");
    result = secret_options_read(&secret_options, &secrets, error);
    if (result == 0)
        result = check_file(operands[0], error);
    secret_options_wipe(&secrets);
    return result;
}

const struct verb verb_check = {
    .name = "check",
    .summary = "say all that is wrong with a campaign or testbed file",
    .operands = "FILE",
    .description = "Reads a campaign file, with its testbed file and scenario, or a testbed file\n"
                   "alone, and prints everything that is wrong: file, line, element, what is\n"
                   "wrong, what is allowed. Nothing is connected to unless --targets is given;\n"
                   "nothing is changed on a host. Exit status 0 if all is right, 64 if a file is\n"
                   "wrong, 4 if a host can't be reached or lacks something. See\n"
                   "docs/campaign-file.md and docs/testbed-file.md.\n",
    .options = options,
    .least_operands = 1,
    .most_operands = 1,
    .run = run,
};
