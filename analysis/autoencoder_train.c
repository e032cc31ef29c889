#include "analysis/autoencoder_train.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/adam.h"
#include "analysis/autoencoder_gradient.h"
#include "analysis/blas.h"
#include "base/memory.h"

const struct autoencoder_setting autoencoder_default_setting = {.epochs = 100,
                                                                .batch = 32,
                                                                .patience = 5,
                                                                .learning_rate = 0.001,
                                                                .dropout = 0.2,
                                                                .validation_share = 0.1,
                                                                .seed = 1};

struct trainer {
    struct autoencoder *net;
    const struct autoencoder_setting *setting;
    struct autoencoder_windows trained;
    struct autoencoder_windows held_out;
    size_t *order; /* starts of the windows trained on, shuffled anew each epoch */
    struct random random;
    struct autoencoder_pass *pass;
    struct autoencoder_gradient gradient;
    struct adam adam;
    float *best; /* weights */
    double least_error;
};

/* Divides the windows into those held out and those that share no row with them. */
static int divide(struct trainer *trainer, const struct autoencoder_windows *windows,
                  struct error *error)
{
    size_t held_out = (size_t)(trainer->setting->validation_share * (double)windows->count + 0.5);
    size_t count = windows->count - held_out;
    size_t steps = trainer->net->shape.steps;

    trainer->held_out =
        (struct autoencoder_windows){windows->values, windows->starts + count, held_out};
    while (held_out > 0 && count > 0 &&
           windows->starts[count - 1] + steps > trainer->held_out.starts[0])
        count--;
    trainer->trained = (struct autoencoder_windows){windows->values, windows->starts, count};
    if (count > 0)
        return 0;
    return error_set(error, ERROR_INCONCLUSIVE,
                     "%zu windows of %zu rows, of which %zu are held out, leave none to train on",
                     windows->count, steps, held_out);
}

static void open_trainer(struct trainer *trainer)
{
    const struct autoencoder_setting *setting = trainer->setting;
    size_t count = trainer->net->weights.count;

    random_seed(&trainer->random, setting->seed);
    trainer->order = memory_new(trainer->trained.count, sizeof *trainer->order);
    memcpy(trainer->order, trainer->trained.starts,
           trainer->trained.count * sizeof *trainer->order);
    trainer->pass = autoencoder_pass_new(trainer->net, setting->batch);
    autoencoder_gradient_open(&trainer->gradient, trainer->pass, setting->dropout,
                              random_next(&trainer->random));
    adam_open(&trainer->adam, count, setting->learning_rate);
    trainer->best = memory_new(count, sizeof *trainer->best);
    trainer->least_error = INFINITY;
}

static void close_trainer(struct trainer *trainer)
{
    free(trainer->order);
    autoencoder_gradient_close(&trainer->gradient);
    autoencoder_pass_free(trainer->pass);
    adam_close(&trainer->adam);
    free(trainer->best);
}

static void shuffle(size_t *items, size_t count, struct random *random)
{
    for (size_t left = count; left > 1; left--) {
        size_t at = random_below(random, left);
        size_t item = items[at];

        items[at] = items[left - 1];
        items[left - 1] = item;
    }
}

static bool is_stopped(const struct trainer *trainer)
{
    return trainer->setting->stop != NULL && stop_reason(trainer->setting->stop) != 0;
}

/* Once through the windows, or until a stop. Returns their mean squared error on the way. */
static double train_epoch(struct trainer *trainer)
{
    size_t count = trainer->trained.count;
    double sum = 0;

    shuffle(trainer->order, count, &trainer->random);
    for (size_t first = 0; first < count && !is_stopped(trainer);
         first += trainer->setting->batch) {
        size_t left = count - first;
        struct autoencoder_windows batch = {
            trainer->trained.values, trainer->order + first,
            left < trainer->setting->batch ? left : trainer->setting->batch};

        autoencoder_gather(trainer->pass, &batch);
        sum += (double)batch.count * autoencoder_gradient_fill(&trainer->gradient, trainer->pass);
        adam_step(&trainer->adam, trainer->gradient.weights.values, trainer->net->weights.values);
    }
    return sum / (double)count;
}

/* Trains an epoch and keeps its weights if they are the best so far. */
static void try_epoch(struct trainer *trainer, struct autoencoder_training *training)
{
    const struct autoencoder_weights *weights = &trainer->net->weights;
    bool validated = trainer->held_out.count > 0;
    double trained = train_epoch(trainer);
    double validation = validated ? autoencoder_mean_error(trainer->pass, &trainer->held_out) : NAN;
    double error = validated ? validation : trained;

    training->epochs++;
    if (!(error < trainer->least_error))
        return;
    trainer->least_error = error;
    memcpy(trainer->best, weights->values, weights->count * sizeof *trainer->best);
    training->best_epoch = training->epochs;
    training->training_error = trained;
    training->validation_error = validation;
}

int autoencoder_train(struct autoencoder *net, const struct autoencoder_windows *windows,
                      const struct autoencoder_setting *setting,
                      struct autoencoder_training *training, struct error *error)
{
    struct trainer trainer = {.net = net, .setting = setting};

    if (blas_load(error) < 0 || divide(&trainer, windows, error) < 0)
        return -1;
    *training = (struct autoencoder_training){.trained_windows = trainer.trained.count,
                                              .validation_windows = trainer.held_out.count};
    open_trainer(&trainer);
    while (training->epochs < setting->epochs && !is_stopped(&trainer) &&
           training->epochs - training->best_epoch < setting->patience)
        try_epoch(&trainer, training);
    if (training->best_epoch > 0)
        memcpy(net->weights.values, trainer.best, net->weights.count * sizeof *trainer.best);
    close_trainer(&trainer);
    if (is_stopped(&trainer))
        return error_set(error, ERROR_INTERRUPTED, "training was interrupted");
    if (training->best_epoch > 0)
        return 0;
    error_set(error, ERROR_INCONCLUSIVE, "the error is not a number after %zu epochs of training",
              training->epochs);
    return error_hint(error, "lower the learning rate");
}
