#include "cli/findings.h"

void findings_print(const struct findings *findings, FILE *stream)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *one = &findings->items[i];

        fprintf(stream, "%s:", one->file);
        if (one->line > 0)
            fprintf(stream, "%d:", one->line);
        fputc(' ', stream);
        if (one->element[0] != '\0')
            fprintf(stream, "%s: ", one->element);
        fprintf(stream, "%s\n", one->what);
        if (one->hint[0] != '\0')
            fprintf(stream, "    %s\n", one->hint);
    }
}

int findings_error(const struct findings *findings, const char *path, struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s: %zu error%s", path, findings->count,
                     findings->count == 1 ? "" : "s");
}
