/* runner/plan_shard: a campaign divided over testbeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "runner/plan_shard.h"
#include "tests/unit/good_campaign.h"

#define SAUVANAUD "campaigns/sauvanaud-2016.xml" /* 30 experiments, each once */
enum { EXPERIMENTS = 30, REPETITIONS = 4, NOMINAL = 3, REPEATED = 123 };

static struct plan *shard_of(const struct campaign *campaign, int64_t number, int64_t count)
{
    struct plan *plan = good_campaign_plan(campaign, 1);
    struct error error = {0};

    if (plan_take_shard(plan, (struct shard){number, count}, &error) < 0)
        fail_msg("%s", error.what);
    return plan;
}

/* Every cell is in one shard, with the name and the order that it has in the whole plan. */
static void expect_division(const struct campaign *campaign, size_t experiments, int64_t count)
{
    struct plan *whole = good_campaign_plan(campaign, 1);
    size_t *seen = calloc(experiments, sizeof *seen);
    size_t least = experiments / (size_t)count;

    assert_int_equal(whole->experiment_count, experiments);
    for (int64_t number = 1; number <= count; number++) {
        struct plan *plan = shard_of(campaign, number, count);

        assert_in_range(plan->experiment_count, least, least + (experiments % (size_t)count > 0));
        assert_int_equal(plan->whole_count, experiments);
        assert_int_equal(plan->length,
                         whole->length / (int64_t)experiments * (int64_t)plan->experiment_count);
        for (size_t i = 0; i < plan->experiment_count; i++) {
            size_t cell = plan->experiments[i].cell;

            assert_true(i == 0 || cell > plan->experiments[i - 1].cell);
            assert_string_equal(plan->experiments[i].name, whole->experiments[cell].name);
            seen[cell]++;
        }
        plan_free(plan);
    }
    for (size_t i = 0; i < experiments; i++)
        assert_int_equal(seen[i], 1);
    free(seen);
    plan_free(whole);
}

static void every_experiment_is_in_one_shard(void **state)
{
    struct campaign *campaign = good_campaign_read(SAUVANAUD, NULL);

    (void)state;
    for (int64_t count = 1; count <= EXPERIMENTS; count++)
        expect_division(campaign, EXPERIMENTS, count);
    campaign->repetitions = REPETITIONS;
    campaign->nominal_repetitions = NOMINAL;
    for (int64_t count = 1; count <= 9; count++)
        expect_division(campaign, REPEATED, count);
    campaign_free(campaign);
}

/* Experiments of the shard whose name begins so. */
static size_t count_of(const struct plan *plan, const char *prefix)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->experiment_count; i++)
        count += strncmp(plan->experiments[i].name, prefix, strlen(prefix)) == 0;
    return count;
}

static void repetitions_go_to_different_shards(void **state)
{
    struct campaign *campaign = good_campaign_read(SAUVANAUD, NULL);

    (void)state;
    campaign->repetitions = REPETITIONS;
    campaign->nominal_repetitions = NOMINAL;
    for (int64_t number = 1; number <= 2; number++) {
        struct plan *plan = shard_of(campaign, number, 2);

        assert_int_equal(count_of(plan, "cpu-high-sprout-"), 2);
        assert_int_equal(count_of(plan, "latency-medium-bono-"), 2);
        assert_in_range(count_of(plan, "nominal-"), 1, 2);
        plan_free(plan);
    }
    campaign_free(campaign);
}

/* Pinned: another division would make shards of two versions overlap. */
static void division_is_the_same_on_every_machine(void **state)
{
    static const char *const names[] = {"memory-medium-sprout-1", "memory-medium-homestead-1",
                                        "memory-high-bono-1", "disk-high-sprout-1",
                                        "latency-medium-sprout-1"};
    struct campaign *campaign = good_campaign_read(SAUVANAUD, NULL);
    struct plan *plan = shard_of(campaign, 1, 6);

    (void)state;
    assert_int_equal(plan->experiment_count, sizeof names / sizeof names[0]);
    for (size_t i = 0; i < plan->experiment_count; i++)
        assert_string_equal(plan->experiments[i].name, names[i]);
    plan_free(plan);
    campaign_free(campaign);
}

/* The order in which experiments are run has no say in who runs them. */
static void shuffled_campaign_is_divided_alike(void **state)
{
    struct campaign *campaign = good_campaign_read(SAUVANAUD, NULL);
    struct plan *listed = shard_of(campaign, 2, 3);
    struct plan *shuffled;

    (void)state;
    campaign->order = ORDER_SHUFFLED;
    campaign->seed = 7;
    shuffled = shard_of(campaign, 2, 3);
    assert_int_equal(listed->experiment_count, shuffled->experiment_count);
    for (size_t i = 0; i < listed->experiment_count; i++)
        assert_int_equal(count_of(shuffled, listed->experiments[i].name), 1);
    plan_free(listed);
    plan_free(shuffled);
    campaign_free(campaign);
}

static void more_shards_than_experiments_are_refused(void **state)
{
    struct campaign *campaign = good_campaign_read(SAUVANAUD, NULL);
    struct plan *plan = good_campaign_plan(campaign, 1);
    struct error error = {0};

    (void)state;
    assert_int_equal(plan_take_shard(plan, (struct shard){1, 31}, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_string_equal(error.what, "31 shards are too many for a campaign of 30 experiments");
    assert_int_equal(plan->experiment_count, EXPERIMENTS);
    plan_free(plan);
    campaign_free(campaign);
}

static void shards_are_parsed(void **state)
{
    static const char *const wrong[] = {"",
                                        "1",
                                        "0/2",
                                        "3/2",
                                        "1/0",
                                        "-1/2",
                                        "1/2 ",
                                        "1/2/3",
                                        " 1/2",
                                        "1.5/2",
                                        "a/b",
                                        "1/100001",
                                        "1/99999999999999999999"};
    struct shard shard;
    struct error error = {0};

    (void)state;
    assert_int_equal(shard_parse("2/12", &shard, &error), 0);
    assert_int_equal(shard.number, 2);
    assert_int_equal(shard.count, 12);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (shard_parse(wrong[i], &shard, &error) == 0)
            fail_msg("'%s' was taken", wrong[i]);
        assert_int_equal(error.kind, ERROR_INPUT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_experiment_is_in_one_shard),
        cmocka_unit_test(repetitions_go_to_different_shards),
        cmocka_unit_test(division_is_the_same_on_every_machine),
        cmocka_unit_test(shuffled_campaign_is_divided_alike),
        cmocka_unit_test(more_shards_than_experiments_are_refused),
        cmocka_unit_test(shards_are_parsed),
    };

    setenv("VNFAULT_DATA", ".", 1);
    return cmocka_run_group_tests_name("plan shard", tests, NULL, NULL);
}
