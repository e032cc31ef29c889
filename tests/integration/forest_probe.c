/*
 * Fits the Random Forest on a file's data, one thread, and scores them:
 *   forest_probe FILE ROWS COLUMNS TREES SEED REPEATS SCORES
 * FILE has ROWS x COLUMNS doubles, then ROWS bytes that say which rows are positive, then ROWS
 * bytes that say which to train on. Writes the scores of all rows to SCORES as doubles. Prints the
 * least CPU seconds of REPEATS times: the fit, the sorting of columns in it, the scoring.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/forest.h"
#include "base/memory.h"

struct data {
    size_t rows;
    size_t columns;
    double *values;
    uint8_t *positive;
    uint8_t *train;
};

struct seconds {
    double fit;
    double sort;
    double score;
};

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int read_data(const char *path, struct data *data)
{
    size_t count = data->rows * data->columns;
    FILE *file = fopen(path, "rb");
    int result;

    if (file == NULL)
        return -1;
    data->values = memory_new(count, sizeof *data->values);
    data->positive = memory_new(data->rows, 1);
    data->train = memory_new(data->rows, 1);
    result = fread(data->values, sizeof *data->values, count, file) == count &&
                     fread(data->positive, 1, data->rows, file) == data->rows &&
                     fread(data->train, 1, data->rows, file) == data->rows
                 ? 0
                 : -1;
    fclose(file);
    return result;
}

static struct data training_part(const struct data *data)
{
    struct data part = {0, data->columns, memory_new(data->rows * data->columns, sizeof(double)),
                        memory_new(data->rows, 1), NULL};

    for (size_t row = 0; row < data->rows; row++) {
        if (!data->train[row])
            continue;
        memcpy(part.values + part.rows * part.columns, data->values + row * data->columns,
               data->columns * sizeof(double));
        part.positive[part.rows++] = data->positive[row];
    }
    return part;
}

static void free_data(struct data *data)
{
    free(data->values);
    free(data->positive);
    free(data->train);
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

static void fit_and_score(const struct data *part, const struct data *all,
                          const struct forest_setting *setting, double *scores,
                          struct seconds *best)
{
    double start = now();
    struct forest_columns *columns = forest_columns_new(part->values, part->rows, part->columns);
    double sorted = now();
    struct forest *forest = forest_fit(columns, part->positive, setting);
    double fitted = now();

    forest_score(forest, all->values, all->rows, scores);
    best->score = least(best->score, now() - fitted);
    best->sort = least(best->sort, sorted - start);
    best->fit = least(best->fit, fitted - start);
    forest_free(forest);
    forest_columns_free(columns);
}

static int write_scores(const char *path, const double *scores, size_t count)
{
    FILE *file = fopen(path, "wb");

    return file == NULL || fwrite(scores, sizeof *scores, count, file) != count || fclose(file) != 0
               ? -1
               : 0;
}

static int probe(char **words)
{
    struct data all = {.rows = strtoul(words[1], NULL, 10), .columns = strtoul(words[2], NULL, 10)};
    struct forest_setting setting = {
        .trees = strtoul(words[3], NULL, 10), .threads = 1, .seed = strtoul(words[4], NULL, 10)};
    struct seconds best = {1e9, 1e9, 1e9};
    struct data part;
    double *scores;
    int result;

    if (read_data(words[0], &all) < 0) {
        free_data(&all);
        return -1;
    }
    part = training_part(&all);
    scores = memory_new(all.rows, sizeof *scores);
    for (unsigned long i = strtoul(words[5], NULL, 10); i > 0; i--)
        fit_and_score(&part, &all, &setting, scores, &best);
    result = write_scores(words[6], scores, all.rows);
    printf("%.9f %.9f %.9f\n", best.fit, best.sort, best.score);
    free(scores);
    free_data(&part);
    free_data(&all);
    return result;
}

int main(int argc, char **argv)
{
    if (argc != 8) {
        fputs("usage: forest_probe FILE ROWS COLUMNS TREES SEED REPEATS SCORES\n", stderr);
        return 64;
    }
    if (probe(argv + 1) == 0)
        return 0;
    fputs("forest_probe: can't read the data or write the scores\n", stderr);
    return 70;
}
