#include "cli/run_folder.h"

#include <time.h>

#include "base/clock.h"
#include "base/memory.h"

char *run_folder_default(const char *name, const char *kind)
{
    time_t now = (time_t)(clock_now() / CLOCK_SECOND);
    struct tm parts;
    char text[32];

    localtime_r(&now, &parts);
    strftime(text, sizeof text, "%Y%m%d-%H%M%S", &parts);
    return memory_format("results/%s%s-%s", name, kind, text);
}
