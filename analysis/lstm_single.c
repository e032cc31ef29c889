#include "analysis/lstm_single.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/lstm_single_steps.h"
#include "base/memory.h"

#define UNITS_TOGETHER (PANEL_COLUMNS / LSTM_GATES)

/* Where a gate of a unit is in a row of panels: a panel has all gates of some units, those of each
 * gate side by side. */
static size_t column_of(size_t gate, size_t unit)
{
    return unit / UNITS_TOGETHER * PANEL_COLUMNS + gate * UNITS_TOGETHER + unit % UNITS_TOGETHER;
}

static void set_kernel(struct panels *panels, const struct lstm *layer, const float *kernel,
                       size_t rows)
{
    panels_open(panels, rows, (layer->units + UNITS_TOGETHER - 1) / UNITS_TOGETHER * PANEL_COLUMNS);
    for (size_t row = 0; row < rows; row++) {
        for (size_t gate = 0; gate < LSTM_GATES; gate++) {
            for (size_t unit = 0; unit < layer->units; unit++)
                panels_set(panels, row, column_of(gate, unit), kernel++, 1);
        }
    }
}

void lstm_single_open(struct lstm_single *single, const struct lstm *layer)
{
    set_kernel(&single->input_kernel, layer, layer->input_kernel, layer->inputs);
    set_kernel(&single->recurrent_kernel, layer, layer->recurrent_kernel, layer->units);
    single->units = single->input_kernel.columns / LSTM_GATES;
    single->bias = memory_new(single->input_kernel.columns, sizeof *single->bias);
    for (size_t gate = 0; gate < LSTM_GATES; gate++) {
        for (size_t unit = 0; unit < layer->units; unit++)
            single->bias[column_of(gate, unit)] = layer->bias[gate * layer->units + unit];
    }
}

void lstm_single_close(struct lstm_single *single)
{
    panels_close(&single->input_kernel);
    panels_close(&single->recurrent_kernel);
    free(single->bias);
}

/* Fills the gates of all steps by the products of the inputs with their kernel, and the bias. */
static void multiply_inputs(const struct lstm_single *single, size_t steps, const float *input,
                            size_t input_stride, float *gates)
{
    size_t columns = single->input_kernel.columns;
    size_t rows = input_stride > 0 ? steps : 1;

    for (size_t row = 0; row < rows; row++)
        memcpy(gates + row * columns, single->bias, columns * sizeof *gates);
    panels_multiply(&(struct panel_product){.right = &single->input_kernel,
                                            .left = input,
                                            .left_stride = input_stride,
                                            .rows = rows,
                                            .result = gates});
    for (size_t step = rows; step < steps; step++)
        memcpy(gates + step * columns, gates, columns * sizeof *gates);
}

void lstm_single_forward(const struct lstm_single *single, size_t steps, const float *input,
                         size_t input_stride, const struct lstm_single_scratch *scratch,
                         float *hidden)
{
    multiply_inputs(single, steps, input, input_stride, scratch->gates);
    memset(scratch->cells, 0, single->units * sizeof *scratch->cells);
    lstm_single_step_all(&(struct lstm_single_steps){.kernel = &single->recurrent_kernel,
                                                     .steps = steps,
                                                     .gates = scratch->gates,
                                                     .cells = scratch->cells,
                                                     .hidden = hidden});
}
