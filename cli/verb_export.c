/* vnfault export RUN: the run database as CSV. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/export.h"
#include "cli/verb.h"

static const char *what = "observations";
static const char *output = NULL;
static bool csv_format = true;

static const struct option_row options[] = {
    {"--what", "TABLE", "what to write (default: observations)", OPTION_TEXT, &what, 0, 0},
    {"-o", "PATH", "file to write; a folder with 'all' (default: stdout)", OPTION_TEXT, &output, 0,
     0},
    {"--csv", NULL, "as CSV, which is the only format", OPTION_FLAG, &csv_format, 0, 0},
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

static int run(const char *const operands[], size_t count, struct error *error)
{
    struct error ignored;
    const struct table *table;
    struct store *store;
    int result;

    (void)count;
    if (find_table(&table, error) < 0 || store_open(operands[0], STORE_READ, &store, error) < 0)
        return -1;
    result =
        table == NULL ? write_all(store, output, error) : write_file(store, table, output, error);
    store_close(store, &ignored);
    return result;
}

const struct verb verb_export = {
    .name = "export",
    .summary = "write a run's data as CSV",
    .operands = "RUN",
    .description =
        "Writes a table of the run (its folder, or the database file) with a header row.\n"
        "Values are raw, as they were read, at full precision; an empty field is a\n"
        "value that is not known. Instants are nanoseconds since 1970.\n"
        "\n"
        "TABLE: observations (one row an observation, with its label and one column a\n"
        "       metric), service (what the load generator saw), injections (with their\n"
        "       edges), experiments (with verdict and reason), or all: a file of each\n"
        "       in the folder PATH.\n",
    .options = options,
    .least_operands = 1,
    .most_operands = 1,
    .run = run,
};
