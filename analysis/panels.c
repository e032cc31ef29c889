#include "analysis/panels.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/panel_strips.h"
#include "base/memory.h"

#define LINE 64 /* bytes of a cache line */

void panels_open(struct panels *panels, size_t rows, size_t columns)
{
    size_t count = (columns + PANEL_COLUMNS - 1) / PANEL_COLUMNS;
    uintptr_t address;

    panels->rows = rows;
    panels->columns = count * PANEL_COLUMNS;
    panels->memory = memory_new(rows * panels->columns + LINE / sizeof(float), sizeof(float));
    address = (uintptr_t)panels->memory;
    panels->values = (float *)panels->memory + (LINE - address % LINE) % LINE / sizeof(float);
}

void panels_close(struct panels *panels)
{
    free(panels->memory);
}

void panels_set(struct panels *panels, size_t row, size_t column, const float *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t panel = (column + i) / PANEL_COLUMNS;

        panels
            ->values[(panel * panels->rows + row) * PANEL_COLUMNS + (column + i) % PANEL_COLUMNS] =
            values[i];
    }
}

VECTOR_BODY struct panel_strip strip_at(const struct panel_product *product, size_t row,
                                        size_t column)
{
    return (struct panel_strip){product->left + row * product->left_stride,
                                product->right->values + column * product->right->rows,
                                product->result + row * product->right->columns + column};
}

/* One row by all panels, two at a time; an odd one is paired with itself. */
VECTOR_BODY void multiply_row(const struct panel_product *product)
{
    size_t columns = product->right->columns;

    for (size_t column = 0; column < columns; column += 2 * PANEL_COLUMNS) {
        size_t next = column + PANEL_COLUMNS < columns ? column + PANEL_COLUMNS : column;

        panel_strips_multiply(strip_at(product, 0, column), strip_at(product, 0, next),
                              product->right->rows);
    }
}

/* All rows by one panel after the other, two rows at a time. */
VECTOR_BODY void multiply_rows(const struct panel_product *product)
{
    for (size_t column = 0; column < product->right->columns; column += PANEL_COLUMNS) {
        for (size_t row = 0; row < product->rows; row += 2) {
            size_t next = row + 1 < product->rows ? row + 1 : row;

            panel_strips_multiply(strip_at(product, row, column), strip_at(product, next, column),
                                  product->right->rows);
        }
    }
}

VECTOR_BODY void panels_multiply_body(const struct panel_product *product)
{
    if (product->rows == 1)
        multiply_row(product);
    else
        multiply_rows(product);
}

VECTOR_VERSIONS(panels_multiply, struct panel_product)
