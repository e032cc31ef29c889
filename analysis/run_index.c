#include "analysis/run_index.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/index_page.h"
#include "analysis/page_folder.h"
#include "base/memory.h"
#include "store/run_folders.h"

static const char title[] = "vnfault index: ";

static void add_unread(struct run_index *index, const char *name, const char *why)
{
    index->unread = memory_grow(index->unread, index->unread_count, &index->unread_capacity,
                                sizeof *index->unread);
    index->unread[index->unread_count++] =
        (struct index_unread){memory_string(name), memory_string(why)};
}

static void take_folder(struct run_index *index, const struct run_folder *folder)
{
    struct index_run run;
    struct error amiss = {0};

    if (folder->unreadable != NULL && page_folder_is(folder->path, title))
        return; /* an index */
    if (folder->unreadable != NULL) {
        add_unread(index, folder->name, folder->unreadable);
        return;
    }
    if (index_run_read(folder->path, folder->name, &run, &amiss) < 0) {
        add_unread(index, folder->name, amiss.what);
        index_run_free(&run);
        return;
    }
    index->runs =
        memory_grow(index->runs, index->run_count, &index->run_capacity, sizeof *index->runs);
    index->runs[index->run_count++] = run;
}

static int by_start(const void *left, const void *right)
{
    const struct index_run *first = left;
    const struct index_run *second = right;

    if (first->started_ns != second->started_ns)
        return first->started_ns < second->started_ns ? -1 : 1;
    return strcmp(first->name, second->name);
}

int run_index_read(const char *folder, struct run_index *index, struct stop *stop,
                   struct error *error)
{
    struct run_folders folders = {0};
    int result = run_folders_find(folder, &folders, error);

    *index = (struct run_index){.folder = memory_string(folder)};
    for (size_t i = 0; result == 0 && i < folders.count; i++) {
        if (stop != NULL && stop_reason(stop) != 0)
            result = error_set(error, ERROR_INTERRUPTED, "interrupted while reading runs");
        else
            take_folder(index, &folders.items[i]);
    }
    for (size_t i = 0; result == 0 && i < folders.removed_count; i++)
        add_unread(index, folders.removed[i] + folders.root_length,
                   "its removal was cut short; 'vnfault prune' ends it");
    run_folders_free(&folders);
    if (index->run_count > 0)
        qsort(index->runs, index->run_count, sizeof *index->runs, by_start);
    for (size_t i = 0; i < index->run_count; i++)
        index->runs[i].number = i + 1;
    return result;
}

void run_index_free(struct run_index *index)
{
    for (size_t i = 0; i < index->run_count; i++)
        index_run_free(&index->runs[i]);
    for (size_t i = 0; i < index->unread_count; i++) {
        free(index->unread[i].name);
        free(index->unread[i].why);
    }
    free(index->runs);
    free(index->unread);
    free(index->folder);
    memset(index, 0, sizeof *index);
}

int run_index_check_folder(const char *folder, struct error *error)
{
    return page_folder_check(folder, title, error);
}

/* The sections share what those of a run's report do; there is no single run that they are of. */
int run_index_write(const struct run_index *index, const char *output, struct stop *stop,
                    struct error *error)
{
    struct report_run none = {0};
    const struct report_source source = {.run = &none, .stop = stop};
    struct report report = {.source = &source, .run = &none};
    int result;

    /* The date that PDFs state. */
    if (index->run_count > 0)
        none.run.started_ns = index->runs[index->run_count - 1].started_ns;
    report.figures = memory_format("%s/figures", output);
    result = page_folder_begin(output, report.figures, title, error);
    if (result == 0) {
        page_begin(&report.page, title, index->folder);
        index_write_head(&report, index);
        index_write_runs(&report, index, output);
        result = index_write_trends(&report, index, error);
    }
    if (result == 0) {
        index_write_unread(&report, index);
        index_write_method(&report);
        result = page_folder_end(output, &report.page, error);
    }
    text_free(&report.page);
    free(report.figures);
    return result;
}
