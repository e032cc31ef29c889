#include "runner/injection_script.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/installation.h"
#include "base/memory.h"

#define LARGEST_PART ((size_t)256 << 10)
#define MOST_ARGUMENTS 16

static int join_file(const char *path, struct text *script, struct error *error)
{
    if (file_read(path, LARGEST_PART, script, error) < 0) {
        error_hint(error, "the installation of vnfault is not complete");
        return -1;
    }
    text_append(script, "\n");
    return 0;
}

static int join_parts(const char *pattern, struct text *script, struct error *error)
{
    glob_t parts;
    int result = 0;

    if (glob(pattern, 0, NULL, &parts) != 0)
        return error_set(error, ERROR_INTERNAL, "there are no files %s", pattern);
    for (size_t i = 0; result == 0 && i < parts.gl_pathc; i++)
        result = join_file(parts.gl_pathv[i], script, error);
    globfree(&parts);
    return result;
}

int injection_script_join(const struct injector *injector, struct text *script, struct error *error)
{
    char *contract = path_of_data("injectors/contract.sh");
    char *parts = path_of_data("injectors/contract/*.sh");
    int result = join_file(contract, script, error);

    if (result == 0)
        result = join_parts(parts, script, error);
    if (result == 0) {
        if (injector != NULL)
            text_append(script, injector->script);
        text_append(script, "\ncontract_main \"$@\"\n");
    }
    free(contract);
    free(parts);
    return result;
}

int injection_service(struct access *access, const char *const arguments[], int64_t timeout,
                      injection_line *line, void *context, struct error *error)
{
    const char *argv[MOST_ARGUMENTS] = {"sh", "-s"};
    struct text script = {0};
    struct command_result command = {0};
    int result = -1;

    for (size_t i = 0; arguments[i] != NULL && i + 3 < MOST_ARGUMENTS; i++)
        argv[i + 2] = arguments[i];
    if (injection_script_join(NULL, &script, error) < 0)
        goto done;
    if (access_run(access, argv, text_string(&script), script.length, timeout, &command, error) < 0)
        goto done;
    result = injection_output_read(arguments[0], &command, line, context, error);
    command_result_free(&command);
done:
    text_free(&script);
    return result;
}
