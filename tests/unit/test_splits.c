/* analysis/splits: folds are even, keep experiments whole, and spread the fault types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "analysis/splits.h"
#include "base/memory.h"

/* A campaign: experiments of 30 observations, fault type 1 + cell % types in ten of them; cells
 * from `faulty` on are nominal. */
struct campaign {
    struct split_input input;
    size_t *labels;
    int64_t *experiments;
    size_t *fold;
};

static struct campaign make_campaign(size_t experiments, size_t faulty, size_t types)
{
    struct campaign campaign = {0};
    size_t rows = experiments * 30;

    campaign.labels = memory_new(rows, sizeof(size_t));
    campaign.experiments = memory_new(rows, sizeof(int64_t));
    campaign.fold = memory_new(rows, sizeof(size_t));
    for (size_t row = 0; row < rows; row++) {
        size_t cell = row / 30;

        campaign.experiments[row] = (int64_t)cell * 7 - 3;
        campaign.labels[row] = cell < faulty && row % 30 >= 20 ? 1 + cell % types : 0;
    }
    campaign.input = (struct split_input){.rows = rows,
                                          .labels = campaign.labels,
                                          .label_count = types + 1,
                                          .experiments = campaign.experiments,
                                          .seed = 5};
    return campaign;
}

static void free_campaign(struct campaign *campaign)
{
    free(campaign->labels);
    free(campaign->experiments);
    free(campaign->fold);
}

static size_t count_of(const struct campaign *campaign, size_t fold, size_t label)
{
    size_t count = 0;

    for (size_t row = 0; row < campaign->input.rows; row++)
        count += campaign->fold[row] == fold && campaign->labels[row] == label;
    return count;
}

static void stratified_folds_are_even(void **state)
{
    struct campaign campaign = make_campaign(13, 11, 5);
    size_t folds = split_stratified(&campaign.input, 10, campaign.fold);

    (void)state;
    assert_int_equal(folds, 10);
    for (size_t label = 0; label < campaign.input.label_count; label++) {
        size_t least = SIZE_MAX;
        size_t most = 0;

        for (size_t fold = 0; fold < folds; fold++) {
            size_t count = count_of(&campaign, fold, label);

            least = count < least ? count : least;
            most = count > most ? count : most;
        }
        assert_true(most - least <= 1);
    }
    free_campaign(&campaign);
}

static void fewer_rows_than_folds_make_fewer_folds(void **state)
{
    size_t labels[] = {0, 1, 0};
    int64_t experiments[] = {1, 1, 1};
    size_t fold[3];
    struct split_input input = {
        .rows = 3, .labels = labels, .label_count = 2, .experiments = experiments, .seed = 1};

    (void)state;
    assert_int_equal(split_stratified(&input, 10, fold), 3);
    assert_int_equal(split_by_experiment(&input, 10, fold), 1);
    assert_int_equal(fold[0] + fold[1] + fold[2], 0);
}

static void no_experiment_is_in_two_folds(void **state)
{
    struct campaign campaign = make_campaign(31, 20, 5);
    size_t folds = split_by_experiment(&campaign.input, 10, campaign.fold);

    (void)state;
    assert_int_equal(folds, 10);
    for (size_t row = 0; row < campaign.input.rows; row++)
        assert_int_equal(campaign.fold[row], campaign.fold[row / 30 * 30]);
    for (size_t fold = 0; fold < folds; fold++)
        assert_true(count_of(&campaign, fold, 0) > 0);
    free_campaign(&campaign);
}

/* With two experiments a type, the training part has every type, whatever fold is tested. */
static void training_has_every_fault_type_of_two_experiments(void **state)
{
    static const size_t folds_asked[] = {2, 3, 5, 10, 100};

    (void)state;
    for (size_t i = 0; i < sizeof folds_asked / sizeof *folds_asked; i++) {
        struct campaign campaign = make_campaign(12, 10, 5);
        size_t folds = split_by_experiment(&campaign.input, folds_asked[i], campaign.fold);

        assert_int_equal(folds, folds_asked[i] < 12 ? folds_asked[i] : 12);
        for (size_t fold = 0; fold < folds; fold++) {
            for (size_t label = 1; label <= 5; label++)
                assert_true(count_of(&campaign, fold, label) < 20);
        }
        free_campaign(&campaign);
    }
}

static void the_seed_decides(void **state)
{
    size_t (*const splits[])(const struct split_input *, size_t, size_t *) = {split_stratified,
                                                                              split_by_experiment};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct campaign one = make_campaign(31, 20, 5);
        struct campaign same = make_campaign(31, 20, 5);
        struct campaign other = make_campaign(31, 20, 5);
        size_t size = one.input.rows * sizeof(size_t);

        other.input.seed = 6;
        splits[i](&one.input, 10, one.fold);
        splits[i](&same.input, 10, same.fold);
        splits[i](&other.input, 10, other.fold);
        assert_memory_equal(one.fold, same.fold, size);
        assert_memory_not_equal(one.fold, other.fold, size);
        free_campaign(&one);
        free_campaign(&same);
        free_campaign(&other);
    }
}

static void intensities_and_repetitions_are_folds(void **state)
{
    size_t intensities[] = {1, 0, SPLIT_TRAINING_ONLY, 1};
    size_t repetitions[] = {0, 1, 2, 0};
    size_t fold[4];
    struct split_input input = {.rows = 4,
                                .intensities = intensities,
                                .intensity_count = 2,
                                .repetitions = repetitions,
                                .repetition_count = 3};

    (void)state;
    assert_int_equal(split_by_intensity(&input, 10, fold), 2);
    assert_memory_equal(fold, intensities, sizeof fold);
    assert_int_equal(split_by_repetition(&input, 10, fold), 3);
    assert_memory_equal(fold, repetitions, sizeof fold);
}

static void nominal_experiments_are_trained_on(void **state)
{
    static const size_t some[] = {SPLIT_TRAINING_ONLY, 1, 0, SPLIT_TRAINING_ONLY};
    static const size_t all[] = {SPLIT_TRAINING_ONLY, SPLIT_TRAINING_ONLY, SPLIT_TRAINING_ONLY,
                                 SPLIT_TRAINING_ONLY};
    static const size_t none[] = {1, 0, 0, 1};
    static const size_t expected[] = {SPLIT_TRAINING_ONLY, 0, 0, SPLIT_TRAINING_ONLY};
    size_t fold[4];
    struct split_input input = {.rows = 4, .intensities = some};

    (void)state;
    assert_int_equal(split_by_nominal(&input, 10, fold), 1);
    assert_memory_equal(fold, expected, sizeof fold);
    input.intensities = all;
    assert_int_equal(split_by_nominal(&input, 10, fold), 0);
    input.intensities = none;
    assert_int_equal(split_by_nominal(&input, 10, fold), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stratified_folds_are_even),
        cmocka_unit_test(fewer_rows_than_folds_make_fewer_folds),
        cmocka_unit_test(no_experiment_is_in_two_folds),
        cmocka_unit_test(training_has_every_fault_type_of_two_experiments),
        cmocka_unit_test(the_seed_decides),
        cmocka_unit_test(intensities_and_repetitions_are_folds),
        cmocka_unit_test(nominal_experiments_are_trained_on),
    };

    return cmocka_run_group_tests_name("splits", tests, NULL, NULL);
}
