/* Makes a synthetic run for the tests of reports and comparisons:
 * report_run FOLDER EXPERIMENTS OBSERVATIONS INVALID [LEVELS [SEED [OUTAGE [FAILURES]]]]
 * (see tests/unit/fixture_run.h). */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/fixture_run.h"

int main(int argc, char **argv)
{
    struct fixture_run setting = {.effect = 3, .seed = 7};
    struct error error = {0};

    if (argc < 5 || argc > 9) {
        fputs("usage: report_run FOLDER EXPERIMENTS OBSERVATIONS INVALID [LEVELS [SEED [OUTAGE "
              "[FAILURES]]]]\n",
              stderr);
        return 64;
    }
    setting.experiments = strtoul(argv[2], NULL, 10);
    setting.observations = strtoul(argv[3], NULL, 10);
    setting.invalid = strtoul(argv[4], NULL, 10);
    setting.levels = argc > 5 ? strtoul(argv[5], NULL, 10) : 0;
    setting.seed = argc > 6 ? strtoul(argv[6], NULL, 10) : setting.seed;
    setting.outage = argc > 7 ? strtoul(argv[7], NULL, 10) : 0;
    setting.failures = argc > 8 ? strtoul(argv[8], NULL, 10) : 0;
    if (fixture_run_make(argv[1], &setting, &error) < 0) {
        error_print(&error, stderr);
        return error_exit_status(&error);
    }
    return 0;
}
