#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static const char *const level_names[] = {"error", "warning", "info", "debug"};
static atomic_int highest_level = LOG_WARNING;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void (*line_hook)(bool before);

void log_set_level(enum log_level level)
{
    atomic_store(&highest_level, (int)level);
}

bool log_level_from_name(const char *name, enum log_level *level)
{
    for (int i = LOG_ERROR; i <= LOG_DEBUG; i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

void log_set_line_hook(void (*hook)(bool before))
{
    pthread_mutex_lock(&lock);
    line_hook = hook;
    pthread_mutex_unlock(&lock);
}

static void write_line(enum log_level level, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static void write_line(enum log_level level, const char *format, va_list arguments)
{
    char time[32];
    char message[1200];

    if ((int)level > atomic_load(&highest_level))
        return;
    clock_format(clock_now(), time, sizeof time);
    vsnprintf(message, sizeof message, format, arguments);
    pthread_mutex_lock(&lock);
    if (line_hook != NULL)
        line_hook(true);
    fprintf(stderr, "%s %s: %s\n", time, level_names[level], message);
    if (line_hook != NULL)
        line_hook(false);
    pthread_mutex_unlock(&lock);
}

#define DEFINE_LOG_FUNCTION(name, level)                                                           \
    void name(const char *format, ...)                                                             \
    {                                                                                              \
        va_list arguments;                                                                         \
                                                                                                   \
        va_start(arguments, format);                                                               \
        write_line(level, format, arguments);                                                      \
        va_end(arguments);                                                                         \
    }

DEFINE_LOG_FUNCTION(log_error, LOG_ERROR)
DEFINE_LOG_FUNCTION(log_warning, LOG_WARNING)
DEFINE_LOG_FUNCTION(log_info, LOG_INFO)
DEFINE_LOG_FUNCTION(log_debug, LOG_DEBUG)
