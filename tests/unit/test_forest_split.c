/* The searches of the best split against one that tries every threshold: random nodes, few rows of
 * many ranks and many of few, of two classes and more, with and without class weights. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "analysis/forest_classes.h"
#include "analysis/forest_split.h"
#include "base/random.h"
#include "tests/unit/plain_forest.h"

enum { ROWS_MOST = 300, RANKS_MOST = 3000, COLUMNS = 3, CLASSES_MOST = 7, NODES = 1440 };

/* A node that is all rows of the data. */
struct node {
    size_t rank_count;
    size_t class_count;
    double class_weights[CLASSES_MOST];
    uint32_t ranks[COLUMNS][ROWS_MOST];
    uint8_t bins[COLUMNS][ROWS_MOST]; /* the same, if they are no more than fit */
    uint32_t rows[ROWS_MOST];
    uint64_t times[ROWS_MOST]; /* that each is in the bootstrap */
    double values[ROWS_MOST * COLUMNS];
    uint8_t classes[ROWS_MOST];
    uint64_t weights[ROWS_MOST];
    size_t plain_rows[ROWS_MOST];
    struct plain_data plain;
};

static void make_row(struct node *node, struct random *random, size_t row, uint64_t share)
{
    size_t others = node->class_count - 1;
    bool other = row < 2 ? row == 1 : random_below(random, 10) < share;

    node->classes[row] = (uint8_t)(other ? 1 + random_below(random, others) : 0);
    node->rows[row] = (uint32_t)row;
    node->plain_rows[row] = row;
    node->times[row] = 1 + random_below(random, 3);
    node->weights[row] = node->times[row] * (uint64_t)node->class_weights[node->classes[row]];
}

/* Column 0 has any of the ranks, column 1 two, column 2 those of column 0 in falling order. */
static void make_node(struct node *node, struct random *random, size_t count)
{
    uint64_t share = 1 + random_below(random, 9);
    uint32_t two[2] = {(uint32_t)random_below(random, node->rank_count),
                       (uint32_t)random_below(random, node->rank_count)};

    for (size_t i = 0; i < count; i++) {
        make_row(node, random, i, share);
        node->ranks[0][i] = (uint32_t)random_below(random, node->rank_count);
        node->ranks[1][i] = two[random_below(random, 2)];
        node->ranks[2][i] = (uint32_t)node->rank_count - 1 - node->ranks[0][i];
        for (size_t column = 0; column < COLUMNS; column++) {
            node->values[i * COLUMNS + column] = node->ranks[column][i];
            node->bins[column][i] = (uint8_t)node->ranks[column][i];
        }
    }
    node->plain = (struct plain_data){.rows = count,
                                      .columns = COLUMNS,
                                      .values = node->values,
                                      .classes = node->classes,
                                      .class_count = node->class_count,
                                      .weights = node->weights};
}

/* A search may name any rank from the one below the split to the next in the node. Its merit says
 * more for classes (`base`), and is twice as great. */
static void assert_same_split(const struct split *split, const struct plain_split *plain,
                              double factor, double base)
{
    assert_true((split->numerator >= 0) == (plain->denominator != 0));
    if (plain->denominator == 0)
        return;
    assert_int_equal(split->column, plain->column);
    assert_true(split->limit >= plain->below && split->limit < plain->above);
    assert_true(split->denominator == (double)plain->denominator);
    assert_true(split->numerator * factor - base * split->denominator ==
                2 * (double)plain->numerator);
}

/* Of two classes. */
static void check_binary(struct split_search *search, struct node *node)
{
    struct split bits = {.numerator = -1, .denominator = 1};
    struct split slots = bits;
    struct split bins = bits;
    struct plain_split plain = {0};
    uint64_t tallies[ROWS_MOST];
    struct split_rows rows = {node->rows, tallies, node->plain.rows, 0};

    for (size_t i = 0; i < rows.count; i++) {
        tallies[i] = (node->classes[i] ? node->times[i] << 32 : 0) | node->times[i];
        rows.tally += tallies[i];
    }
    search->positive_weight = node->class_weights[1];
    search->negative_weight = node->class_weights[0];
    split_search_node(search, &rows);
    for (uint32_t column = 0; column < COLUMNS; column++) {
        const uint32_t *ranks = node->ranks[column];
        bool varies =
            plain_split_column(&node->plain, node->plain_rows, rows.count, column, &plain);

        assert_int_equal(split_search_bits(search, column, ranks, &bits), varies);
        assert_int_equal(split_search_slots(search, column, ranks, node->rank_count, &slots),
                         varies);
        assert_same_split(&bits, &plain, 2, 0);
        assert_same_split(&slots, &plain, 2, 0);
        if (node->rank_count > FOREST_BINS_MOST)
            continue;
        assert_int_equal(
            split_search_bins(search, column, node->bins[column], node->rank_count, &bins), varies);
        assert_same_split(&bins, &plain, 2, 0);
    }
}

/* A search for any number of classes, the best it has found, and whether it can take the node. */
struct class_trial {
    bool (*search)(struct class_search *search, const struct class_column *column,
                   struct split *best);
    bool can;
    struct split best;
};

static void try_classes(struct class_search *search, struct node *node, bool bins)
{
    const struct split none = {.numerator = -1, .denominator = 1};
    bool few_ranks = node->rank_count <= CLASSES_TABLE_RANKS;
    struct class_trial trials[] = {
        {classes_search_few, search->rows->count <= CLASSES_FEW, none},
        {classes_search_chains, true, none},
        {classes_search_table, few_ranks, none},
        {classes_search_slots, search->is_listed && !bins, none},
    };
    struct plain_split plain = {0};

    for (uint32_t index = 0; index < COLUMNS; index++) {
        struct class_column column = {index, bins ? NULL : node->ranks[index],
                                      bins ? node->bins[index] : NULL, (uint32_t)node->rank_count};
        bool varies =
            plain_split_column(&node->plain, node->plain_rows, node->plain.rows, index, &plain);

        for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
            if (!trials[i].can)
                continue;
            assert_int_equal(trials[i].search(search, &column, &trials[i].best), varies);
            assert_same_split(&trials[i].best, &plain, (double)search->weight,
                              (double)search->squares);
        }
    }
}

static void check_classes(struct node *node)
{
    uint32_t rank_counts[COLUMNS] = {(uint32_t)node->rank_count};
    struct forest_columns columns = {
        .rows = ROWS_MOST, .columns = COLUMNS, .rank_counts = rank_counts};
    struct row_classes classes = {node->classes, node->class_count, node->class_weights};
    struct class_search *search = forest_classes.open(&columns, &classes);
    uint64_t tallies[ROWS_MOST];
    struct split_rows rows = {node->rows, tallies, node->plain.rows, 0};

    for (size_t i = 0; i < rows.count; i++)
        tallies[i] = (uint64_t)node->classes[i] << 32 | node->times[i];
    assert_true(forest_classes.turn(search, &rows));
    try_classes(search, node, false);
    if (node->rank_count <= FOREST_BINS_MOST)
        try_classes(search, node, true);
    forest_classes.close(search);
}

static void all_searches_equal_a_plain_one(void **state)
{
    static const double class_weights[][CLASSES_MOST] = {
        {1, 1, 1, 1, 1, 1, 1}, {1, 3, 2, 1, 1, 2, 3}, {2, 1, 1, 3, 2, 2, 1}};
    static const size_t class_counts[] = {2, 3, CLASSES_MOST};
    static const size_t rank_counts[] = {1, 2, 3, 10, 65, 255, 513, RANKS_MOST};
    static const size_t counts[] = {2, 3, 5, 20, 100, ROWS_MOST};
    static struct node node;
    struct split_search search;
    struct random random;

    (void)state;
    random_seed(&random, 1);
    split_search_open(&search, ROWS_MOST, RANKS_MOST);
    for (size_t i = 0; i < 3 * (size_t)NODES; i++) {
        memcpy(node.class_weights, class_weights[i % 3], sizeof node.class_weights);
        node.rank_count = rank_counts[i / 3 % 8];
        node.class_count = class_counts[i / NODES];
        make_node(&node, &random, counts[i / 24 % 6]);
        if (node.class_count == 2)
            check_binary(&search, &node);
        check_classes(&node);
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
