#include "analysis/evaluation_class.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "analysis/bootstrap.h"
#include "analysis/curves.h"
#include "base/memory.h"

/* Scores and answers of some rows to one question. */
struct answers {
    double *scores;
    uint8_t *positive;
    int64_t *experiments;
    size_t count;
    size_t positives;
};

static bool answer(const struct scored_dataset *scored, size_t row, size_t question)
{
    size_t label = scored->dataset->labels[row];

    return question == 0 ? label != 0 : label == question;
}

/* Without supervision nobody asks which fault it is: another one is no wrong answer. */
static bool is_asked(const struct scored_dataset *scored, size_t row, size_t question)
{
    size_t label = scored->dataset->labels[row];

    return scored->supervised || question == 0 || label == 0 || label == question;
}

/* Collects the scored rows of a fold; of all folds if `fold` is their number. */
static void collect(const struct scored_dataset *scored, size_t question, size_t fold,
                    struct answers *answers)
{
    size_t questions = scored->dataset->label_count;

    answers->count = answers->positives = 0;
    for (size_t row = 0; row < scored->dataset->rows; row++) {
        double score = scored->scores[row * questions + question];

        if (isnan(score) || (fold < scored->folds && scored->fold[row] != fold) ||
            !is_asked(scored, row, question))
            continue;
        answers->scores[answers->count] = score;
        answers->positive[answers->count] = answer(scored, row, question);
        answers->experiments[answers->count] = scored->dataset->experiments[row];
        answers->positives += answers->positive[answers->count++];
    }
}

static bool has_both(const struct answers *answers)
{
    return answers->positives > 0 && answers->positives < answers->count;
}

/* Mean and deviation of `count` values; NaN if there are none. */
static struct fold_figure sum_up(const double *values, size_t count)
{
    struct fold_figure figure = {0, 0, count};

    for (size_t i = 0; i < count; i++)
        figure.mean += values[i];
    figure.mean /= (double)count;
    for (size_t i = 0; i < count; i++)
        figure.deviation += (values[i] - figure.mean) * (values[i] - figure.mean);
    figure.deviation = sqrt(figure.deviation / (double)count);
    if (count == 0)
        figure.mean = figure.deviation = NAN;
    return figure;
}

static void sum_up_folds(const struct scored_dataset *scored, size_t question,
                         struct answers *answers, struct class_result *result)
{
    double *values = memory_new(3 * scored->folds, sizeof *values);
    size_t count = 0;

    for (size_t fold = 0; fold < scored->folds; fold++) {
        struct curve_areas areas;

        collect(scored, question, fold, answers);
        if (!has_both(answers))
            continue;
        areas = curves_areas(answers->scores, answers->positive, answers->count);
        values[count] = areas.roc;
        values[scored->folds + count] = areas.precision_recall;
        values[2 * scored->folds + count++] = areas.average_precision;
    }
    result->roc_auc = sum_up(values, count);
    result->pr_auc = sum_up(values + scored->folds, count);
    result->fold_average_precision = sum_up(values + 2 * scored->folds, count);
    free(values);
}

static void count_calls(const struct answers *answers, double threshold,
                        struct class_result *result)
{
    for (size_t i = 0; i < answers->count; i++) {
        bool called = answers->scores[i] >= threshold;

        result->true_positives += called && answers->positive[i];
        result->false_positives += called && !answers->positive[i];
        result->true_negatives += !called && !answers->positive[i];
        result->false_negatives += !called && answers->positive[i];
    }
}

static double f1(double true_positives, double called, double positives)
{
    return called + positives > 0 ? 2 * true_positives / (called + positives) : NAN;
}

/* Harmonic mean of precision and recall at the threshold and at the best point of the curve. */
static void find_f1(struct class_result *result)
{
    const struct curve *curve = &result->precision_recall;

    result->f1 =
        f1((double)result->true_positives,
           (double)(result->true_positives + result->false_positives), (double)result->positives);
    result->best_f1 = result->best_threshold = NAN;
    for (size_t i = 1; i < curve->count; i++) {
        double sum = curve->x[i] + curve->y[i];
        double value = sum > 0 ? 2 * curve->x[i] * curve->y[i] / sum : 0;

        if (!(value <= result->best_f1)) {
            result->best_f1 = value;
            result->best_threshold = curve->thresholds[i];
        }
    }
}

static double brier(const struct answers *answers)
{
    double sum = 0;

    for (size_t i = 0; i < answers->count; i++) {
        double distance = answers->scores[i] - answers->positive[i];

        sum += distance * distance;
    }
    return answers->count > 0 ? sum / (double)answers->count : NAN;
}

/* Whether the point lies on a straight line along an axis between its neighbours. */
static bool is_between(const struct curve *curve, size_t i)
{
    return (curve->x[i - 1] == curve->x[i] && curve->x[i] == curve->x[i + 1]) ||
           (curve->y[i - 1] == curve->y[i] && curve->y[i] == curve->y[i + 1]);
}

/* Leaves points out without which the line is the same: where no two scores are equal, nearly all
 * of those of the greater class. */
static void thin_curve(struct curve *curve)
{
    size_t kept = 1;

    for (size_t i = 1; i < curve->count; i++) {
        if (i + 1 < curve->count && is_between(curve, i))
            continue;
        curve->x[kept] = curve->x[i];
        curve->y[kept] = curve->y[i];
        curve->thresholds[kept++] = curve->thresholds[i];
    }
    curve->count = kept;
}

static void draw_curves(const struct answers *answers, uint64_t seed, struct class_result *result)
{
    struct bootstrap_input resampled = {answers->scores, answers->positive, answers->experiments,
                                        answers->count, seed};
    struct curves curves;

    if (!has_both(answers)) {
        result->roc_auc_interval = result->average_precision_interval =
            (struct interval){NAN, NAN, 0};
        result->roc.area = result->precision_recall.area = result->average_precision = NAN;
        return;
    }
    bootstrap_areas(&resampled, &result->roc_auc_interval, &result->average_precision_interval);
    curves_make(answers->scores, answers->positive, answers->count, &curves);
    result->roc = curves.roc;
    result->precision_recall = curves.precision_recall;
    result->average_precision = curves.average_precision;
    thin_curve(&result->roc);
    thin_curve(&result->precision_recall);
}

void evaluation_class(const struct scored_dataset *scored, size_t question, uint64_t seed,
                      struct class_result *result)
{
    size_t rows = scored->dataset->rows;
    struct answers answers = {.scores = memory_new(rows, sizeof(double)),
                              .positive = memory_new(rows, sizeof(uint8_t)),
                              .experiments = memory_new(rows, sizeof(int64_t))};

    sum_up_folds(scored, question, &answers, result);
    collect(scored, question, scored->folds, &answers);
    result->positives = answers.positives;
    result->negatives = answers.count - answers.positives;
    result->brier = brier(&answers);
    count_calls(&answers, scored->threshold, result);
    draw_curves(&answers, seed, result);
    find_f1(result);
    free(answers.scores);
    free(answers.positive);
    free(answers.experiments);
}

/* The fault type whose question scored highest, the first of equals; normal if none of them reaches
 * the threshold, or the binary score, where types share in it. */
static size_t predict(const struct scored_dataset *scored, const double *scores)
{
    double least = scored->joint ? 0 : scored->threshold;
    size_t questions = scored->dataset->label_count;
    size_t best = 0;

    if (scored->joint && !(scores[0] >= scored->threshold))
        return 0;
    for (size_t question = 1; question < questions; question++) {
        if (!(scores[question] >= least)) /* NaN too: untrained */
            continue;
        if (best == 0 || scores[question] > scores[best])
            best = question;
    }
    return best;
}

static void count_anomalies(const struct scored_dataset *scored, size_t *confusion)
{
    size_t labels = scored->dataset->label_count;

    for (size_t row = 0; row < scored->dataset->rows; row++) {
        double score = scored->scores[row * labels];

        if (!isnan(score))
            confusion[2 * (scored->dataset->labels[row] != 0) + (score >= scored->threshold)]++;
    }
}

void evaluation_confusion(const struct scored_dataset *scored, size_t *confusion)
{
    size_t labels = scored->dataset->label_count;

    if (!scored->supervised) {
        count_anomalies(scored, confusion);
        return;
    }
    for (size_t row = 0; row < scored->dataset->rows; row++) {
        const double *scores = scored->scores + row * labels;
        size_t label = scored->dataset->labels[row];

        if (!isnan(scores[label]))
            confusion[label * labels + predict(scored, scores)]++;
    }
}
