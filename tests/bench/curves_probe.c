/*
 * Areas under the curves of a file's scores:
 *   curves_probe FILE COUNT
 * FILE has COUNT scores as doubles, then COUNT bytes that say which are positive. Prints a name and
 * a number a line: areas, the CPU seconds for all areas together; roc and average_precision, the
 * areas.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "analysis/curves.h"
#include "base/memory.h"

static double cpu_seconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(int argc, char **argv)
{
    size_t count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    FILE *file = count > 0 ? fopen(argv[1], "rb") : NULL;
    double *scores = memory_new(count, sizeof *scores);
    uint8_t *positive = memory_new(count, 1);
    int result = 70;

    if (file == NULL) {
        fputs("usage: curves_probe FILE COUNT\n", stderr);
    } else if (fread(scores, sizeof *scores, count, file) == count &&
               fread(positive, 1, count, file) == count) {
        double start = cpu_seconds();
        struct curve_areas areas = curves_areas(scores, positive, count);

        printf("areas %.9f\n", cpu_seconds() - start);
        printf("roc %.17g\naverage_precision %.17g\n", areas.roc, areas.average_precision);
        result = 0;
    }
    if (file != NULL)
        fclose(file);
    free(scores);
    free(positive);
    return result;
}
