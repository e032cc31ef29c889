/* runner/plan: the experiments of campaign files, random ones and faults in the load among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/plan.h"
#include "tests/unit/good_campaign.h"

static struct campaign *read_experiments(void)
{
    return good_campaign_read("tests/unit/data/campaigns/good_experiments.xml", NULL);
}

static void written_experiments_are_sorted_and_grouped(void **state)
{
    struct campaign *campaign = read_experiments();
    struct plan *plan = good_campaign_plan(campaign, 2);
    const struct planned_experiment *cascade = &plan->experiments[1];

    (void)state;
    assert_int_equal(plan->experiment_count, 2 + 1 + 20);
    assert_string_equal(cascade->name, "cascade-2");
    assert_int_equal(cascade->group_count, 3);
    assert_int_equal(cascade->injection_count, 4);
    assert_string_equal(cascade->injections[0].fault->type, "cpu");
    assert_int_equal(cascade->injections[0].start, 10 * CLOCK_SECOND);
    assert_int_equal(cascade->injections[0].step_count, 1);
    assert_true(cascade->injections[0].steps[0].value == 97);
    assert_string_equal(cascade->injections[1].target->name, "bono");
    assert_string_equal(cascade->injections[2].target->name, "sprout");
    assert_int_equal(cascade->injections[1].group, cascade->injections[2].group);
    assert_int_not_equal(cascade->injections[1].group, cascade->injections[3].group);
    plan_free(plan);
    campaign_free(campaign);
}

static void steps_of_a_profile_are_scaled(void **state)
{
    struct campaign *campaign = read_experiments();
    struct plan *plan = good_campaign_plan(campaign, 5);
    const struct planned_injection *stairs = plan->experiments[2].injections;
    struct plan *refused;
    struct error error;

    (void)state;
    assert_int_equal(stairs->step_count, 8);
    assert_int_equal(stairs->length, 16 * CLOCK_SECOND);
    assert_int_equal(stairs->steps[7].start, 14 * CLOCK_SECOND);
    assert_true(stairs->steps[7].value == 80);
    plan_free(plan);
    assert_int_equal(plan_make(campaign, (struct time_scale){1, 15}, &refused, &error), -1);
    assert_string_equal(error.what, "a step scaled to 666ms is too short");
    campaign_free(campaign);
}

static void random_experiments_fit_and_depend_on_the_seed_alone(void **state)
{
    struct campaign *campaign = read_experiments();
    struct plan *plan = good_campaign_plan(campaign, 1);
    struct plan *again = good_campaign_plan(campaign, 1);
    struct plan *other;
    bool differ = false;

    (void)state;
    campaign->random[0].seed = 6;
    other = good_campaign_plan(campaign, 1);
    for (size_t i = 3; i < plan->experiment_count; i++) {
        const struct planned_experiment *experiment = &plan->experiments[i];

        assert_int_equal(experiment->injection_count, 3);
        for (size_t j = 0; j < 3; j++) {
            const struct planned_injection *one = &experiment->injections[j];
            const struct planned_injection *same = &again->experiments[i].injections[j];

            assert_true(one->start >= 10 * CLOCK_SECOND);
            assert_true(one->start + one->length <= 95 * CLOCK_SECOND);
            assert_true(one->start == same->start && one->length == same->length);
            assert_ptr_equal(one->intensity, same->intensity);
            assert_ptr_equal(one->target, same->target);
            differ = differ || one->start != other->experiments[i].injections[j].start;
            for (size_t k = 0; k < j; k++) {
                const struct planned_injection *before = &experiment->injections[k];

                assert_true(before->target != one->target ||
                            strcmp(before->fault->type, one->fault->type) != 0 ||
                            before->start + before->length <= one->start);
            }
        }
    }
    assert_true(differ);
    plan_free(other);
    campaign->random[0].injections = 900;
    assert_int_equal(plan_make(campaign, (struct time_scale){1, 1}, &other, &(struct error){0}),
                     -1);
    plan_free(plan);
    plan_free(again);
    campaign_free(campaign);
}

static void random_faults_that_own_the_same_are_kept_apart(void **state)
{
    struct campaign *campaign = read_experiments();
    struct plan *plan;

    (void)state;
    for (size_t i = 0; i < campaign->fault_count; i++) {
        free(campaign->faults[i].owns);
        campaign->faults[i].owns = memory_string("egress");
    }
    campaign->random[0].injections = 2;
    plan = good_campaign_plan(campaign, 1);
    for (size_t i = 3; i < plan->experiment_count; i++) {
        const struct planned_injection *injections = plan->experiments[i].injections;

        for (size_t j = 1; j < plan->experiments[i].injection_count; j++) {
            for (size_t k = 0; k < j; k++)
                assert_true(injections[k].target != injections[j].target ||
                            injections[k].start + injections[k].length <= injections[j].start);
        }
    }
    plan_free(plan);
    campaign_free(campaign);
}

static void faults_in_the_load_are_planned_once(void **state)
{
    static const char *const names[] = {"overload-double-load-1",
                                        "overload-stairs-load-1",
                                        "overload-double-load-2",
                                        "overload-stairs-load-2",
                                        "both-1",
                                        "chaos-1",
                                        "chaos-2",
                                        "chaos-3"};
    struct campaign *campaign =
        good_campaign_read("tests/unit/data/campaigns/good_load_faults.xml", NULL);
    struct plan *plan = good_campaign_plan(campaign, 1);

    (void)state;
    assert_int_equal(plan->experiment_count, sizeof names / sizeof names[0]);
    for (size_t i = 0; i < plan->experiment_count; i++) {
        const struct planned_experiment *experiment = &plan->experiments[i];

        assert_string_equal(experiment->name, names[i]);
        assert_int_equal(experiment->injection_count, i < 5 ? 1 : 2);
        assert_int_equal(experiment->group_count, experiment->injection_count);
        /* The load host that calls carries it out. */
        assert_string_equal(experiment->injections[0].target->name, "load");
        assert_int_equal(experiment->injections[0].target->kind, HOST_LOAD);
        assert_string_equal(planned_target(experiment->injections), "load");
    }
    assert_int_equal(plan->experiments[1].injections[0].step_count, 3);
    for (size_t i = 5; i < plan->experiment_count; i++) {
        const struct planned_injection *one = plan->experiments[i].injections;

        assert_true(one[0].start + one[0].length <= one[1].start);
    }
    plan_free(plan);
    campaign_free(campaign);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_experiments_are_sorted_and_grouped),
        cmocka_unit_test(steps_of_a_profile_are_scaled),
        cmocka_unit_test(random_faults_that_own_the_same_are_kept_apart),
        cmocka_unit_test(random_experiments_fit_and_depend_on_the_seed_alone),
        cmocka_unit_test(faults_in_the_load_are_planned_once),
    };

    setenv("VNFAULT_DATA", ".", 1);
    unsetenv("VNFAULT_INJECTORS");
    return cmocka_run_group_tests_name("plan_experiments", tests, NULL, NULL);
}
