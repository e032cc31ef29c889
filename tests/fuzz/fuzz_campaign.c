/*
 * libFuzzer target: any bytes as a campaign file and as a testbed file. Whatever they are, the
 * reading ends, says what is wrong, and returns a campaign only if nothing is.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "runner/campaign.h"
#include "runner/plan.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static char folder[] = "/tmp/vnfault-fuzz.XXXXXX";
static char path[sizeof folder + 16];

static void remove_folder(void)
{
    struct error error;

    folder_remove(folder, &error);
}

/* Run from the top of the source tree: schema and injectors are read from there. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    setenv("VNFAULT_DATA", ".", 0);
    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(path, sizeof path, "%s/input.xml", folder);
    return atexit(remove_folder);
}

static void check(bool is_read, const struct findings *findings)
{
    if (is_read != (findings->count == 0))
        abort();
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->items[i].line < 1 || findings->items[i].what[0] == '\0')
            abort();
    }
}

static void try_campaign(void)
{
    struct findings findings = {0};
    struct campaign *campaign = campaign_read(path, "campaigns/testbeds/lab.xml", &findings);
    struct plan *plan;
    struct error error;

    check(campaign != NULL, &findings);
    if (campaign != NULL && plan_make(campaign, (struct time_scale){1, 3}, &plan, &error) == 0)
        plan_free(plan);
    campaign_free(campaign);
    findings_free(&findings);
}

static void try_testbed(void)
{
    struct findings findings = {0};
    struct testbed *testbed = testbed_read(path, &findings);

    check(testbed != NULL, &findings);
    testbed_free(testbed);
    findings_free(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct error error;

    if (file_write(path, (const char *)bytes, length, &error) < 0)
        abort();
    try_campaign();
    try_testbed();
    return 0;
}
