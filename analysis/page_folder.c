#include "analysis/page_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report_text.h"
#include "base/file.h"
#include "base/memory.h"

/* The head, well-formed as HTML and as XML so that programs can read it too, tells a page of ours
 * from one of somebody's own. */
static const char page_head[] =
    "<!DOCTYPE html>\n"
    "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
    "<meta charset=\"utf-8\"/>\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
    "<title>";

enum { LONGEST_TITLE = 40 };

static bool is_page(const char *path, const char *title)
{
    char begin[sizeof page_head + LONGEST_TITLE] = "";
    size_t length = sizeof page_head - 1 + strlen(title);
    FILE *stream = fopen(path, "re");
    bool same;

    if (stream == NULL)
        return false;
    same = length < sizeof begin && fread(begin, 1, length, stream) == length &&
           strncmp(begin, page_head, sizeof page_head - 1) == 0 &&
           strcmp(begin + sizeof page_head - 1, title) == 0;
    fclose(stream);
    return same;
}

bool page_folder_is(const char *folder, const char *title)
{
    char *page = memory_format("%s/index.html", folder);
    bool result = is_page(page, title);

    free(page);
    return result;
}

int page_folder_check(const char *folder, const char *title, struct error *error)
{
    if (folder_is_free(folder) || page_folder_is(folder, title))
        return 0;
    error_set(error, ERROR_INPUT, "%s holds something and is not a report", folder);
    return error_hint(error, "give a new or an empty folder, or that of an earlier report");
}

/* One that is cut short can be written again. */
static int write_first_page(const char *path, const char *title, struct error *error)
{
    char *page;
    int result;

    if (file_exists(path))
        return 0;
    page = memory_format("%s%snot written to its end</title>\n</head>\n<body>\n<p>The report was "
                         "not written to its end.</p>\n</body>\n</html>\n",
                         page_head, title);
    result = file_write(path, page, strlen(page), error);
    free(page);
    return result;
}

int page_folder_begin(const char *folder, const char *figures, const char *title,
                      struct error *error)
{
    char *path = memory_format("%s/index.html", folder);
    int result = page_folder_check(folder, title, error);

    if (result == 0)
        result = figure_check(error);
    if (result == 0)
        result = folder_make(folder, error);
    if (result == 0)
        result = write_first_page(path, title, error);
    /* Figures of an earlier report would look as if they were of this one. */
    if (result == 0)
        result = folder_remove(figures, error);
    if (result == 0)
        result = folder_make(figures, error);
    if (result == 0)
        result = figure_write_style(figures, error);
    free(path);
    return result;
}

void page_begin(struct text *page, const char *title, const char *name)
{
    text_append(page, page_head);
    text_append(page, title);
    append_html(page, name);
    text_append(page, "</title>\n<style>\n");
    for (size_t i = 0; report_stylesheet[i] != NULL; i++)
        text_append(page, report_stylesheet[i]);
    text_append(page, "</style>\n</head>\n<body>\n");
}

int page_end(const char *path, struct text *page, struct error *error)
{
    text_append(page, "</body>\n</html>\n");
    return file_write(path, text_string(page), page->length, error);
}

int page_folder_end(const char *folder, struct text *page, struct error *error)
{
    char *path = memory_format("%s/index.html", folder);
    int result = page_end(path, page, error);

    free(path);
    return result;
}
