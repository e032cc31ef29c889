/* vnfault export RUN: the run database as CSV, or its data sets for numpy. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/export.h"
#include "cli/export_numpy.h"
#include "cli/verb.h"

static const char *what;
static const char *output;
static const char *target;
static bool csv_format;
static bool numpy_format;

static const struct option_row options[] = {
    {"--what", "TABLE", "what to write as CSV (default: observations)", OPTION_TEXT, &what, 0, 0},
    {"-o", "PATH", "file to write; a folder with 'all' (default: stdout)", OPTION_TEXT, &output, 0,
     0},
    {"--csv", NULL, "as CSV, which is the default", OPTION_FLAG, &csv_format, 0, 0},
    {"--numpy", NULL, "data sets as numpy.load reads them; needs -o FILE.npz", OPTION_FLAG,
     &numpy_format, 0, 0},
    {"--target", "NAME", "of --numpy: only this target (default: all)", OPTION_TEXT, &target, 0, 0},
    {0},
};

static const struct table {
    const char *name;
    int (*write)(struct store *store, struct csv *csv, struct error *error);
} tables[] = {
    {"observations", export_observations},
    {"service", export_service},
    {"injections", export_injections},
    {"experiments", export_experiments},
};

enum { TABLE_COUNT = sizeof tables / sizeof tables[0] };

struct table_of_store {
    struct store *store;
    const struct table *table;
};

static int write_table(struct csv *csv, void *context, struct error *error)
{
    const struct table_of_store *item = context;

    return item->table->write(item->store, csv, error);
}

static int write_file(struct store *store, const struct table *table, const char *path,
                      struct error *error)
{
    struct table_of_store item = {store, table};

    return csv_file(path, write_table, &item, error);
}

static int write_all(struct store *store, const char *folder, struct error *error)
{
    int result = folder_make(folder, error);

    for (size_t i = 0; result == 0 && i < TABLE_COUNT; i++) {
        char *path = memory_format("%s/%s.csv", folder, tables[i].name);

        result = write_file(store, &tables[i], path, error);
        free(path);
    }
    return result;
}

/* The table named by --what; NULL for 'all'. */
static int find_table(const struct table **table, struct error *error)
{
    const char *names[TABLE_COUNT + 1] = {"all"};
    const char *nearest;

    *table = NULL;
    if (what == NULL)
        what = tables[0].name;
    if (strcmp(what, "all") == 0) {
        if (output == NULL)
            return error_set(error, ERROR_INPUT, "--what all needs -o FOLDER");
        return 0;
    }
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        names[i + 1] = tables[i].name;
        if (strcmp(what, tables[i].name) == 0)
            *table = &tables[i];
    }
    if (*table != NULL)
        return 0;
    nearest = string_nearest(what, names, TABLE_COUNT + 1);
    error_set(error, ERROR_INPUT, "--what: unknown table '%s'", what);
    if (nearest != NULL)
        return error_hint(error, "did you mean '%s'?", nearest);
    return error_hint(error, "observations, service, injections, experiments or all");
}

static int check_numpy_options(struct error *error)
{
    if (csv_format)
        return error_set(error, ERROR_INPUT, "--numpy and --csv exclude each other");
    if (what != NULL)
        return error_set(error, ERROR_INPUT,
                         "--numpy writes data sets: --what is for tables as CSV");
    if (output == NULL)
        return error_set(error, ERROR_INPUT, "--numpy needs a file: -o FILE.npz");
    return 0;
}

static int run(const char *const operands[], size_t count, struct error *error)
{
    struct error ignored;
    const struct table *table = NULL;
    struct store *store;
    int result;

    (void)count;
    if (target != NULL && !numpy_format)
        return error_set(error, ERROR_INPUT, "--target is for --numpy: CSV has all targets");
    if ((numpy_format ? check_numpy_options(error) : find_table(&table, error)) < 0 ||
        store_open(operands[0], STORE_READ, &store, error) < 0)
        return -1;
    if (numpy_format)
        result = export_numpy(store, target, output, error);
    else if (table == NULL)
        result = write_all(store, output, error);
    else
        result = write_file(store, table, output, error);
    store_close(store, &ignored);
    return result;
}

static const char *word(const char *of, size_t at)
{
    if (strcmp(of, "--what") != 0 || at > TABLE_COUNT)
        return NULL;
    return at < TABLE_COUNT ? tables[at].name : "all";
}

const struct verb verb_export = {
    .name = "export",
    .summary = "write a run's data as CSV or for numpy",
    .operands = "RUN",
    .description =
        "Writes a table of the run (its folder, or the database file) with a header row.\n"
        "Values are raw, as they were read, at full precision; an empty field is a\n"
        "value that is not known. Instants are nanoseconds since 1970.\n"
        "\n"
        "TABLE: observations (one row an observation, with its label and one column a\n"
        "       metric), service (what the load generator saw), injections (with their\n"
        "       edges), experiments (with verdict and reason), or all: a file of each\n"
        "       in the folder PATH.\n"
        "\n"
        "--numpy writes what detectors get instead: per target a matrix of values, with\n"
        "counters as rates, and its metrics, labels and times (docs/run-database.md).\n",
    .options = options,
    .least_operands = 1,
    .most_operands = 1,
    .word = word,
    .run = run,
};
