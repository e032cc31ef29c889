/*
 * The second paper's detector (SYRROCA): an LSTM autoencoder for each resource group, trained on
 * windows of normal observations. The error of an observation is that of the last row of the window
 * that ends with it; the first rows of a sequence, which have no window, have none.
 */
#include <math.h>
#include <stdlib.h>

#include "analysis/autoencoder_file.h"
#include "analysis/autoencoder_single.h"
#include "analysis/autoencoder_train.h"
#include "analysis/blas.h"
#include "analysis/reconstruction.h"
#include "base/memory.h"

/* Windows scored in one product. No more than these are scored one by one, which is as fast: making
 * room for a batch takes longer. */
#define SCORE_BATCH 32

/* A trained net, and the same laid out for single windows. */
struct trained_net {
    struct autoencoder *net;
    struct autoencoder_single *single;
};

enum {
    PARAMETER_SCALING,
    PARAMETER_QUANTILE,
    PARAMETER_WINDOW,
    PARAMETER_EPOCHS,
    PARAMETER_BATCH,
    PARAMETER_PATIENCE,
    PARAMETER_RATE,
    PARAMETER_DROPOUT,
    PARAMETER_VALIDATION,
    PARAMETER_ACTIVATION,
    PARAMETER_PARTS /* as many as there are layers */
};

static const char *const scalings[] = {"minmax", "standard", NULL};
static const char *const activation_names[] = {"linear", "elu", "tanh", NULL};

static const struct detector_parameter parameters[] = {
    [PARAMETER_SCALING] = {"scaling", "how metrics are brought to one range", 0, 0, 1, true,
                           scalings},
    [PARAMETER_QUANTILE] = {"quantile", "of the training errors, that is the threshold", 0.99, 0, 1,
                            false, NULL},
    [PARAMETER_WINDOW] = {"window", "observations in a window", 20, 1, AUTOENCODER_MOST_STEPS, true,
                          NULL},
    [PARAMETER_EPOCHS] = {"epochs", "times through all windows, at most", 100, 1, 1e6, true, NULL},
    [PARAMETER_BATCH] = {"batch", "windows a step", 32, 1, 4096, true, NULL},
    [PARAMETER_PATIENCE] = {"patience", "epochs without a lesser error before it stops", 5, 1, 1e6,
                            true, NULL},
    [PARAMETER_RATE] = {"rate", "learning rate of Adam", 0.001, 1e-9, 1, false, NULL},
    [PARAMETER_DROPOUT] = {"dropout", "share of outputs left out in training", 0.2, 0, 0.99, false,
                           NULL},
    [PARAMETER_VALIDATION] = {"validation", "share of windows held out to know when to stop", 0.1,
                              0, 0.9, false, NULL},
    [PARAMETER_ACTIVATION] = {"activation", "what the output goes through", 0, 0, 2, true,
                              activation_names},
    [PARAMETER_PARTS] = {"encoder1", "first layer's cells, as a part of the metrics", 0.8, 0, 100,
                         false, NULL},
    {"encoder2", "second layer's cells, as a part of the metrics", 0.6, 0, 100, false, NULL},
    {"decoder1", "third layer's cells, as a part of the metrics", 0.8, 0, 100, false, NULL},
    {"decoder2", "fourth layer's cells, as a part of the metrics", 1, 0, 100, false, NULL},
    {NULL, NULL, 0, 0, 0, false, NULL},
};

/* Starts of all windows of `steps` rows of one sequence. Caller frees. */
static size_t *find_windows(const struct detector_rows *rows, size_t steps, size_t *count)
{
    size_t *starts = memory_new(rows->rows, sizeof *starts);
    size_t first = 0;

    *count = 0;
    for (size_t row = 0; row < rows->rows; row++) {
        if (row > 0 && rows->sequences[row] != rows->sequences[row - 1])
            first = row;
        if (row + 1 >= first + steps)
            starts[(*count)++] = row + 1 - steps;
    }
    return starts;
}

static struct autoencoder *new_net(size_t columns, const struct detector_setting *setting,
                                   uint64_t seed)
{
    struct autoencoder_shape shape = {.features = columns,
                                      .steps = (size_t)setting->parameters[PARAMETER_WINDOW]};
    size_t activation = (size_t)setting->parameters[PARAMETER_ACTIVATION];

    autoencoder_set_units(&shape, setting->parameters + PARAMETER_PARTS);
    return autoencoder_new(&shape, activation_find(activation_names[activation]), seed);
}

static int train(struct autoencoder *net, const struct detector_rows *rows,
                 const struct detector_setting *setting, uint64_t seed, struct error *error)
{
    const double *values = setting->parameters;
    struct autoencoder_setting training = {
        .epochs = (size_t)values[PARAMETER_EPOCHS],
        .batch = (size_t)values[PARAMETER_BATCH],
        .patience = (size_t)values[PARAMETER_PATIENCE],
        .learning_rate = values[PARAMETER_RATE],
        .dropout = values[PARAMETER_DROPOUT],
        .validation_share = values[PARAMETER_VALIDATION],
        .seed = seed,
        .stop = setting->stop,
    };
    struct autoencoder_training outcome;
    struct autoencoder_windows windows = {.values = rows->values};
    size_t *starts = find_windows(rows, net->shape.steps, &windows.count);
    int result;

    windows.starts = starts;
    if (windows.count == 0) {
        result = error_set(error, ERROR_INCONCLUSIVE,
                           "no %zu normal observations follow each other for a window",
                           net->shape.steps);
        error_hint(error, "take a shorter one: --detector autoencoder:window=5");
    } else {
        result = autoencoder_train(net, &windows, &training, &outcome, error);
    }
    free(starts);
    return result;
}

static void free_net(void *opaque)
{
    struct trained_net *trained = opaque;

    autoencoder_free(trained->net);
    autoencoder_single_free(trained->single);
    free(trained);
}

static struct trained_net *keep_net(struct autoencoder *net)
{
    struct trained_net *trained = memory_new(1, sizeof *trained);

    *trained = (struct trained_net){net, autoencoder_single_new(net)};
    return trained;
}

static int fit_net(const struct group_rows *group, const struct detector_setting *setting,
                   uint64_t seed, void **opaque, struct error *error)
{
    struct autoencoder *net = new_net(group->column_count, setting, seed);
    size_t row_count = group->all->rows;
    double *values = memory_new(row_count * group->column_count, sizeof *values);
    struct detector_rows rows = {values, row_count, group->column_count, group->all->sequences};
    int result;

    group_rows_copy(group, 0, row_count, values);
    result = train(net, &rows, setting, seed, error);
    free(values);
    if (result < 0) {
        autoencoder_free(net);
        return -1;
    }
    *opaque = keep_net(net);
    return 0;
}

/* Squared errors of the last row of each window, (windows x columns). */
static void find_last_errors(const struct trained_net *trained,
                             const struct autoencoder_windows *windows, double *last)
{
    struct autoencoder_pass *pass;

    if (windows->count <= SCORE_BATCH) {
        autoencoder_single_errors(trained->single, windows, last);
        return;
    }
    pass = autoencoder_pass_new(trained->net, SCORE_BATCH);
    autoencoder_last_errors(pass, windows, last);
    autoencoder_pass_free(pass);
}

static void find_errors(const void *opaque, const struct detector_rows *rows, double *errors)
{
    const struct trained_net *trained = opaque;
    size_t steps = trained->net->shape.steps;
    struct autoencoder_windows windows = {.values = rows->values};
    size_t *starts = find_windows(rows, steps, &windows.count);
    double *last = memory_new(windows.count * rows->columns, sizeof *last);

    windows.starts = starts;
    find_last_errors(trained, &windows, last);
    for (size_t i = 0; i < rows->rows * rows->columns; i++)
        errors[i] = NAN;
    for (size_t window = 0; window < windows.count; window++) {
        size_t row = starts[window] + steps - 1;

        for (size_t i = 0; i < rows->columns; i++)
            errors[row * rows->columns + i] = last[window * rows->columns + i];
    }
    free(last);
    free(starts);
}

static size_t steps_of(const void *opaque)
{
    return ((const struct trained_net *)opaque)->net->shape.steps;
}

static void write_net(const void *opaque, struct text *bytes)
{
    autoencoder_write(((const struct trained_net *)opaque)->net, bytes);
}

static int read_net(struct byte_reader *reader, size_t columns, void **opaque, struct error *error)
{
    struct autoencoder *net;

    if (autoencoder_read(reader, columns, &net, error) < 0)
        return -1;
    *opaque = keep_net(net);
    return 0;
}

static const struct reconstructor autoencoder_reconstructor = {
    .fit = fit_net,
    .free_net = free_net,
    .errors = find_errors,
    .window = steps_of,
    .write = write_net,
    .read = read_net,
};

static int fit(const struct detector_training *training, const struct detector_setting *setting,
               void **state, struct error *error)
{
    if (blas_load(error) < 0)
        return -1;
    return reconstruction_fit(&autoencoder_reconstructor, training, setting,
                              setting->parameters[PARAMETER_QUANTILE], state, error);
}

static int read_state(const char *bytes, size_t length, size_t columns, size_t question_count,
                      const struct detector_setting *setting, void **state, struct error *error)
{
    (void)question_count;
    (void)setting;
    if (blas_load(error) < 0)
        return -1;
    return reconstruction_read(&autoencoder_reconstructor, bytes, length, columns, state, error);
}

const struct detector detector_autoencoder = {
    .name = "autoencoder",
    .summary = "LSTM autoencoder (unsupervised), one for each resource group",
    .sequential = true,
    .parameters = parameters,
    .scaling = "scaling",
    .fit = fit,
    .free_state = reconstruction_free,
    .score = reconstruction_score,
    .window = reconstruction_window,
    .errors = reconstruction_errors,
    .describe_errors = reconstruction_describe_errors,
    .write = reconstruction_write,
    .read = read_state,
};
