#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

static const int exit_statuses[] = {
    [ERROR_NONE] = 0,          [ERROR_THRESHOLD] = 1,     [ERROR_INCONCLUSIVE] = 2,
    [ERROR_NOT_CLEAN] = 3,     [ERROR_NOT_AS_BEFORE] = 3, [ERROR_UNREACHABLE] = 4,
    [ERROR_LOCKED] = 4,        [ERROR_INPUT] = 64,        [ERROR_INTERNAL] = 70,
    [ERROR_INTERRUPTED] = 130, [ERROR_TERMINATED] = 143,
};

void error_clear(struct error *error)
{
    memset(error, 0, sizeof *error);
}

int error_set(struct error *error, enum error_kind kind, const char *format, ...)
{
    va_list arguments;

    error_clear(error);
    error->kind = kind;
    va_start(arguments, format);
    vsnprintf(error->what, sizeof error->what, format, arguments);
    va_end(arguments);
    return -1;
}

static void set_system(struct error *error, enum error_kind kind, int number, const char *format,
                       va_list arguments)
{
    size_t used;

    error_clear(error);
    error->kind = kind;
    vsnprintf(error->what, sizeof error->what, format, arguments);
    used = strlen(error->what);
    snprintf(error->what + used, sizeof error->what - used, ": %s", strerror(number));
}

int error_system(struct error *error, enum error_kind kind, const char *format, ...)
{
    int number = errno;
    va_list arguments;

    va_start(arguments, format);
    set_system(error, kind, number, format, arguments);
    va_end(arguments);
    return -1;
}

int error_unwritten(struct error *error, const char *format, ...)
{
    static const int machine[] = {ENOSPC, EDQUOT, EIO, EMFILE, ENFILE, ENOMEM};
    int number = errno;
    enum error_kind kind = ERROR_INPUT;
    va_list arguments;

    for (size_t i = 0; i < sizeof machine / sizeof machine[0]; i++) {
        if (number == machine[i])
            kind = ERROR_INTERNAL;
    }
    va_start(arguments, format);
    set_system(error, kind, number, format, arguments);
    va_end(arguments);
    return -1;
}

static void fill_once(char *field, size_t size, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

static void fill_once(char *field, size_t size, const char *format, va_list arguments)
{
    if (field[0] == '\0')
        vsnprintf(field, size, format, arguments);
}

int error_where(struct error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fill_once(error->where, sizeof error->where, format, arguments);
    va_end(arguments);
    return -1;
}

int error_target(struct error *error, const char *target)
{
    if (error->target[0] == '\0')
        snprintf(error->target, sizeof error->target, "%s", target);
    return -1;
}

int error_hint(struct error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fill_once(error->hint, sizeof error->hint, format, arguments);
    va_end(arguments);
    return -1;
}

int error_exit_status(const struct error *error)
{
    return exit_statuses[error->kind];
}

void error_print(const struct error *error, FILE *stream)
{
    fputs("vnfault: ", stream);
    if (error->where[0] != '\0')
        fprintf(stream, "%s: ", error->where);
    if (error->target[0] != '\0')
        fprintf(stream, "%s: ", error->target);
    fprintf(stream, "%s\n", error->what);
    if (error->hint[0] != '\0')
        fprintf(stream, "  %s\n", error->hint);
}
