/* Products with a matrix in panels, against plain sums and against themselves row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/panels.h"
#include "base/memory.h"
#include "base/random.h"

/* What is multiplied, and what comes out. */
struct product {
    struct panels right;
    float *plain; /* the matrix as it is, (inner x columns) */
    float *left;  /* (rows x stride) */
    float *start; /* what the result is added to */
    float *result;
    size_t stride;
};

static float *random_floats(size_t count, struct random *random)
{
    float *values = memory_new(count, sizeof *values);

    for (size_t i = 0; i < count; i++)
        values[i] = (float)(2 * random_unit(random) - 1);
    return values;
}

static void multiply(const struct product *product, size_t row, size_t rows, float *result)
{
    panels_multiply(&(struct panel_product){.right = &product->right,
                                            .left = product->left + row * product->stride,
                                            .left_stride = product->stride,
                                            .rows = rows,
                                            .result = result + row * product->right.columns});
}

static void open_product(struct product *product, size_t rows, size_t inner, size_t columns)
{
    struct random random;

    random_seed(&random, rows + 10 * inner + 100 * columns);
    panels_open(&product->right, inner, columns);
    product->stride = inner + 3;
    product->plain = random_floats(inner * columns, &random);
    product->left = random_floats(rows * product->stride, &random);
    product->start = random_floats(rows * product->right.columns, &random);
    product->result = memory_new(rows * product->right.columns, sizeof(float));
    memcpy(product->result, product->start, rows * product->right.columns * sizeof(float));
    for (size_t i = 0; i < inner; i++) {
        size_t half = columns / 2; /* a row in two parts */

        panels_set(&product->right, i, 0, product->plain + i * columns, half);
        panels_set(&product->right, i, half, product->plain + i * columns + half, columns - half);
    }
    multiply(product, 0, rows, product->result);
}

static void close_product(struct product *product)
{
    panels_close(&product->right);
    free(product->plain);
    free(product->left);
    free(product->start);
    free(product->result);
}

static double plain_value(const struct product *product, size_t columns, size_t row, size_t column)
{
    double sum = product->start[row * product->right.columns + column];

    for (size_t i = 0; column < columns && i < product->right.rows; i++)
        sum +=
            (double)product->left[row * product->stride + i] * product->plain[i * columns + column];
    return sum;
}

static void check(size_t rows, size_t inner, size_t columns)
{
    struct product product;
    float *again;

    open_product(&product, rows, inner, columns);
    again = memory_new(rows * product.right.columns, sizeof *again);
    memcpy(again, product.start, rows * product.right.columns * sizeof *again);
    assert_true(product.right.columns >= columns);
    for (size_t row = 0; row < rows; row++) {
        multiply(&product, row, 1, again);
        for (size_t i = 0; i < product.right.columns; i++) {
            double right = plain_value(&product, columns, row, i);
            float ours = product.result[row * product.right.columns + i];

            if (!(fabs(ours - right) <= 1e-6 * sqrt((double)inner)))
                fail_msg("%zu x %zu x %zu, %zu, %zu: %.9g rather than %.9g", rows, inner, columns,
                         row, i, ours, right);
        }
    }
    assert_memory_equal(again, product.result, rows * product.right.columns * sizeof *again);
    free(again);
    close_product(&product);
}

static void products_equal_plain_sums_and_those_of_single_rows(void **state)
{
    static const size_t sizes[] = {1, 2, 3, 20};
    static const size_t inners[] = {1, 2, 37, 100};
    static const size_t columns[] = {1, 16, 63, 64, 65, 128, 150, 256};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (size_t j = 0; j < sizeof inners / sizeof *inners; j++) {
            for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
                check(sizes[i], inners[j], columns[k]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_equal_plain_sums_and_those_of_single_rows),
    };

    return cmocka_run_group_tests_name("panels", tests, NULL, NULL);
}
