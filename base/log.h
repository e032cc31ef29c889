/* Log lines on stderr: time, level, message. One line a call, from any thread. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Lines above this level are dropped; LOG_WARNING at the start. */
void log_set_level(enum log_level level);

/* The level called `name` ('error', 'warning', 'info', 'debug'); false if there is none. */
bool log_level_from_name(const char *name, enum log_level *level);

/*
 * A hook called around each line with true before and false after it, under the log's lock, so
 * that a progress line can be taken away and drawn again. NULL for none.
 */
void log_set_line_hook(void (*hook)(bool before));

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
