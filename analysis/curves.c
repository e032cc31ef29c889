#include "analysis/curves.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "analysis/sort_keys.h"
#include "base/memory.h"

/* The way down through the thresholds: at each distinct score one point of the curves. */
struct descent {
    uint64_t *keys[2]; /* scores of negatives and of positives, in rising order (sort_keys.h) */
    size_t totals[2];
    size_t below[2]; /* how many are below the threshold */
    double threshold;
    double false_positive_rate;
    double recall;
    double precision;
};

static void descent_open(struct descent *descent, const double *scores, const uint8_t *positive,
                         size_t count)
{
    *descent = (struct descent){.precision = 1};
    for (size_t i = 0; i < count; i++)
        descent->totals[positive[i] != 0]++;
    for (size_t i = 0; i < 2; i++)
        descent->keys[i] = memory_new(descent->totals[i], sizeof(uint64_t));
    for (size_t i = 0; i < count; i++) {
        size_t class = positive[i] != 0;

        descent->keys[class][descent->below[class]++] = key_of_double(scores[i]);
    }
    for (size_t i = 0; i < 2; i++)
        sort_keys(descent->keys[i], descent->totals[i]);
}

static void descent_close(struct descent *descent)
{
    free(descent->keys[0]);
    free(descent->keys[1]);
}

/* The greatest score below the threshold; 0, which no score has, if there is none. */
static uint64_t next_key(const struct descent *descent)
{
    uint64_t next = 0;

    for (size_t i = 0; i < 2; i++) {
        if (descent->below[i] > 0 && descent->keys[i][descent->below[i] - 1] > next)
            next = descent->keys[i][descent->below[i] - 1];
    }
    return next;
}

/* Goes on to the next threshold, or returns false at the end. */
static bool descend(struct descent *descent)
{
    uint64_t key = next_key(descent);
    size_t found[2];

    if (key == 0)
        return false;
    for (size_t i = 0; i < 2; i++) {
        while (descent->below[i] > 0 && descent->keys[i][descent->below[i] - 1] == key)
            descent->below[i]--;
        found[i] = descent->totals[i] - descent->below[i];
    }
    descent->threshold = double_of_key(key);
    descent->false_positive_rate = (double)found[0] / (double)descent->totals[0];
    descent->recall = (double)found[1] / (double)descent->totals[1];
    descent->precision = (double)found[1] / (double)(found[0] + found[1]);
    return true;
}

/* What lies between two points. */
static void add_areas(struct curve_areas *areas, const struct descent *before,
                      const struct descent *at)
{
    double rise = at->recall - before->recall;

    areas->roc +=
        (at->false_positive_rate - before->false_positive_rate) * (at->recall + before->recall) / 2;
    areas->precision_recall += rise * (at->precision + before->precision) / 2;
    areas->average_precision += rise * at->precision;
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
}

static void curve_close(struct curve *curve)
{
    free(curve->x);
    free(curve->y);
    free(curve->thresholds);
}

static size_t count_points(struct descent descent)
{
    size_t points = 1;

    while (descend(&descent))
        points++;
    return points;
}

static void set_point(struct curves *curves, size_t point, const struct descent *at)
{
    curve_set(&curves->roc, point, at->false_positive_rate, at->recall, at->threshold);
    curve_set(&curves->precision_recall, point, at->recall, at->precision, at->threshold);
}

void curves_make(const double *scores, const uint8_t *positive, size_t count, struct curves *curves)
{
    struct curve_areas areas = {0, 0, 0};
    struct descent descent;
    struct descent before;
    size_t points;

    descent_open(&descent, scores, positive, count);
    points = count_points(descent);
    curve_open(&curves->roc, points);
    curve_open(&curves->precision_recall, points);
    descent.threshold = double_of_key(next_key(&descent)) + 1;
    for (size_t point = 0; point < points; point++) {
        set_point(curves, point, &descent);
        before = descent;
        if (descend(&descent))
            add_areas(&areas, &before, &descent);
    }
    curves->roc.area = areas.roc;
    curves->precision_recall.area = areas.precision_recall;
    curves->average_precision = areas.average_precision;
    descent_close(&descent);
}

void curves_free(struct curves *curves)
{
    curve_close(&curves->roc);
    curve_close(&curves->precision_recall);
}

struct curve_areas curves_areas(const double *scores, const uint8_t *positive, size_t count)
{
    struct curve_areas areas = {0, 0, 0};
    struct descent descent;
    struct descent before;

    descent_open(&descent, scores, positive, count);
    for (before = descent; descend(&descent); before = descent)
        add_areas(&areas, &before, &descent);
    descent_close(&descent);
    return areas;
}

void curves_order(const double *scores, size_t count, size_t *order)
{
    struct keyed *items = memory_new(count, sizeof *items);

    for (size_t i = 0; i < count; i++)
        items[i] = (struct keyed){~key_of_double(scores[i]), i};
    sort_keyed(items, count);
    for (size_t i = 0; i < count; i++)
        order[i] = items[i].item;
    free(items);
}

struct curve_areas curves_weighted_areas(const double *scores, const uint8_t *positive,
                                         const uint32_t *weights, size_t count)
{
    struct curve_areas areas = {0, 0, 0};
    double found[2] = {0, 0}; /* weight of negatives, of positives at the threshold and above */
    double before[2] = {0, 0};
    double precision_before = 1;

    for (size_t i = 0; i < count; i++) {
        double precision;

        found[positive[i] != 0] += weights[i];
        if ((i + 1 < count && scores[i] == scores[i + 1]) ||
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
