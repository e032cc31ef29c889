/* What a server's answers tell of its clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "runner/server_clock.h"

#define SECOND CLOCK_SECOND
#define MS CLOCK_MILLISECOND

/* An answer at `now`, 10 ms after its request, of a server whose clock is `ahead`. */
static struct http_response answer(int64_t now, int64_t ahead)
{
    int64_t clock = now - 5 * MS + ahead;

    return (struct http_response){
        .began = now - 10 * MS, .ended = now, .date = clock - clock % SECOND};
}

static void expect_range(const struct server_clock *clock, int64_t least, int64_t most)
{
    int64_t from;
    int64_t until;

    server_clock_range(clock, 2000 * SECOND, &from, &until);
    assert_int_equal(from, 2000 * SECOND - most);
    assert_int_equal(until, 2000 * SECOND - least);
}

static void the_runners_clock_until_something_is_known(void **state)
{
    struct server_clock clock = {0};
    struct http_response silent = {.began = 1, .ended = 2};

    (void)state;
    server_clock_note(&clock, &silent, INT64_MIN);
    expect_range(&clock, 0, 0);
}

static void one_answer_bounds_it_to_a_second(void **state)
{
    struct server_clock clock = {0};
    struct http_response first = answer(1000 * SECOND + 500 * MS, 100 * SECOND);

    (void)state;
    server_clock_note(&clock, &first, INT64_MIN);
    /* 1100.595 s is shown as 1100. */
    expect_range(&clock, 99500 * MS, 100510 * MS);
}

static void a_sample_on_the_page_was_before(void **state)
{
    struct server_clock clock = {0};
    struct http_response first = answer(1000 * SECOND + 500 * MS, 100 * SECOND);

    (void)state;
    server_clock_note(&clock, &first, 1100 * SECOND + 400 * MS);
    expect_range(&clock, 99900 * MS, 100510 * MS);
}

static void its_offset_is_the_middle_of_what_is_possible(void **state)
{
    struct server_clock clock = {0};
    int64_t offset;
    int64_t bound;

    (void)state;
    assert_false(server_clock_offset(&clock, &offset, &bound));
    server_clock_bound(&clock, -700 * MS, -100 * MS, SECOND);
    assert_true(server_clock_offset(&clock, &offset, &bound));
    assert_int_equal(offset, -400 * MS);
    assert_int_equal(bound, 300 * MS);
}

/* The second half of one second and the first of another leave little. */
static void answers_narrow_it(void **state)
{
    struct server_clock clock = {0};
    struct http_response first = answer(1000 * SECOND + 950 * MS, 0);
    struct http_response second = answer(1002 * SECOND + 50 * MS, 0);

    (void)state;
    server_clock_note(&clock, &first, INT64_MIN);
    expect_range(&clock, -950 * MS, 60 * MS);
    server_clock_note(&clock, &second, INT64_MIN);
    /* 1.1 s of drift, a five-thousandth */
    expect_range(&clock, -50 * MS, 60 * MS + 220000);
    assert_true(clock.least <= 0 && clock.most >= 0);
}

static void a_clock_that_was_set_is_believed(void **state)
{
    struct server_clock clock = {0};
    struct http_response first = answer(1000 * SECOND + 500 * MS, 0);
    struct http_response second = answer(1005 * SECOND + 500 * MS, -600 * SECOND);

    (void)state;
    server_clock_note(&clock, &first, INT64_MIN);
    server_clock_note(&clock, &second, INT64_MIN);
    expect_range(&clock, -600500 * MS, -599490 * MS);
}

static void a_turn_is_where_the_middle_of_what_is_possible_says(void **state)
{
    const struct server_clock clock = {.least = 100 * MS, .most = 700 * MS, .noted = 1};
    const struct server_clock behind = {.least = -700 * MS, .most = -100 * MS, .noted = 1};

    (void)state;
    assert_int_equal(server_clock_width(&clock), 600 * MS);
    assert_int_equal(server_clock_next_turn(&clock, 10 * SECOND), 10 * SECOND + 600 * MS);
    assert_int_equal(server_clock_next_turn(&clock, 10 * SECOND + 600 * MS),
                     10 * SECOND + 600 * MS);
    assert_int_equal(server_clock_next_turn(&clock, 10 * SECOND + 601 * MS),
                     11 * SECOND + 600 * MS);
    assert_int_equal(server_clock_next_turn(&behind, 100 * MS), 400 * MS);
}

/* Asked at turns, a server whose clock is 0.37 s ahead is known to the time that an answer takes.
 */
static void answers_at_turns_halve_what_is_possible(void **state)
{
    struct server_clock clock = {0};
    int64_t now = 1000 * SECOND;

    (void)state;
    for (int i = 0; i < 9; i++) {
        struct http_response one;

        now = i == 0 ? now : server_clock_next_turn(&clock, now + MS) + 10 * MS;
        one = answer(now, 370 * MS);
        server_clock_note(&clock, &one, INT64_MIN);
        assert_true(clock.least <= 370 * MS && clock.most >= 370 * MS);
    }
    /* Twice the 10 ms of an answer, and drift. */
    assert_true(server_clock_width(&clock) <= 25 * MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_runners_clock_until_something_is_known),
        cmocka_unit_test(one_answer_bounds_it_to_a_second),
        cmocka_unit_test(a_sample_on_the_page_was_before),
        cmocka_unit_test(its_offset_is_the_middle_of_what_is_possible),
        cmocka_unit_test(answers_narrow_it),
        cmocka_unit_test(a_clock_that_was_set_is_believed),
        cmocka_unit_test(a_turn_is_where_the_middle_of_what_is_possible_says),
        cmocka_unit_test(answers_at_turns_halve_what_is_possible),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
