#include "analysis/evaluation_propagation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/evaluation_split.h"
#include "analysis/propagation.h"
#include "base/memory.h"

/* The targets that can be looked from, and the split of each that is looked at. */
struct viewers {
    const struct target_result **targets;
    const struct detection_result **detections;
    size_t count;
};

static const struct detection_result *detection_of(const struct target_result *target)
{
    for (size_t i = 0; i < target->split_count; i++) {
        const struct split_result *split = &target->splits[i];

        if (split->detection.unavailable == NULL && evaluation_split_keeps_series(split))
            return &split->detection;
    }
    return NULL;
}

static void find_viewers(const struct evaluation *evaluation, struct viewers *viewers)
{
    viewers->targets = memory_new(evaluation->target_count, sizeof *viewers->targets);
    viewers->detections = memory_new(evaluation->target_count, sizeof *viewers->detections);
    for (size_t i = 0; i < evaluation->target_count; i++) {
        const struct detection_result *detection = detection_of(&evaluation->targets[i]);

        if (detection == NULL)
            continue;
        viewers->targets[viewers->count] = &evaluation->targets[i];
        viewers->detections[viewers->count++] = detection;
    }
}

static bool is_alike(const struct seen_fault *one, const struct seen_fault *other)
{
    return strcmp(one->experiment, other->experiment) == 0 &&
           strcmp(one->target, other->target) == 0;
}

/* Of those alike, which one the fault is: an experiment may have several on a target, one after the
 * other, which every viewer lists in the order of the run. */
static size_t number_of(const struct detection_result *detection, size_t at)
{
    size_t number = 0;

    for (size_t i = 0; i < at; i++)
        number += is_alike(&detection->seen[i], &detection->seen[at]);
    return number;
}

static struct propagation_view view(const struct seen_fault *seen)
{
    if (strcmp(seen->verdict, "found") == 0)
        return (struct propagation_view){DETECTION_FOUND, seen->delay_s};
    return (struct propagation_view){
        strcmp(seen->verdict, "missed") == 0 ? DETECTION_MISSED : DETECTION_UNKNOWN, NAN};
}

/* What is said of the same fault elsewhere; it is the one of that number of those alike. */
static struct propagation_view view_of(const struct detection_result *detection,
                                       const struct seen_fault *fault, size_t number)
{
    for (size_t i = 0; i < detection->seen_count; i++) {
        if (is_alike(&detection->seen[i], fault) && number-- == 0)
            return view(&detection->seen[i]);
    }
    return (struct propagation_view){DETECTION_UNKNOWN, NAN};
}

/* Each viewer's own faults, as seen from all. Arrays are the caller's to free. */
static void gather(const struct viewers *viewers, struct propagation_input *input, size_t **faulty,
                   struct propagation_view **views)
{
    size_t most = 0;

    for (size_t i = 0; i < viewers->count; i++)
        most += viewers->detections[i]->seen_count;
    *faulty = memory_new(most, sizeof **faulty);
    *views = memory_new(most * viewers->count, sizeof **views);
    for (size_t i = 0; i < viewers->count; i++) {
        for (size_t j = 0; j < viewers->detections[i]->seen_count; j++) {
            const struct seen_fault *fault = &viewers->detections[i]->seen[j];
            size_t number = number_of(viewers->detections[i], j);

            if (strcmp(fault->target, viewers->targets[i]->target) != 0)
                continue;
            for (size_t k = 0; k < viewers->count; k++)
                (*views)[input->fault_count * viewers->count + k] =
                    view_of(viewers->detections[k], fault, number);
            (*faulty)[input->fault_count++] = i;
        }
    }
    input->target_count = viewers->count;
    input->faulty = *faulty;
    input->views = *views;
}

static void fill_cells(const struct viewers *viewers, const struct propagation *propagation,
                       struct evaluation *evaluation)
{
    size_t count = viewers->count;

    evaluation->propagation = memory_new(count * count, sizeof *evaluation->propagation);
    evaluation->propagation_count = count * count;
    for (size_t i = 0; i < count * count; i++)
        evaluation->propagation[i] = (struct propagation_cell){
            memory_string(viewers->targets[i / count]->target),
            memory_string(viewers->targets[i % count]->target),
            propagation->observed[i],
            propagation->seen[i],
            propagation->median_s[i],
            propagation->first[i],
            propagation->tied[i],
        };
}

void evaluation_propagation(struct evaluation *evaluation, double period_s)
{
    struct viewers viewers = {0};
    struct propagation_input input = {.resolution_s = period_s};
    struct propagation propagation;
    struct propagation_view *views = NULL;
    struct localisation localisation;
    struct error error = {0};
    size_t *faulty = NULL;

    find_viewers(evaluation, &viewers);
    if (viewers.count > 1) {
        gather(&viewers, &input, &faulty, &views);
        /* Views are made here, so that it can't fail. */
        if (propagation_make(&input, &propagation, &error) == 0) {
            fill_cells(&viewers, &propagation, evaluation);
            localisation = propagation_localise(&propagation);
            evaluation->localisation = (struct localisation_result){
                localisation.right, localisation.tied, localisation.wrong, localisation.unseen};
            propagation_free(&propagation);
        }
    }
    free(faulty);
    free(views);
    free(viewers.targets);
    free(viewers.detections);
}
