#include "analysis/lstm_cell.h"

#include "analysis/approximation.h"
#include "analysis/vector.h"

/* One window's part of a step. */
struct row {
    size_t units;
    float *input;
    float *forget;
    float *candidate;
    float *output;
    const float *cells_before;
    float *cells;
    float *cell_tanh;
    float *hidden;
};

VECTOR_BODY struct row row_at(const struct lstm_cell_step *step, size_t window)
{
    size_t units = step->units;
    float *gates = step->gates + window * 4 * units;
    size_t at = window * units;

    return (struct row){.units = units,
                        .input = gates,
                        .forget = gates + units,
                        .candidate = gates + 2 * units,
                        .output = gates + 3 * units,
                        .cells_before = step->cells_before != NULL ? step->cells_before + at : NULL,
                        .cells = step->cells + at,
                        .cell_tanh = step->cell_tanh + at,
                        .hidden = step->hidden + at};
}

VECTOR_BODY void forward_unit(const struct row *row, const float *bias, size_t i, float before)
{
    float input = approximate_logistic(row->input[i] + bias[i]);
    float forget = approximate_logistic(row->forget[i] + bias[row->units + i]);
    float candidate = approximate_tanh(row->candidate[i] + bias[2 * row->units + i]);
    float output = approximate_logistic(row->output[i] + bias[3 * row->units + i]);
    float cell = forget * before + input * candidate;
    float bent = approximate_tanh(cell);

    row->input[i] = input;
    row->forget[i] = forget;
    row->candidate[i] = candidate;
    row->output[i] = output;
    row->cells[i] = cell;
    row->cell_tanh[i] = bent;
    row->hidden[i] = output * bent;
}

VECTOR_BODY void lstm_cell_forward_body(const struct lstm_cell_step *step)
{
    for (size_t window = 0; window < step->windows; window++) {
        struct row row = row_at(step, window);

        /* clang-tidy does not look into loops with a pragma: they differ in the last argument. */
        if (row.cells_before == NULL) { /* NOLINT(bugprone-branch-clone) */
#pragma omp simd
            for (size_t i = 0; i < row.units; i++)
                forward_unit(&row, step->bias, i, 0);
        } else {
#pragma omp simd
            for (size_t i = 0; i < row.units; i++)
                forward_unit(&row, step->bias, i, row.cells_before[i]);
        }
    }
}

VECTOR_BODY void backward_unit(const struct row *row, const struct lstm_cell_step *step,
                               const float *hidden_gradient, float *carry, size_t i, float before)
{
    float input = row->input[i];
    float forget = row->forget[i];
    float candidate = row->candidate[i];
    float output = row->output[i];
    float bent = row->cell_tanh[i];
    float hidden = hidden_gradient[i];
    float cell = carry[i] + hidden * output * (1 - bent * bent);
    float input_sum = cell * candidate * input * (1 - input);
    float forget_sum = cell * before * forget * (1 - forget);
    float candidate_sum = cell * input * (1 - candidate * candidate);
    float output_sum = hidden * bent * output * (1 - output);

    carry[i] = cell * forget;
    row->input[i] = input_sum;
    row->forget[i] = forget_sum;
    row->candidate[i] = candidate_sum;
    row->output[i] = output_sum;
    step->bias_gradient[i] += input_sum;
    step->bias_gradient[row->units + i] += forget_sum;
    step->bias_gradient[2 * row->units + i] += candidate_sum;
    step->bias_gradient[3 * row->units + i] += output_sum;
}

VECTOR_BODY void lstm_cell_backward_body(const struct lstm_cell_step *step)
{
    for (size_t window = 0; window < step->windows; window++) {
        struct row row = row_at(step, window);
        const float *hidden_gradient = step->hidden_gradient + window * row.units;
        float *carry = step->cell_carry + window * row.units;

        /* clang-tidy does not look into loops with a pragma: they differ in the last argument. */
        if (row.cells_before == NULL) { /* NOLINT(bugprone-branch-clone) */
#pragma omp simd
            for (size_t i = 0; i < row.units; i++)
                backward_unit(&row, step, hidden_gradient, carry, i, 0);
        } else {
#pragma omp simd
            for (size_t i = 0; i < row.units; i++)
                backward_unit(&row, step, hidden_gradient, carry, i, row.cells_before[i]);
        }
    }
}

VECTOR_VERSIONS(lstm_cell_forward, struct lstm_cell_step)
VECTOR_VERSIONS(lstm_cell_backward, struct lstm_cell_step)
