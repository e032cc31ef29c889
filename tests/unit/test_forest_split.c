/* The searches of the best split against one that tries every threshold: random nodes, few rows of
 * many ranks and many of few, with and without class weights. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "analysis/forest_split.h"
#include "base/random.h"
#include "tests/unit/plain_forest.h"

enum { ROWS_MOST = 300, RANKS_MOST = 3000, COLUMNS = 3, NODES = 1440 };

/* A node that is all rows of the data. */
struct node {
    size_t rank_count;
    uint64_t class_weights[2];
    uint32_t ranks[COLUMNS][ROWS_MOST];
    uint8_t bins[COLUMNS][ROWS_MOST]; /* the same, if they are no more than fit */
    uint32_t rows[ROWS_MOST];
    uint64_t tallies[ROWS_MOST];
    struct split_rows split_rows;
    double values[ROWS_MOST * COLUMNS];
    uint8_t positive[ROWS_MOST];
    uint64_t weights[ROWS_MOST];
    size_t plain_rows[ROWS_MOST];
    struct plain_data plain;
};

/* Column 0 has any of the ranks, column 1 two, column 2 those of column 0 in falling order. */
static void make_node(struct node *node, struct random *random, size_t count, size_t rank_count)
{
    uint64_t share = 1 + random_below(random, 9);
    uint32_t two[2] = {(uint32_t)random_below(random, rank_count),
                       (uint32_t)random_below(random, rank_count)};

    node->rank_count = rank_count;
    node->split_rows = (struct split_rows){node->rows, node->tallies, count, 0};
    for (size_t i = 0; i < count; i++) {
        uint64_t times = 1 + random_below(random, 3);

        node->positive[i] = i < 2 ? i == 1 : random_below(random, 10) < share;
        node->rows[i] = (uint32_t)i;
        node->plain_rows[i] = i;
        node->tallies[i] = node->positive[i] ? times << 32 | times : times;
        node->split_rows.tally += node->tallies[i];
        node->weights[i] = times * node->class_weights[node->positive[i]];
        node->ranks[0][i] = (uint32_t)random_below(random, rank_count);
        node->ranks[1][i] = two[random_below(random, 2)];
        node->ranks[2][i] = (uint32_t)rank_count - 1 - node->ranks[0][i];
        for (size_t column = 0; column < COLUMNS; column++) {
            node->values[i * COLUMNS + column] = node->ranks[column][i];
            node->bins[column][i] = (uint8_t)node->ranks[column][i];
        }
    }
    node->plain = (struct plain_data){.rows = count,
                                      .columns = COLUMNS,
                                      .values = node->values,
                                      .positive = node->positive,
                                      .weights = node->weights};
}

/* A search may name any rank from the one below the split to the next in the node. */
static void assert_same_split(const struct split *split, const struct plain_split *plain)
{
    assert_true((split->numerator >= 0) == (plain->denominator != 0));
    if (plain->denominator == 0)
        return;
    assert_int_equal(split->column, plain->column);
    assert_true(split->limit >= plain->below && split->limit < plain->above);
    assert_true(split->numerator * (double)plain->denominator ==
                (double)plain->numerator * split->denominator);
}

static void check_node(struct split_search *search, const struct node *node)
{
    struct split bits = {.numerator = -1, .denominator = 1};
    struct split slots = bits;
    struct split bins = bits;
    struct plain_split plain = {0};

    search->positive_weight = (double)node->class_weights[1];
    search->negative_weight = (double)node->class_weights[0];
    split_search_node(search, &node->split_rows);
    for (uint32_t column = 0; column < COLUMNS; column++) {
        const uint32_t *ranks = node->ranks[column];
        bool varies = plain_split_column(&node->plain, node->plain_rows, node->split_rows.count,
                                         column, &plain);

        assert_int_equal(split_search_bits(search, column, ranks, &bits), varies);
        assert_int_equal(split_search_slots(search, column, ranks, node->rank_count, &slots),
                         varies);
        assert_same_split(&bits, &plain);
        assert_same_split(&slots, &plain);
        if (node->rank_count > FOREST_BINS_MOST)
            continue;
        assert_int_equal(
            split_search_bins(search, column, node->bins[column], node->rank_count, &bins), varies);
        assert_same_split(&bins, &plain);
    }
}

static void all_searches_equal_a_plain_one(void **state)
{
    static const uint64_t class_weights[][2] = {{1, 1}, {1, 3}, {2, 1}};
    static const size_t rank_counts[] = {1, 2, 3, 10, 65, 255, 513, RANKS_MOST};
    static const size_t counts[] = {2, 3, 5, 20, 100, ROWS_MOST};
    static struct node node;
    struct split_search search;
    struct random random;

    (void)state;
    random_seed(&random, 1);
    split_search_open(&search, ROWS_MOST, RANKS_MOST);
    for (size_t i = 0; i < NODES; i++) {
        memcpy(node.class_weights, class_weights[i % 3], sizeof node.class_weights);
        make_node(&node, &random, counts[i / 24 % 6], rank_counts[i / 3 % 8]);
        check_node(&search, &node);
    }
    split_search_close(&search);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_searches_equal_a_plain_one),
    };

    return cmocka_run_group_tests_name("forest split", tests, NULL, NULL);
}
