#include "analysis/adam.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/vector.h"
#include "base/memory.h"

#define MEAN_DECAY 0.9
#define SQUARE_DECAY 0.999
#define EPSILON 1e-8F

struct adam_job {
    size_t count;
    const float *gradient;
    float *means;
    float *squares;
    float *weights;
    float rate;         /* learning rate, corrected for the means' start at 0 */
    float square_scale; /* corrects the squares' root likewise */
};

void adam_open(struct adam *adam, size_t count, double learning_rate)
{
    *adam = (struct adam){.learning_rate = learning_rate,
                          .count = count,
                          .means = memory_new(count, sizeof(float)),
                          .squares = memory_new(count, sizeof(float))};
}

void adam_close(struct adam *adam)
{
    free(adam->means);
    free(adam->squares);
}

static void adam_update(const struct adam_job *job);

VECTOR_BODY void adam_update_body(const struct adam_job *job)
{
#pragma omp simd
    for (size_t i = 0; i < job->count; i++) {
        float gradient = job->gradient[i];
        float mean = job->means[i] * (float)MEAN_DECAY + gradient * (float)(1 - MEAN_DECAY);
        float square =
            job->squares[i] * (float)SQUARE_DECAY + gradient * gradient * (float)(1 - SQUARE_DECAY);

        job->means[i] = mean;
        job->squares[i] = square;
        job->weights[i] -= job->rate * mean / (sqrtf(square) * job->square_scale + EPSILON);
    }
}

VECTOR_VERSIONS(adam_update, struct adam_job)

void adam_step(struct adam *adam, const float *gradient, float *weights)
{
    struct adam_job job = {.count = adam->count,
                           .gradient = gradient,
                           .means = adam->means,
                           .squares = adam->squares,
                           .weights = weights};

    adam->steps++;
    job.rate = (float)(adam->learning_rate / (1 - pow(MEAN_DECAY, (double)adam->steps)));
    job.square_scale = (float)(1 / sqrt(1 - pow(SQUARE_DECAY, (double)adam->steps)));
    adam_update(&job);
}
