/* What a node's shell answered to the cgroup collector: its files, and the processes of groups. */
#include <stdlib.h>

#include "base/memory.h"
#include "runner/collector_cgroup.h"

char *cgroup_answer_file(struct cgroup_view *view, const char *path)
{
    struct cgroup_answer *answer = (struct cgroup_answer *)view;

    return file_sections_copy(&answer->sections, path, &answer->copy);
}

int cgroup_answer_processes(struct cgroup_view *view, const char *folder,
                            struct process_numbers *numbers, struct error *error)
{
    char *name = memory_format("%s/processes", folder);
    char *text = cgroup_answer_file(view, name);

    free(name);
    if (text == NULL)
        return error_set(error, ERROR_UNREACHABLE, "can't read the processes of %s", folder);
    process_numbers_add(numbers, text);
    return 0;
}

void cgroup_answer_free(struct cgroup_answer *answer)
{
    file_sections_free(&answer->sections);
    text_free(&answer->copy);
}
