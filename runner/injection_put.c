#include "runner/injection_put.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/installation.h"
#include "base/memory.h"
#include "base/text.h"
#include "runner/injection_script.h"

#define LARGEST_HELPER ((size_t)16 << 20)

static int put(struct access *access, const char *folder, const char *name, const char *bytes,
               size_t length, unsigned mode, struct error *error)
{
    char *path = memory_format("%s/%s", folder, name);
    int result = access_put_file(access, path, bytes, length, mode, error);

    free(path);
    return result;
}

static int put_script(struct access *access, const char *folder, const struct injector *injector,
                      struct error *error)
{
    const char *const make_folder[] = {"mkdir", "-p", "-m", "700", folder, NULL};
    struct text script = {0};
    int result = access_check(access, make_folder, 0, error);

    if (result == 0)
        result = injection_script_join(injector, &script, error);
    if (result == 0)
        result =
            put(access, folder, "injector.sh", text_string(&script), script.length, 0700, error);
    text_free(&script);
    return result;
}

static int put_helper(struct access *access, const char *folder, const char *name,
                      struct error *error)
{
    char *here = path_of_helper(name);
    struct text helper = {0};
    int result = file_read(here, LARGEST_HELPER, &helper, error);

    if (result == 0)
        result = put(access, folder, name, helper.bytes, helper.length, 0700, error);
    else
        error_hint(error, "'make' builds the helpers together with vnfault");
    text_free(&helper);
    free(here);
    return result;
}

int injection_put(struct access *access, const char *folder, const struct injector *injector,
                  char *const helpers[], size_t helper_count, struct error *error)
{
    const char *reboot = access_host(access)->reboot;
    int result = put_script(access, folder, injector, error);

    for (size_t i = 0; result == 0 && i < helper_count; i++)
        result = put_helper(access, folder, helpers[i], error);
    /* A text of its own, as any shell may read. */
    if (result == 0 && injector->ends_connection)
        result = put(access, folder, "reboot", reboot, strlen(reboot), 0600, error);
    return result;
}
