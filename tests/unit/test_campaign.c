/* runner/campaign, runner/testbed: what good files say arrives in the structures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/campaign.h"
#include "runner/load_profile.h"
#include "tests/unit/good_campaign.h"

#define FOLDER "tests/unit/data/campaigns/"

static void load_and_times_are_read(void **state)
{
    struct campaign *campaign = good_campaign_read(FOLDER "good_includes.xml", NULL);
    const struct load_plan *load = &campaign->load;

    (void)state;
    assert_string_equal(campaign->name, "test");
    assert_string_equal(campaign->description, "Everything but the times is included");
    assert_string_equal(load->driver, "sipp");
    assert_int_equal(load->scenario[0], '/');
    assert_non_null(strstr(load->scenario, "/tests/unit/data/campaigns/scenario"));
    assert_int_equal(load->caller_count, 1);
    assert_string_equal(load->callers[0], "load");
    assert_string_equal(load->service, "192.0.2.11:5060");
    assert_string_equal(load->domain, "ims.test");
    assert_string_equal(load->transport, "udp");
    assert_true(load->rate == 120);
    assert_int_equal(load->subscribers, 1000);
    assert_true(load->maximum_failure_share == 0.01 && load->minimum_rate_share == 0.95);
    assert_int_equal(campaign->monitoring_period, CLOCK_SECOND);
    assert_int_equal(campaign->timeline.warm_up, 3 * CLOCK_SECOND);
    assert_int_equal(campaign->timeline.duration, 60 * CLOCK_SECOND);
    assert_int_equal(campaign->timeline.cool_down, 5 * CLOCK_SECOND);
    assert_int_equal(campaign->timeline.injection_start, 20 * CLOCK_SECOND);
    assert_int_equal(campaign->timeline.injection_length, 15 * CLOCK_SECOND);
    campaign_free(campaign);
}

static void matrix_and_the_rest_are_read(void **state)
{
    struct campaign *campaign = good_campaign_read(FOLDER "good_includes.xml", NULL);

    (void)state;
    assert_int_equal(campaign->target_count, 1);
    assert_string_equal(campaign->targets[0], "sprout");
    assert_int_equal(campaign->fault_count, 2);
    assert_string_equal(campaign->faults[0].type, "cpu");
    assert_int_equal(campaign->faults[0].intensity_count, 2);
    assert_string_equal(campaign->faults[0].intensities[1].name, "high");
    assert_true(campaign->faults[0].intensities[1].value == 97);
    assert_string_equal(campaign->faults[0].intensities[1].unit, "%");
    assert_string_equal(campaign->faults[1].intensities[0].unit, "ms");
    assert_int_equal(campaign->repetitions, 1);
    assert_int_equal(campaign->nominal_repetitions, 0);
    assert_int_equal(campaign->order, ORDER_LISTED);
    assert_int_equal(campaign->reset.method, RESET_REBOOT);
    assert_true(campaign->service_level.maximum_failure_share == 0.025);
    assert_int_equal(campaign->service_level.maximum_response_time, 250 * CLOCK_MILLISECOND);
    campaign_free(campaign);
}

static void profiles_become_steps(void **state)
{
    struct campaign *campaign = good_campaign_read(FOLDER "good_experiments.xml", NULL);
    const struct intensity *intensities = campaign->faults[0].intensities;

    (void)state;
    assert_int_equal(campaign->faults[0].intensity_count, 4);
    assert_int_equal(intensities[0].step_count, 0);
    assert_string_equal(intensities[0].text, "97%");
    assert_int_equal(intensities[1].step_count, 8);
    assert_true(intensities[1].steps[7].value == 80);
    assert_int_equal(intensities[1].steps[7].length, 10 * CLOCK_SECOND);
    assert_true(intensities[1].value == 80);
    assert_string_equal(intensities[1].text, "10%..80%");
    assert_int_equal(intensities[2].step_count, 5);
    assert_true(intensities[2].value == 50 && intensities[2].steps[4].value == 30);
    assert_int_equal(intensities[2].steps[0].length, 10 * CLOCK_SECOND);
    assert_int_equal(intensities[3].step_count, 2);
    assert_true(intensities[3].steps[1].value == 97);
    assert_int_equal(intensities[3].steps[1].length, 10 * CLOCK_SECOND);
    campaign_free(campaign);
}

static void experiments_have_their_injections(void **state)
{
    struct campaign *campaign = good_campaign_read(FOLDER "good_experiments.xml", NULL);
    const struct campaign_experiment *cascade = &campaign->experiments[0];

    (void)state;
    assert_int_equal(campaign->experiment_count, 2);
    assert_string_equal(cascade->name, "cascade");
    assert_int_equal(cascade->repetitions, 2);
    assert_int_equal(cascade->injection_count, 3);
    assert_int_equal(cascade->injections[0].fault, 1);
    assert_int_equal(cascade->injections[0].target_count, 2);
    assert_string_equal(cascade->injections[0].targets[1], "sprout");
    assert_int_equal(cascade->injections[0].start, 30 * CLOCK_SECOND);
    assert_int_equal(cascade->injections[1].length, 40 * CLOCK_SECOND);
    assert_int_equal(campaign->experiments[1].injections[0].length, 80 * CLOCK_SECOND);
    assert_int_equal(campaign->random_count, 1);
    assert_int_equal(campaign->random[0].count, 20);
    assert_int_equal(campaign->random[0].injections, 3);
    assert_int_equal(campaign->random[0].most_length, 20 * CLOCK_SECOND);
    assert_int_equal(campaign->random[0].target_count, 0);
    campaign_free(campaign);
}

static void what_is_left_out_has_its_standard(void **state)
{
    struct campaign *campaign = good_campaign_read(FOLDER "good_nominal.xml", NULL);

    (void)state;
    assert_string_equal(campaign->description, "");
    assert_int_equal(campaign->fault_count, 0);
    assert_int_equal(campaign->target_count, 0);
    assert_int_equal(campaign->nominal_repetitions, 3);
    assert_int_equal(campaign->order, ORDER_SHUFFLED);
    assert_int_equal(campaign->seed, 7);
    assert_int_equal(campaign->timeline.injection_length, 0);
    assert_true(campaign->service_level.maximum_failure_share < 0);
    assert_true(campaign->service_level.maximum_response_time < 0);
    campaign_free(campaign);
}

static void recorded_xml_has_the_includes_in_place(void **state)
{
    struct campaign *campaign = good_campaign_read(FOLDER "good_includes.xml", NULL);

    (void)state;
    assert_non_null(strstr(campaign->xml, "rate=\"120calls/s\""));
    assert_non_null(strstr(campaign->xml, "<fault type=\"cpu\""));
    assert_null(strstr(campaign->xml, "xi:include"));
    campaign_free(campaign);
}

static void hosts_take_the_standard_access_or_their_own(void **state)
{
    struct campaign *campaign = good_campaign_read(FOLDER "good_includes.xml", NULL);
    const struct testbed *testbed = campaign->testbed;
    const struct host *sprout = testbed_host(testbed, "sprout");
    const struct host *bono = testbed_host(testbed, "bono");
    const struct host *load = testbed_host(testbed, "load");

    (void)state;
    assert_int_equal(testbed->host_count, 3);
    assert_null(testbed_host(testbed, "homestead"));
    assert_int_equal(sprout->kind, HOST_TARGET);
    assert_string_equal(sprout->role, "S-CSCF");
    assert_string_equal(sprout->reboot, "systemctl reboot");
    assert_string_equal(sprout->access.method, "ssh");
    assert_string_equal(sprout->access.address, "192.0.2.12");
    assert_string_equal(sprout->access.user, "ims");
    assert_string_equal(sprout->access.key, FOLDER "keys/id");
    assert_int_equal(sprout->access.port, 2222);
    assert_true(sprout->access.sudo);
    assert_int_equal(sprout->access.timeout, 5 * CLOCK_SECOND);
    assert_int_equal(sprout->source_count, 1);
    assert_string_equal(sprout->sources[0].collector, "cgroup");
    assert_string_equal(source_attribute(&sprout->sources[0], "interface", ""), "sprout");
    assert_string_equal(source_attribute(&sprout->sources[0], "device", "none"), "none");
    assert_string_equal(bono->access.user, "root");
    assert_int_equal(bono->access.port, 22);
    assert_false(bono->access.sudo);
    assert_string_equal(bono->reboot, "reboot");
    assert_int_equal(load->kind, HOST_LOAD);
    assert_string_equal(load->access.address, "load.example.org");
    campaign_free(campaign);
}

static void another_testbed_can_be_given(void **state)
{
    struct campaign *campaign =
        good_campaign_read("campaigns/quickstart.xml", "campaigns/testbeds/lab.xml");

    (void)state;
    assert_string_equal(campaign->testbed->name, "lab");
    assert_string_equal(campaign->testbed->path, "campaigns/testbeds/lab.xml");
    campaign_free(campaign);
}

/* Each on the lab and on pods, whose targets have the same names. */
static void the_second_paper_s_campaigns_are_right(void **state)
{
    static const char *const names[] = {"campaign", "nominal", "failed-calls", "overload",
                                        "cpu-stress"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *path = memory_format("campaigns/syrroca-2021/%s.xml", names[i]);
        struct campaign *lab = good_campaign_read(path, NULL);
        struct campaign *pods =
            good_campaign_read(path, "campaigns/testbeds/syrroca-kubernetes.xml");
        struct campaign *exporter = good_campaign_read(path, "campaigns/testbeds/syrroca-lab.xml");

        assert_int_equal(lab->timeline.duration / lab->monitoring_period, 2880);
        assert_int_equal(lab->load.call_duration, INT64_C(180) * CLOCK_SECOND);
        assert_int_equal(lab->load.profile->written, PROFILE_WEEK);
        campaign_free(lab);
        campaign_free(pods);
        campaign_free(exporter);
        free(path);
    }
}

static void a_load_profile_is_read(void **state)
{
    struct campaign *day = good_campaign_read("tests/unit/data/campaigns/good_profile.xml", NULL);
    struct campaign *rates =
        good_campaign_read("tests/unit/data/campaigns/good_profile_rates.xml", NULL);

    (void)state;
    assert_true(day->load.rate == 20);
    assert_int_equal(day->load.call_duration, INT64_C(180) * CLOCK_SECOND);
    assert_int_equal(day->load.profile_start, INT64_C(66600) * CLOCK_SECOND);
    assert_int_equal(day->load.profile_advance, INT64_C(21600) * CLOCK_SECOND);
    assert_false(day->load.profile->held);
    /* What is recorded has it in it. */
    assert_non_null(strstr(day->xml, "time,share\n08:00,10%"));
    assert_true(rates->load.rate == 40);
    assert_int_equal(rates->load.profile->period, INT64_C(3600) * CLOCK_SECOND);
    assert_true(rates->load.profile->held);
    campaign_free(day);
    campaign_free(rates);
}

static void shipped_campaigns_are_right(void **state)
{
    struct campaign *quickstart = good_campaign_read("campaigns/quickstart.xml", NULL);
    struct campaign *paper = good_campaign_read("campaigns/sauvanaud-2016.xml", NULL);

    (void)state;
    assert_int_equal(quickstart->fault_count, 5);
    assert_true(quickstart->timeline.duration / quickstart->monitoring_period >= 60);
    assert_int_equal(paper->fault_count, 5);
    assert_int_equal(paper->target_count, 3);
    assert_int_equal(paper->timeline.duration / paper->monitoring_period, 320);
    campaign_free(quickstart);
    campaign_free(paper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(load_and_times_are_read),
        cmocka_unit_test(matrix_and_the_rest_are_read),
        cmocka_unit_test(profiles_become_steps),
        cmocka_unit_test(experiments_have_their_injections),
        cmocka_unit_test(what_is_left_out_has_its_standard),
        cmocka_unit_test(recorded_xml_has_the_includes_in_place),
        cmocka_unit_test(hosts_take_the_standard_access_or_their_own),
        cmocka_unit_test(another_testbed_can_be_given),
        cmocka_unit_test(a_load_profile_is_read),
        cmocka_unit_test(shipped_campaigns_are_right),
        cmocka_unit_test(the_second_paper_s_campaigns_are_right),
    };

    setenv("VNFAULT_DATA", ".", 1);
    unsetenv("VNFAULT_INJECTORS");
    return cmocka_run_group_tests_name("campaign", tests, NULL, NULL);
}
