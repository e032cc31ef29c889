#include "analysis/lstm_single_steps.h"

#include <stdbool.h>

#include "analysis/approximation.h"
#include "analysis/panel_strips.h"

/* Beyond it the logistic function and tanh are 0 or 1 but for 1e-12; three factors of 1 + e^28 are
 * a float. */
#define MOST 28.0F

#define GATES (PANEL_COLUMNS / PANEL_LANES)

/* A unit after a step. */
struct unit {
    float cell;
    float hidden;
};

/*
 * From the sums of a unit's gates and its cell before. Divisions take longest, so that there are
 * two, of
 *   cell = before / (1 + e^-forget) + (e^2candidate - 1) / ((1 + e^-input) (e^2candidate + 1))
 *   hidden = (e^2cell - 1) / ((1 + e^-output) (e^2cell + 1))
 */
VECTOR_BODY struct unit unit_after(float input, float forget, float candidate, float output,
                                   float before)
{
    float input_part = 1 + approximate_exp_within(-input, MOST);
    float forget_part = 1 + approximate_exp_within(-forget, MOST);
    float candidate_power = approximate_exp_within(2 * candidate, MOST);
    float output_part = 1 + approximate_exp_within(-output, MOST);
    float scale = input_part * (candidate_power + 1);
    float cell = (before * scale + (candidate_power - 1) * forget_part) / (forget_part * scale);
    float cell_power = approximate_exp_within(2 * cell, MOST);

    return (struct unit){cell, (cell_power - 1) / (output_part * (cell_power + 1))};
}

/* From the sums of a panel's gates to its units. */
VECTOR_BODY void finish_units(const float *gates, float *cells, float *hidden)
{
#pragma omp simd
    for (size_t i = 0; i < PANEL_LANES; i++) {
        struct unit unit = unit_after(gates[i], gates[PANEL_LANES + i], gates[2 * PANEL_LANES + i],
                                      gates[3 * PANEL_LANES + i], cells[i]);

        cells[i] = unit.cell;
        hidden[i] = unit.hidden;
    }
}

/* The panel at a column of the kernel, for a step after the first. */
VECTOR_BODY struct panel_strip strip_at(const struct lstm_single_steps *steps, size_t step,
                                        size_t column)
{
    size_t columns = steps->kernel->columns;

    return (struct panel_strip){steps->hidden + (step - 1) * (columns / GATES),
                                steps->kernel->values + column * steps->kernel->rows,
                                steps->gates + step * columns + column};
}

VECTOR_BODY void finish_panel(const struct lstm_single_steps *steps, size_t step, size_t column)
{
    size_t at = step * steps->kernel->columns + column;

    finish_units(steps->gates + at, steps->cells + column / GATES, steps->hidden + at / GATES);
}

VECTOR_BODY void step_pair(const struct lstm_single_steps *steps, size_t step, size_t column)
{
    size_t next = column + PANEL_COLUMNS;
    bool single = next == steps->kernel->columns;

    panel_strips_multiply(strip_at(steps, step, column),
                          strip_at(steps, step, single ? column : next), steps->kernel->rows);
    finish_panel(steps, step, column);
    if (!single)
        finish_panel(steps, step, next);
}

/* Panels are taken to and fro: what was multiplied last in a step is in the nearest cache still. */
VECTOR_BODY void lstm_single_step_all_body(const struct lstm_single_steps *steps)
{
    size_t panels = steps->kernel->columns / PANEL_COLUMNS;
    size_t pairs = (panels + 1) / 2;

    for (size_t panel = 0; panel < panels; panel++)
        finish_panel(steps, 0, panel * PANEL_COLUMNS);
    for (size_t step = 1; step < steps->steps; step++) {
        for (size_t i = 0; i < pairs; i++)
            step_pair(steps, step, (step % 2 == 0 ? i : pairs - 1 - i) * 2 * PANEL_COLUMNS);
    }
}

VECTOR_VERSIONS(lstm_single_step_all, struct lstm_single_steps)
