#include "analysis/curves.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

struct scored {
    double score;
    uint8_t positive;
};

static int by_falling_score(const void *left, const void *right)
{
    double a = ((const struct scored *)left)->score;
    double b = ((const struct scored *)right)->score;

    return (a < b) - (a > b);
}

static struct scored *sort_scores(const double *scores, const uint8_t *positive, size_t count)
{
    struct scored *sorted = memory_new(count, sizeof *sorted);

    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct scored){scores[i], positive[i]};
    qsort(sorted, count, sizeof *sorted, by_falling_score);
    return sorted;
}

static void curve_open(struct curve *curve, size_t points)
{
    *curve = (struct curve){.count = points,
                            .x = memory_new(points, sizeof(double)),
                            .y = memory_new(points, sizeof(double)),
                            .thresholds = memory_new(points, sizeof(double))};
}

static void curve_set(struct curve *curve, size_t point, double x, double y, double threshold)
{
    curve->x[point] = x;
    curve->y[point] = y;
    curve->thresholds[point] = threshold;
    if (point > 0)
        curve->area += (x - curve->x[point - 1]) * (y + curve->y[point - 1]) / 2;
}

static void curve_close(struct curve *curve)
{
    free(curve->x);
    free(curve->y);
    free(curve->thresholds);
}

void curves_make(const double *scores, const uint8_t *positive, size_t count, struct curves *curves)
{
    struct scored *sorted = sort_scores(scores, positive, count);
    size_t points = 1;
    size_t positives = 0;
    size_t true_positives = 0;

    for (size_t i = 0; i < count; i++) {
        positives += sorted[i].positive;
        points += i + 1 == count || sorted[i].score != sorted[i + 1].score;
    }
    curve_open(&curves->roc, points);
    curve_open(&curves->precision_recall, points);
    curves->average_precision = 0;
    curve_set(&curves->roc, 0, 0, 0, sorted[0].score + 1);
    curve_set(&curves->precision_recall, 0, 0, 1, sorted[0].score + 1);
    for (size_t i = 0, point = 1; i < count; i++) {
        double recall;
        double precision;

        true_positives += sorted[i].positive;
        if (i + 1 < count && sorted[i].score == sorted[i + 1].score)
            continue;
        recall = (double)true_positives / (double)positives;
        precision = (double)true_positives / (double)(i + 1);
        curve_set(&curves->roc, point,
                  (double)(i + 1 - true_positives) / (double)(count - positives), recall,
                  sorted[i].score);
        curve_set(&curves->precision_recall, point, recall, precision, sorted[i].score);
        curves->average_precision += (recall - curves->precision_recall.x[point - 1]) * precision;
        point++;
    }
    free(sorted);
}

void curves_free(struct curves *curves)
{
    curve_close(&curves->roc);
    curve_close(&curves->precision_recall);
}

struct curve_areas curves_areas(const double *scores, const uint8_t *positive, size_t count)
{
    struct curves curves;
    struct curve_areas areas;

    curves_make(scores, positive, count, &curves);
    areas = (struct curve_areas){curves.roc.area, curves.precision_recall.area,
                                 curves.average_precision};
    curves_free(&curves);
    return areas;
}

struct indexed {
    double score;
    size_t index;
};

static int by_falling_indexed(const void *left, const void *right)
{
    const struct indexed *a = left;
    const struct indexed *b = right;

    if (a->score != b->score)
        return a->score < b->score ? 1 : -1;
    return (a->index > b->index) - (a->index < b->index);
}

void curves_order(const double *scores, size_t count, size_t *order)
{
    struct indexed *items = memory_new(count, sizeof *items);

    for (size_t i = 0; i < count; i++)
        items[i] = (struct indexed){scores[i], i};
    qsort(items, count, sizeof *items, by_falling_indexed);
    for (size_t i = 0; i < count; i++)
        order[i] = items[i].index;
    free(items);
}

struct curve_areas curves_weighted_areas(const double *scores, const uint8_t *positive,
                                         const uint32_t *weights, const size_t *order, size_t count)
{
    struct curve_areas areas = {0, 0, 0};
    double found[2] = {0, 0}; /* weight of negatives, of positives at the threshold and above */
    double before[2] = {0, 0};
    double precision_before = 1;

    for (size_t i = 0; i < count; i++) {
        double precision;

        found[positive[order[i]] != 0] += weights[order[i]];
        if ((i + 1 < count && scores[order[i]] == scores[order[i + 1]]) ||
            (found[0] == before[0] && found[1] == before[1]))
            continue;
        precision = found[1] / (found[0] + found[1]);
        areas.roc += (found[0] - before[0]) * (found[1] + before[1]) / 2;
        areas.precision_recall += (found[1] - before[1]) * (precision + precision_before) / 2;
        areas.average_precision += (found[1] - before[1]) * precision;
        before[0] = found[0];
        before[1] = found[1];
        precision_before = precision;
    }
    if (found[0] == 0 || found[1] == 0)
        return (struct curve_areas){NAN, NAN, NAN};
    areas.roc /= found[0] * found[1];
    areas.precision_recall /= found[1];
    areas.average_precision /= found[1];
    return areas;
}
