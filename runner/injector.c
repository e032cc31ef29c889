#include "runner/injector.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/installation.h"
#include "base/memory.h"
#include "base/words.h"
#include "runner/injector_head.h"
#include "runner/load_fault.h"

#define LARGEST_SCRIPT ((size_t)256 << 10)

static void injector_release(struct injector *injector)
{
    free(injector->name);
    free(injector->summary);
    free(injector->unit);
    free(injector->owns);
    words_free(injector->tools);
    words_free(injector->helpers);
    for (size_t i = 0; i < injector->parameter_count; i++)
        injector_parameter_free(&injector->parameters[i]);
    free(injector->parameters);
    free(injector->path);
    free(injector->script);
}

static int read_injector(const char *path, const char *name, struct injector *injector,
                         struct error *error)
{
    struct text script = {0};

    if (file_read(path, LARGEST_SCRIPT, &script, error) < 0) {
        text_free(&script);
        return -1;
    }
    injector->path = memory_string(path);
    injector->script = memory_string(text_string(&script));
    text_free(&script);
    return injector_head_read(injector, name, error);
}

/* Makes room for one of that name; NULL if there is one already. */
static struct injector *add_name(struct injector_table *table, const char *path, const char *name,
                                 struct error *error)
{
    struct injector *injector;
    const struct injector *other = injector_find(table, name);

    if (other != NULL) {
        error_set(error, ERROR_INPUT, "fault type '%s' is there already, in %s", name, other->path);
        error_hint(error, "give the file another name");
        error_where(error, "%s", path);
        return NULL;
    }
    table->items = memory_resize(table->items, table->count + 1, sizeof *table->items);
    injector = &table->items[table->count++];
    memset(injector, 0, sizeof *injector);
    injector->load_fault = load_fault_find(name);
    return injector;
}

static int add(struct injector_table *table, const char *path, const char *name,
               struct error *error)
{
    struct injector *injector = add_name(table, path, name, error);

    return injector == NULL ? -1 : read_injector(path, name, injector, error);
}

/* Those that say in the program what the head of a file says. */
static int add_load_faults(struct injector_table *table, struct error *error)
{
    size_t count;
    const struct load_fault *const *faults = load_fault_all(&count);

    for (size_t i = 0; i < count; i++) {
        struct injector *injector;

        if (faults[i]->head == NULL)
            continue;
        injector = add_name(table, "vnfault", faults[i]->name, error);
        if (injector == NULL)
            return -1;
        injector->path = memory_string("vnfault");
        injector->script = memory_string(faults[i]->head);
        if (injector_head_read(injector, faults[i]->name, error) < 0)
            return -1;
    }
    return 0;
}

/* Adds each NAME.sh of the folder but the contract itself. */
static int read_folder(struct injector_table *table, const char *folder, struct error *error)
{
    DIR *directory = opendir(folder);
    const struct dirent *entry;
    int result = 0;

    if (directory == NULL)
        return error_system(error, ERROR_INPUT, "can't read the folder of injectors %s", folder);
    while (result == 0 && (entry = readdir(directory)) != NULL) {
        size_t length = strlen(entry->d_name);
        char *path;
        char *name;

        if (length < 4 || strcmp(entry->d_name + length - 3, ".sh") != 0 ||
            strcmp(entry->d_name, "contract.sh") == 0 || entry->d_name[0] == '.')
            continue;
        path = memory_format("%s/%s", folder, entry->d_name);
        name = memory_format("%.*s", (int)(length - 3), entry->d_name);
        result = add(table, path, name, error);
        free(path);
        free(name);
    }
    closedir(directory);
    return result;
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const struct injector *)left)->name, ((const struct injector *)right)->name);
}

int injector_table_read(struct injector_table *table, struct error *error)
{
    const char *own = getenv("VNFAULT_INJECTORS");
    char *folder = path_of_data("injectors");
    int result;

    memset(table, 0, sizeof *table);
    result = add_load_faults(table, error);
    if (result == 0)
        result = read_folder(table, folder, error);
    free(folder);
    if (result == 0 && own != NULL && own[0] != '\0')
        result = read_folder(table, own, error);
    if (result < 0) {
        injector_table_free(table);
        return -1;
    }
    qsort(table->items, table->count, sizeof *table->items, by_name);
    return 0;
}

void injector_table_free(struct injector_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        injector_release(&table->items[i]);
    free(table->items);
    memset(table, 0, sizeof *table);
}

const struct injector *injector_find(const struct injector_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (table->items[i].name != NULL && strcmp(table->items[i].name, name) == 0)
            return &table->items[i];
    }
    return NULL;
}
