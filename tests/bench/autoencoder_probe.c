/*
 * Speed of the LSTM autoencoder, in one thread:
 *   autoencoder_probe FILE ROWS FEATURES STEPS UNITS UNITS UNITS UNITS EPOCHS
 * FILE has ROWS x FEATURES doubles; windows start at every row. Prints the least CPU seconds of
 * EPOCHS epochs of training (batches of 32, dropout 0.2, none held out), the CPU seconds of scoring
 * all windows in batches, those of scoring one window, the peak of resident memory in KiB, the
 * multiplications and additions of the products of an epoch, and the rate of a large product in
 * the same process, before and after training, in such operations a second.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "analysis/autoencoder_single.h"
#include "analysis/autoencoder_train.h"
#include "analysis/blas.h"
#include "base/memory.h"

#define LARGE 1024
#define SINGLE_WINDOWS 4000

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Operations a second of the product of two large square matrices, the best of some. */
static double product_rate(void)
{
    size_t count = (size_t)LARGE * LARGE;
    float *left = memory_new(count, sizeof *left);
    float *right = memory_new(count, sizeof *right);
    float *result = memory_new(count, sizeof *result);
    double least = INFINITY;

    for (size_t i = 0; i < count; i++)
        left[i] = right[i] = (float)(i % 1000) / 1000;
    for (int i = 0; i < 20; i++) {
        double start = now();

        blas_product(BLAS_PLAIN, (struct blas_sizes){LARGE, LARGE, LARGE}, left, right, false,
                     result);
        least = fmin(least, now() - start);
    }
    free(left);
    free(right);
    free(result);
    return 2 * pow(LARGE, 3) / least;
}

/* Operations of the products for one window, forward and back, as they are done: the input of the
 * decoder's first layer is multiplied once for all steps, the first step has no state before it,
 * and the window itself needs no gradient. */
static double window_operations(const struct autoencoder_shape *shape)
{
    double steps = (double)shape->steps;
    double inputs = (double)shape->features;
    double sum = 3 * steps * (double)(shape->units[DECODER_SECOND] * shape->features);

    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++) {
        double units = (double)shape->units[i];

        sum += 3 * LSTM_GATES * units * units * (steps - 1);
        sum += (i == 0 ? 2 : 3) * LSTM_GATES * units * inputs * (i == DECODER_FIRST ? 1 : steps);
        inputs = units;
    }
    return 2 * sum;
}

static double train(struct autoencoder *net, const struct autoencoder_windows *windows,
                    size_t epochs)
{
    struct autoencoder_setting setting = autoencoder_default_setting;
    double least = INFINITY;

    setting.epochs = 1;
    setting.validation_share = 0;
    for (size_t i = 0; i < epochs; i++) {
        struct autoencoder_training training;
        struct error error = {0};
        double start = now();

        if (autoencoder_train(net, windows, &setting, &training, &error) < 0) {
            error_print(&error, stderr);
            return NAN;
        }
        least = fmin(least, now() - start);
    }
    return least;
}

/* Seconds a window, scored in batches. */
static double score_batches(const struct autoencoder *net,
                            const struct autoencoder_windows *windows)
{
    enum { BATCH = 32 };
    struct autoencoder_pass *pass = autoencoder_pass_new(net, BATCH);
    double *errors = memory_new(windows->count * net->shape.features, sizeof *errors);
    double start = now();
    double seconds;

    autoencoder_last_errors(pass, windows, errors);
    seconds = (now() - start) / (double)windows->count;
    autoencoder_pass_free(pass);
    free(errors);
    return seconds;
}

/* Seconds a window, each asked for by itself. */
static double score_singly(const struct autoencoder *net, const struct autoencoder_windows *windows)
{
    struct autoencoder_single *single = autoencoder_single_new(net);
    double *errors = memory_new(net->shape.features, sizeof *errors);
    double start = now();
    double seconds;

    for (size_t i = 0; i < windows->count; i++) {
        struct autoencoder_windows one = {windows->values, windows->starts + i, 1};

        autoencoder_single_errors(single, &one, errors);
    }
    seconds = (now() - start) / (double)windows->count;
    autoencoder_single_free(single);
    free(errors);
    return seconds;
}

static void measure(const struct autoencoder_shape *shape,
                    const struct autoencoder_windows *windows, size_t epochs)
{
    struct autoencoder *net = autoencoder_new(shape, &activations[0], 1);
    struct autoencoder_windows some = *windows;
    double rate = product_rate();
    double epoch = train(net, windows, epochs);
    double batches = (double)windows->count * score_batches(net, windows);
    double single;
    struct rusage usage;

    some.count = windows->count < SINGLE_WINDOWS ? windows->count : SINGLE_WINDOWS;
    single = score_singly(net, &some);
    rate = fmax(rate, product_rate());
    getrusage(RUSAGE_SELF, &usage);
    printf("%.6f %.6f %.9f %ld %.6g %.6g\n", epoch, batches, single, usage.ru_maxrss,
           window_operations(shape) * (double)windows->count, rate);
    autoencoder_free(net);
}

static int probe(char **words)
{
    size_t rows = strtoul(words[1], NULL, 10);
    struct autoencoder_shape shape = {.features = strtoul(words[2], NULL, 10),
                                      .steps = strtoul(words[3], NULL, 10)};
    size_t count = rows - shape.steps + 1;
    double *values = memory_new(rows * shape.features, sizeof *values);
    size_t *starts = memory_new(count, sizeof *starts);
    FILE *file = fopen(words[0], "rb");
    int result = -1;

    for (size_t i = 0; i < AUTOENCODER_LAYERS; i++)
        shape.units[i] = strtoul(words[4 + i], NULL, 10);
    for (size_t i = 0; i < count; i++)
        starts[i] = i;
    if (file != NULL && fread(values, sizeof *values * shape.features, rows, file) == rows) {
        struct autoencoder_windows windows = {values, starts, count};

        measure(&shape, &windows, strtoul(words[8], NULL, 10));
        result = 0;
    }
    if (file != NULL)
        fclose(file);
    free(values);
    free(starts);
    return result;
}

int main(int argc, char **argv)
{
    struct error error = {0};

    if (argc != 10) {
        fputs("usage: autoencoder_probe FILE ROWS FEATURES STEPS UNITS UNITS UNITS UNITS EPOCHS\n",
              stderr);
        return 64;
    }
    if (blas_load(&error) < 0) {
        error_print(&error, stderr);
        return error_exit_status(&error);
    }
    if (probe(argv + 1) == 0)
        return 0;
    fputs("autoencoder_probe: can't read the data\n", stderr);
    return 70;
}
