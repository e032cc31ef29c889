/* Makes a synthetic run for the tests of reports:
 * report_run FOLDER EXPERIMENTS OBSERVATIONS INVALID [LEVELS] (see tests/unit/fixture_run.h). */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/fixture_run.h"

int main(int argc, char **argv)
{
    struct fixture_run setting = {.effect = 3, .seed = 7};
    struct error error = {0};

    if (argc != 5 && argc != 6) {
        fputs("usage: report_run FOLDER EXPERIMENTS OBSERVATIONS INVALID [LEVELS]\n", stderr);
        return 64;
    }
    setting.experiments = strtoul(argv[2], NULL, 10);
    setting.observations = strtoul(argv[3], NULL, 10);
    setting.invalid = strtoul(argv[4], NULL, 10);
    setting.levels = argc == 6 ? strtoul(argv[5], NULL, 10) : 0;
    if (fixture_run_make(argv[1], &setting, &error) < 0) {
        error_print(&error, stderr);
        return error_exit_status(&error);
    }
    return 0;
}
