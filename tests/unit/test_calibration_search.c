/* runner/calibration_search and calibration_share: the limit is found, with noise too, and in few
 * steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/random.h"
#include "runner/calibration_search.h"
#include "runner/calibration_share.h"

static const struct search_range rates = {
    .start = 160, .least = 16, .most = 100000, .precision = 0.05, .whole = true};

enum { MOST_POINTS = 64 };

struct scene {
    const struct search_range *range;
    struct search_point points[MOST_POINTS];
    int64_t calls[MOST_POINTS];
    int64_t failed[MOST_POINTS];
    size_t count;
    size_t steps;
};

static size_t place_of(struct scene *scene, double value)
{
    for (size_t i = 0; i < scene->count; i++) {
        if (scene->points[i].value == value)
            return i;
    }
    assert_true(scene->count < MOST_POINTS);
    scene->points[scene->count] = (struct search_point){.value = value};
    return scene->count++;
}

/* Searches with answers of a service that has that limit and always says where it is. */
static struct search_result search_exactly(struct scene *scene, double limit)
{
    for (;;) {
        struct search_result next = search_next(scene->range, scene->points, scene->count);
        size_t place;

        if (next.state != SEARCH_MEASURE)
            return next;
        place = place_of(scene, next.value);
        scene->points[place].answer = next.value <= limit ? ANSWER_WITHIN : ANSWER_BEYOND;
        scene->points[place].steps++;
        scene->steps++;
        assert_true(scene->steps < 100);
    }
}

static void the_limit_lies_within_the_precision(void **state)
{
    const double limits[] = {16, 17, 100, 159, 160, 161, 400, 1100, 50000, 99999};

    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct scene scene = {.range = &rates};
        struct search_result found = search_exactly(&scene, limits[i]);

        assert_int_equal(found.state, SEARCH_FOUND);
        assert_true(found.value <= limits[i]);
        assert_true(found.beyond > limits[i]);
        assert_true(found.beyond - found.value <= fmax(1, 0.05 * found.value));
        assert_true(scene.steps <= 20);
    }
}

static void the_ends_of_the_range_are_told(void **state)
{
    struct scene all = {.range = &rates};
    struct scene none = {.range = &rates};
    struct search_result found = search_exactly(&all, 1e9);

    (void)state;
    assert_int_equal(found.state, SEARCH_FOUND);
    assert_true(found.value == 100000);
    assert_true(isnan(found.beyond));
    found = search_exactly(&none, 1);
    assert_int_equal(found.state, SEARCH_NONE);
    assert_true(found.beyond == 16);
}

/* 97 % to 100 %: the paper's highest is near enough. */
static void what_is_near_enough_is_not_halved(void **state)
{
    const struct search_range range = {.start = 97, .least = 1, .most = 100, .precision = 0.05};
    struct scene scene = {.range = &range};
    struct search_result found = search_exactly(&scene, 98);

    (void)state;
    assert_true(found.value == 97);
    assert_true(found.beyond == 100);
    assert_int_equal(scene.steps, 4); /* each twice */
}

static void values_have_three_digits(void **state)
{
    const struct search_range range = {.start = 1, .least = 0.01, .most = 100, .precision = 0.01};

    (void)state;
    assert_true(search_round(&range, 12.3456) == 12.3);
    assert_true(search_round(&range, 0.001) == 0.01);
    assert_true(search_round(&range, 1000) == 100);
    assert_true(search_round(&rates, 1234.4) == 1234);
}

static void what_is_unclear_is_measured_again_and_then_beyond(void **state)
{
    struct search_point points[] = {{100, ANSWER_WITHIN, 2}, {104, ANSWER_UNCLEAR, 1}};
    struct search_result next = search_next(&rates, points, 2);

    (void)state;
    assert_int_equal(next.state, SEARCH_MEASURE);
    assert_true(next.value == 104);
    points[1].steps = SEARCH_MOST_STEPS;
    next = search_next(&rates, points, 2);
    assert_int_equal(next.state, SEARCH_FOUND);
    assert_true(next.value == 100);
    assert_true(next.beyond == 104);
}

static void what_was_within_above_the_limit_was_luck(void **state)
{
    const struct search_point points[] = {
        {100, ANSWER_WITHIN, 2}, {104, ANSWER_BEYOND, 2}, {200, ANSWER_WITHIN, 2}};
    struct search_result next = search_next(&rates, points, 3);

    (void)state;
    assert_int_equal(next.state, SEARCH_FOUND);
    assert_true(next.value == 100);
}

/* One burst of noise at a value that is well within: it is measured again before it counts. */
static void one_bad_step_does_not_decide(void **state)
{
    const struct search_point points[] = {{160, ANSWER_WITHIN, 1}, {164, ANSWER_BEYOND, 1}};
    struct search_result next = search_next(&rates, points, 2);

    (void)state;
    assert_int_equal(next.state, SEARCH_MEASURE);
    assert_true(next.value == 160);
}

static void a_narrower_range_takes_what_was_measured(void **state)
{
    const struct search_range range = {
        .start = 800, .least = 16, .most = 800, .precision = 0.05, .whole = true};
    const struct search_point points[] = {
        {640, ANSWER_WITHIN, 1}, {1000, ANSWER_WITHIN, 2}, {1050, ANSWER_BEYOND, 2}};
    const struct search_point more[] = {{640, ANSWER_WITHIN, 1}, {800, ANSWER_WITHIN, 2}};
    struct search_result next = search_next(&range, points, 3);

    (void)state;
    assert_int_equal(next.state, SEARCH_MEASURE);
    assert_true(next.value == 800);
    next = search_next(&range, more, 2);
    assert_int_equal(next.state, SEARCH_FOUND);
    assert_true(next.value == 800);
}

/* Failures rise with the rate, through 1 % at 1000 calls/s; calls fail at random. */
static enum calibration_answer ask(struct scene *scene, size_t place, struct random *random)
{
    double share = 0.01 * pow(scene->points[place].value / 1000, 6);
    struct failed_share bounds;

    for (int i = 0; i < 10000; i++)
        scene->failed[place] += random_unit(random) < share;
    scene->calls[place] += 10000;
    bounds = failed_share_of_sums(scene->calls[place], scene->failed[place], 1);
    if (bounds.most <= 0.01)
        return ANSWER_WITHIN;
    return bounds.least > 0.01 ? ANSWER_BEYOND : ANSWER_UNCLEAR;
}

static void noise_moves_the_result_little(void **state)
{
    size_t near = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct scene scene = {.range = &rates};
        struct random random;
        struct search_result next;

        random_seed(&random, seed);
        while ((next = search_next(&rates, scene.points, scene.count)).state == SEARCH_MEASURE) {
            size_t place = place_of(&scene, next.value);

            scene.points[place].answer = ask(&scene, place, &random);
            scene.points[place].steps++;
            assert_true(++scene.steps < 60);
        }
        assert_int_equal(next.state, SEARCH_FOUND);
        assert_true(next.value < 1020); /* never on the wrong side by more than chance */
        near += next.value > 850;
    }
    assert_true(near >= 48);
}

static void bounds_are_wilsons(void **state)
{
    struct failed_share share = failed_share_of_sums(100, 10, 1);

    (void)state;
    /* Worked out apart, by the formula with z = 1.959964. */
    assert_true(fabs(share.least - 0.05522914) < 1e-7);
    assert_true(fabs(share.most - 0.17436566) < 1e-7);
    share = failed_share_of_sums(2000, 0, 1);
    assert_true(share.least == 0);
    assert_true(fabs(share.most - 0.00191705) < 1e-7);
    share = failed_share_of_sums(50, 50, 1);
    assert_true(share.most == 1);
    assert_true(isnan(failed_share_of_sums(0, 0, 1).share));
}

static void bursts_widen_the_bounds(void **state)
{
    struct counted_window even[20];
    struct counted_window burst[20];
    struct failed_share one;
    struct failed_share other;

    (void)state;
    for (size_t i = 0; i < 20; i++) {
        even[i] = (struct counted_window){.calls = 100, .failed = 2};
        burst[i] = (struct counted_window){.calls = 100, .failed = i == 7 ? 40 : 0};
    }
    one = failed_share_of(even, 20);
    other = failed_share_of(burst, 20);
    assert_true(one.share == other.share);
    assert_true(one.spread == 1);
    /* (40 - 2)^2 + 19 * 2^2 over 2 * 0.98, by 19 */
    assert_true(fabs(other.spread - 1520 / 1.96 / 19) < 1e-9);
    assert_true(other.most - other.least > 3 * (one.most - one.least));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_limit_lies_within_the_precision),
        cmocka_unit_test(the_ends_of_the_range_are_told),
        cmocka_unit_test(what_is_near_enough_is_not_halved),
        cmocka_unit_test(values_have_three_digits),
        cmocka_unit_test(what_is_unclear_is_measured_again_and_then_beyond),
        cmocka_unit_test(what_was_within_above_the_limit_was_luck),
        cmocka_unit_test(one_bad_step_does_not_decide),
        cmocka_unit_test(a_narrower_range_takes_what_was_measured),
        cmocka_unit_test(noise_moves_the_result_little),
        cmocka_unit_test(bounds_are_wilsons),
        cmocka_unit_test(bursts_widen_the_bounds),
    };

    return cmocka_run_group_tests_name("calibration_search", tests, NULL, NULL);
}
