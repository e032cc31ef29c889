#include "cli/progress_line.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"

#define TAKE_LINE_AWAY "\r\033[K"

static char line[256];

static int terminal_width(void)
{
    struct winsize size;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 20)
        return 80;
    return size.ws_col;
}

/* Draws the line again, or takes it away, around each line of the log. */
static void around_log_line(bool before)
{
    fputs(before ? TAKE_LINE_AWAY : line, stderr);
}

bool progress_line_is_seen(void)
{
    return isatty(STDERR_FILENO) == 1;
}

void progress_line_show(const char *format, ...)
{
    char text[sizeof line];
    va_list arguments;

    if (!progress_line_is_seen())
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    log_set_line_hook(around_log_line);
    snprintf(line, sizeof line, "%.*s", terminal_width() - 1, text);
    fprintf(stderr, TAKE_LINE_AWAY "%s", line);
    fflush(stderr);
}

void progress_line_end(void)
{
    if (line[0] != '\0')
        fputs(TAKE_LINE_AWAY, stderr);
    line[0] = '\0';
}
