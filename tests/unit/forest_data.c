#include "tests/unit/forest_data.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* Columns of all kinds: distinct, rounded to ties, rare events, constant, huge, infinite on both
 * sides, and the first one and the tied one in the other direction, whose splits are equally good.
 */
static double make_value(const double *values, struct random *random, size_t column, uint8_t class)
{
    double unit = random_unit(random) + (class > 0 && column % 2 == 0 ? 0.3 : 0) +
                  (column % 7 + 2 == class ? 0.5 : 0);

    switch (column % 10) {
    case 0:
        return unit - 0.5;
    case 1:
        return floor(unit * 5);
    case 2:
        return unit > 0.95 ? 1 : -0.0 * unit;
    case 3:
        return 7;
    case 4:
        return 1e15 + floor(unit * 3e6) * 1024;
    case 5:
        return unit > 0.9 ? INFINITY : unit * 1e-300;
    case 6:
        return -values[0];
    case 7:
        return -values[1];
    case 8:
        return unit > 0.8 ? INFINITY : unit > 0.4 ? -INFINITY : floor(unit * 4);
    default:
        return floor(unit * 40);
    }
}

/* Four in ten rows are of class 1; of more classes half of the rows are of class 0 and the rest are
 * evenly of the others. */
static uint8_t make_class(size_t row, size_t class_count)
{
    if (class_count <= 2)
        return row % 5 < 2;
    return (uint8_t)(row % 2 == 0 ? 0 : 1 + row / 2 % (class_count - 1));
}

struct forest_data forest_data_make(size_t rows, size_t columns, size_t class_count, uint64_t seed)
{
    struct forest_data data = {rows, columns, memory_new(rows * columns, sizeof(double)),
                               memory_new(rows, 1), class_count};
    struct random random;

    random_seed(&random, seed);
    for (size_t row = 0; row < rows; row++) {
        double *values = data.values + row * columns;

        data.classes[row] = make_class(row, class_count);
        for (size_t column = 0; column < columns; column++)
            values[column] = make_value(values, &random, column, data.classes[row]);
    }
    return data;
}

void forest_data_coarsen(struct forest_data *data)
{
    for (size_t i = 0; i < data->rows * data->columns; i++)
        data->values[i] = data->values[i] > 0.5;
}

void forest_data_free(struct forest_data *data)
{
    free(data->values);
    free(data->classes);
}

struct forest *forest_data_fit_to(const struct forest_columns *columns,
                                  const struct forest_data *data,
                                  const struct forest_setting *setting)
{
    return data->class_count == 0
               ? forest_fit(columns, data->classes, setting)
               : forest_fit_classes(columns, data->classes, data->class_count, setting);
}

struct forest *forest_data_fit(const struct forest_data *data, const struct forest_setting *setting)
{
    struct forest_columns *columns =
        forest_columns_new(data->values, data->rows, data->columns, setting);
    struct forest *forest = forest_data_fit_to(columns, data, setting);

    forest_columns_free(columns);
    return forest;
}
