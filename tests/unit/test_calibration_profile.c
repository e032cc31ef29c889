/* Calibrating a load that follows a profile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/calibration_campaign.h"
#include "runner/calibration_fragment.h"
#include "runner/load_profile.h"
#include "tests/unit/fixture_run.h"
#include "tests/unit/good_campaign.h"

#define FOLDER "tests/unit/data/campaigns/"
#define MUST(call) assert_int_equal((call), 0)

static void a_profile_is_held_at_its_peak(void **state)
{
    struct campaign *campaign = good_campaign_read(FOLDER "good_profile.xml", NULL);
    double rate = campaign->load.rate;
    char *none[] = {NULL};
    struct injector_table injectors = {0};
    struct load_profile *profile;
    struct error error = {0};

    (void)state;
    campaign->load.profile->points[0].share = 0.25;
    for (size_t i = 1; i < campaign->load.profile->count; i++)
        campaign->load.profile->points[i].share = 0.8;
    MUST(calibration_campaign_choose(campaign, &injectors, none, NULL, &profile, &error));
    assert_null(campaign->load.profile);
    assert_true(fabs(campaign->load.rate - 0.8 * rate) < 1e-9);
    assert_non_null(profile);
    load_profile_free(profile);
    campaign_free(campaign);
}

static void a_profile_of_rates_leaves_none_to_be_found(void **state)
{
    struct campaign *campaign = good_campaign_read(FOLDER "good_profile_rates.xml", NULL);
    double rate = campaign->load.rate;
    char *types[] = {"cpu", NULL};
    char *targets[] = {"sprout", NULL};
    char *none[] = {NULL};
    struct injector_table injectors = {0};
    struct load_profile *profile;
    struct error error = {0};

    (void)state;
    MUST(injector_table_read(&injectors, &error));
    assert_int_equal(
        calibration_campaign_choose(campaign, &injectors, none, NULL, &profile, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_null(profile);
    MUST(calibration_campaign_choose(campaign, &injectors, types, targets, &profile, &error));
    assert_true(campaign->load.rate == rate);
    load_profile_free(profile);
    campaign_free(campaign);
    injector_table_free(&injectors);
}

/* A campaign that takes in the fragment load.xml where it is. */
static struct campaign *read_with(const char *folder)
{
    char *path = memory_format("%s/whole.xml", folder);
    char *testbed = realpath(FOLDER "testbed.xml", NULL);
    char *text = memory_format(
        "<campaign name=\"whole\" xmlns=\"urn:vnfault:campaign:1\" "
        "xmlns:xi=\"http://www.w3.org/2001/XInclude\"><testbed file=\"%s\"/>"
        "<xi:include href=\"load.xml\"/><monitoring period=\"1s\"/>"
        "<timeline warm-up=\"3s\" duration=\"60s\" cool-down=\"5s\"/>"
        "<matrix repetitions=\"0\" order=\"listed\"><nominal repetitions=\"3\"/></matrix>"
        "<reset method=\"none\"/></campaign>",
        testbed);
    struct error error = {0};
    struct campaign *campaign;

    MUST(file_write(path, text, strlen(text), &error));
    campaign = good_campaign_read(path, NULL);
    free(text);
    free(testbed);
    free(path);
    return campaign;
}

static void a_profile_goes_with_its_rate(void **state)
{
    struct calibration_finding found = {
        .goal = CALIBRATE_RATE, .unit = "calls/s", .found = true, .value = 60, .beyond = NAN};
    const struct calibration_findings findings = {&found, 1};
    struct campaign *campaign = good_campaign_read(FOLDER "good_profile.xml", NULL);
    char *folder = fixture_folder();
    char *path = memory_format("%s/load.xml", folder);
    struct error error = {0};
    struct campaign *whole;
    struct load_profile *profile;
    char *none[] = {NULL};
    struct injector_table injectors = {0};

    (void)state;
    MUST(folder_make(folder, &error));
    for (size_t i = 0; i < campaign->load.profile->count; i++)
        campaign->load.profile->points[i].share *= 0.5;
    MUST(calibration_campaign_choose(campaign, &injectors, none, NULL, &profile, &error));
    MUST(calibration_fragment_write(path, campaign, profile, "results/x", &findings, &error));
    whole = read_with(folder);
    assert_true(whole->load.rate == 120);
    assert_non_null(whole->load.profile);
    assert_string_equal(whole->load.profile->text, profile->text);
    campaign_free(whole);
    load_profile_free(profile);
    campaign_free(campaign);
    MUST(folder_remove(folder, &error));
    free(path);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_is_held_at_its_peak),
        cmocka_unit_test(a_profile_of_rates_leaves_none_to_be_found),
        cmocka_unit_test(a_profile_goes_with_its_rate),
    };

    setenv("VNFAULT_DATA", ".", 1);
    return cmocka_run_group_tests_name("calibration of a load profile", tests, NULL, NULL);
}
