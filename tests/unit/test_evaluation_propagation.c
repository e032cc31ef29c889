/* The propagation of an evaluation: each target's own faults, as the others' detectors saw them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "analysis/evaluation_propagation.h"
#include "analysis/evaluation_record.h"
#include "base/memory.h"

struct seen {
    const char *experiment;
    const char *target;
    const char *verdict;
    double delay_s;
};

static void add_target(struct evaluation *evaluation, const char *name, const struct seen *seen,
                       size_t count)
{
    struct target_result *target = &evaluation->targets[evaluation->target_count++];
    struct split_result *split;

    target->target = memory_string(name);
    target->splits = memory_new(1, sizeof *target->splits);
    target->split_count = 1;
    split = target->splits;
    split->name = memory_string("experiment");
    split->detection.seen = memory_new(count, sizeof *split->detection.seen);
    split->detection.seen_count = count;
    for (size_t i = 0; i < count; i++)
        split->detection.seen[i] =
            (struct seen_fault){memory_string(seen[i].experiment), memory_string(seen[i].target),
                                memory_string(seen[i].verdict), seen[i].delay_s};
}

static struct evaluation *new_evaluation(void)
{
    struct evaluation *evaluation = memory_new(1, sizeof *evaluation);

    evaluation->targets = memory_new(4, sizeof *evaluation->targets);
    return evaluation;
}

static void cells_count_faults_and_first_alarms(void **state)
{
    /* On bono: e1 seen by bono at once and by sprout later, e2 by sprout alone. On sprout: e3 by
     * both within the period. Nobody evaluates homestead's fault e4 from homestead itself. */
    static const struct seen bono[] = {{"e1", "bono", "found", 1},
                                       {"e2", "bono", "missed", NAN},
                                       {"e3", "sprout", "found", 2.5},
                                       {"e4", "homestead", "found", 1}};
    static const struct seen sprout[] = {
        {"e1", "bono", "found", 5}, {"e2", "bono", "found", 3}, {"e3", "sprout", "found", 2}};
    struct evaluation *evaluation = new_evaluation();
    const struct propagation_cell *cells;

    (void)state;
    add_target(evaluation, "bono", bono, 4);
    add_target(evaluation, "sprout", sprout, 3);
    evaluation_propagation(evaluation, 1);
    cells = evaluation->propagation;
    assert_int_equal(evaluation->propagation_count, 4);
    assert_string_equal(cells[1].faulty, "bono");
    assert_string_equal(cells[1].seen_from, "sprout");
    assert_int_equal(cells[0].observed, 2);
    assert_int_equal(cells[0].seen, 1);
    assert_true(cells[0].median_delay_s == 1);
    assert_int_equal(cells[0].first, 1);
    assert_int_equal(cells[1].seen, 2);
    assert_true(cells[1].median_delay_s == 4);
    assert_int_equal(cells[1].first, 1);
    assert_int_equal(cells[2].seen, 1);
    assert_int_equal(cells[2].tied, 1);
    assert_int_equal(cells[3].tied, 1);
    assert_int_equal(evaluation->localisation.right, 1);
    assert_int_equal(evaluation->localisation.tied, 1);
    assert_int_equal(evaluation->localisation.wrong, 1);
    assert_int_equal(evaluation->localisation.unseen, 0);
    evaluation_free(evaluation);
}

/* Two faults on bono in one experiment: the second is seen by sprout alone. */
static void faults_of_one_experiment_are_told_apart(void **state)
{
    static const struct seen bono[] = {
        {"e1", "bono", "found", 1}, {"e1", "sprout", "found", 9}, {"e1", "bono", "missed", NAN}};
    static const struct seen sprout[] = {
        {"e1", "bono", "missed", NAN}, {"e1", "sprout", "found", 2}, {"e1", "bono", "found", 3}};
    struct evaluation *evaluation = new_evaluation();
    const struct propagation_cell *cells;

    (void)state;
    add_target(evaluation, "bono", bono, 3);
    add_target(evaluation, "sprout", sprout, 3);
    evaluation_propagation(evaluation, 1);
    cells = evaluation->propagation;
    assert_int_equal(cells[0].observed, 2);
    assert_int_equal(cells[0].seen, 1);
    assert_int_equal(cells[0].first, 1);
    assert_int_equal(cells[1].seen, 1);
    assert_true(cells[1].median_delay_s == 3);
    assert_int_equal(cells[1].first, 1);
    assert_int_equal(evaluation->localisation.right, 2);
    assert_int_equal(evaluation->localisation.wrong, 1);
    assert_int_equal(evaluation->localisation.unseen, 0);
    evaluation_free(evaluation);
}

static void one_target_alone_has_none(void **state)
{
    static const struct seen bono[] = {{"e1", "bono", "found", 1}};
    struct evaluation *evaluation = new_evaluation();

    (void)state;
    add_target(evaluation, "bono", bono, 1);
    add_target(evaluation, "sprout", NULL, 0);
    evaluation->targets[1].splits[0].detection.unavailable = memory_string("no fold was tested");
    evaluation_propagation(evaluation, 1);
    assert_int_equal(evaluation->propagation_count, 0);
    evaluation_free(evaluation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_count_faults_and_first_alarms),
        cmocka_unit_test(faults_of_one_experiment_are_told_apart),
        cmocka_unit_test(one_target_alone_has_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
