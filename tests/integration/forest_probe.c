/*
 * Fits the Random Forest on a file's data and scores them:
 *   forest_probe FILE ROWS COLUMNS TREES SEED THREADS SCORES BINS CLASSES
 * FILE has ROWS x COLUMNS doubles, then ROWS bytes that say of which class each row is, then ROWS
 * bytes that say which to train on. With CLASSES 0 the classes are two, the answer to a question,
 * else there are so many, told apart by one forest. Writes the scores of all rows to SCORES as
 * doubles, (ROWS x CLASSES). Prints what it took, a name and a number a line
 * (tests/bench/peer_sklearn.py prints the same of another):
 *   fit          CPU seconds of the fit
 *   fit_elapsed  the same by the clock on the wall
 *   score        CPU seconds to score all rows
 *   one          CPU microseconds to score a single row
 *   memory       KiB by which the fit raised the memory in use, at its peak
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/forest.h"
#include "base/memory.h"

enum { SCORE_TIMES = 5 };

struct data {
    size_t rows;
    size_t columns;
    double *values;
    uint8_t *classes;
    uint8_t *train;
    size_t class_count; /* 0: they say yes or no */
};

static double seconds(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* A figure of this process in KiB, as VmRSS. */
static long memory_status(const char *name)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[200];
    long value = 0;

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0)
            value = strtol(line + strlen(name) + 1, NULL, 10);
    }
    if (file != NULL)
        fclose(file);
    return value;
}

/* Sets VmHWM, the peak, to what is in use now. */
static void reset_memory_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");

    if (file == NULL)
        return;
    fputs("5", file);
    fclose(file);
}

static int read_data(const char *path, struct data *data)
{
    size_t count = data->rows * data->columns;
    FILE *file = fopen(path, "rb");
    int result;

    if (file == NULL)
        return -1;
    data->values = memory_new(count, sizeof *data->values);
    data->classes = memory_new(data->rows, 1);
    data->train = memory_new(data->rows, 1);
    result = fread(data->values, sizeof *data->values, count, file) == count &&
                     fread(data->classes, 1, data->rows, file) == data->rows &&
                     fread(data->train, 1, data->rows, file) == data->rows
                 ? 0
                 : -1;
    fclose(file);
    return result;
}

static struct data training_part(const struct data *data)
{
    struct data part = {0,
                        data->columns,
                        memory_new(data->rows * data->columns, sizeof(double)),
                        memory_new(data->rows, 1),
                        NULL,
                        data->class_count};

    for (size_t row = 0; row < data->rows; row++) {
        if (!data->train[row])
            continue;
        memcpy(part.values + part.rows * part.columns, data->values + row * data->columns,
               data->columns * sizeof(double));
        part.classes[part.rows++] = data->classes[row];
    }
    return part;
}

static void free_data(struct data *data)
{
    free(data->values);
    free(data->classes);
    free(data->train);
}

static struct forest *timed_fit(const struct data *part, const struct forest_setting *setting)
{
    long before;
    double cpu;
    double elapsed;
    struct forest_columns *columns;
    struct forest *forest;

    reset_memory_peak();
    before = memory_status("VmRSS");
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    elapsed = seconds(CLOCK_MONOTONIC);
    columns = forest_columns_new(part->values, part->rows, part->columns, setting);
    forest = part->class_count == 0
                 ? forest_fit(columns, part->classes, setting)
                 : forest_fit_classes(columns, part->classes, part->class_count, setting);
    printf("fit %.9f\n", seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    printf("fit_elapsed %.9f\n", seconds(CLOCK_MONOTONIC) - elapsed);
    printf("memory %ld\n", memory_status("VmHWM") - before);
    forest_columns_free(columns);
    return forest;
}

static size_t scores_of_row(const struct data *data)
{
    return data->class_count > 0 ? data->class_count : 1;
}

static void score(const struct forest *forest, const double *values, size_t rows, double *scores)
{
    (forest->classes > 0 ? forest_score_classes : forest_score)(forest, values, rows, scores);
}

static void timed_score(const struct forest *forest, const struct data *all, double *scores)
{
    double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    double end;

    for (int i = 0; i < SCORE_TIMES; i++)
        score(forest, all->values, all->rows, scores);
    end = seconds(CLOCK_PROCESS_CPUTIME_ID);
    printf("score %.9f\n", (end - start) / SCORE_TIMES);
    for (size_t row = 0; row < all->rows; row++)
        score(forest, all->values + row * all->columns, 1, &scores[row * scores_of_row(all)]);
    printf("one %.9f\n", 1e6 * (seconds(CLOCK_PROCESS_CPUTIME_ID) - end) / (double)all->rows);
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
    struct data all = {.rows = strtoul(words[1], NULL, 10),
                       .columns = strtoul(words[2], NULL, 10),
                       .class_count = strtoul(words[8], NULL, 10)};
    struct forest_setting setting = {.trees = strtoul(words[3], NULL, 10),
                                     .seed = strtoul(words[4], NULL, 10),
                                     .threads = strtoul(words[5], NULL, 10),
                                     .bins = strtoul(words[7], NULL, 10)};
    struct data part;
    struct forest *forest;
    double *scores;
    int result;

    if (read_data(words[0], &all) < 0) {
        free_data(&all);
        return -1;
    }
    part = training_part(&all);
    scores = memory_new(all.rows * scores_of_row(&all), sizeof *scores);
    forest = timed_fit(&part, &setting);
    timed_score(forest, &all, scores);
    result = write_scores(words[6], scores, all.rows * scores_of_row(&all));
    forest_free(forest);
    free(scores);
    free_data(&part);
    free_data(&all);
    return result;
}

int main(int argc, char **argv)
{
    if (argc != 10) {
        fputs("usage: forest_probe FILE ROWS COLUMNS TREES SEED THREADS SCORES BINS CLASSES\n",
              stderr);
        return 64;
    }
    if (probe(argv + 1) == 0)
        return 0;
    fputs("forest_probe: can't read the data or write the scores\n", stderr);
    return 70;
}
