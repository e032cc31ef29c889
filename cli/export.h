/* What `vnfault export` can write: one function a table, each a file of its own. */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/csv.h"
#include "store/store.h"

/* Each writes a header and its rows. The columns: docs/run-database.md. */
int export_observations(struct store *store, struct csv *csv, struct error *error);
int export_service(struct store *store, struct csv *csv, struct error *error);
int export_injections(struct store *store, struct csv *csv, struct error *error);
int export_experiments(struct store *store, struct csv *csv, struct error *error);

/* Names in the order in which they were first seen. Zero it to start. */
struct name_list {
    char **names;
    size_t count;
    size_t capacity;
};

/* The place of the name, added if it is new. */
size_t name_list_place(struct name_list *list, const char *name);
void name_list_free(struct name_list *list);

/* The experiments that rows belong to. */
struct experiment_names {
    struct {
        int64_t id;
        int64_t cell;
        char *name;
        char *verdict; /* NULL while running or torn */
    } * items;
    size_t count;
    size_t capacity;
};

/* Reads the last attempts; freed by experiment_names_free, also after an error. */
int experiment_names_read(struct store *store, struct experiment_names *experiments,
                          struct error *error);
void experiment_names_free(struct experiment_names *experiments);

/* Writes name, cell and verdict of an experiment as three fields. */
void export_experiment(struct csv *csv, const struct experiment_names *experiments, int64_t id);

#endif
