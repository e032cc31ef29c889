#include "runner/load_profile.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/quantity.h"
#include "runner/findings.h"
#include "runner/load_profile_time.h"

enum { LARGEST_FILE = 1 << 20, MOST_POINTS = 20000, MOST_SAID = 10 };

static const char *const how_written = "the first line is 'time,share' or 'time,rate', the others "
                                       "are like '08:30,45%', 'Mon 08:30,45%' or "
                                       "'90min,12calls/s'; lines with # are passed over";

/* The file under way. */
struct reading {
    struct load_profile *profile;
    struct findings *findings;
    int line;
    size_t said;
    bool head_read;
    bool is_rate; /* the second column */
};

static void say(struct reading *reading, const char *what, const char *hint)
{
    if (reading->said++ < MOST_SAID)
        findings_add(reading->findings, reading->profile->path, reading->line, "", what, hint);
}

/* Says what quotes a part of the line. */
static void say_of(struct reading *reading, const char *format, const char *word, const char *hint)
{
    char *what = memory_format(format, word);

    say(reading, what, hint);
    free(what);
}

/* Without the white space around it; changes `text`. */
static char *trim(char *text)
{
    size_t length;

    text += strspn(text, " \t");
    length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

static void take_head(struct reading *reading, const char *time, const char *value)
{
    reading->head_read = true;
    reading->is_rate = strcmp(value, "rate") == 0;
    if (strcmp(time, "time") != 0 || (!reading->is_rate && strcmp(value, "share") != 0))
        say(reading, "the first line does not name the columns", how_written);
}

/* The value in calls per second or as a share; negative if it is none. */
static double read_value(struct reading *reading, const char *text)
{
    enum quantity_kind kind = reading->is_rate ? QUANTITY_RATE : QUANTITY_SHARE;
    struct error error = {0};
    double value;

    if (quantity_read(kind, text, &value, &error) < 0) {
        say(reading, error.what, error.hint);
        return -1;
    }
    if (value > 0)
        return value;
    say(reading, "a load of no calls tells nothing of the service",
        reading->is_rate ? "0.1calls/s, say" : "1%, say");
    return -1;
}

static void add_point(struct reading *reading, int64_t time, double value)
{
    struct load_profile *profile = reading->profile;

    if (profile->count > 0 && time <= profile->points[profile->count - 1].time) {
        say(reading, "the time is not after the one before it",
            "the lines are in the order of time");
        return;
    }
    if (profile->count == MOST_POINTS) {
        say(reading, "a profile has at most 20000 lines", "");
        return;
    }
    if (profile->count % 64 == 0)
        profile->points =
            memory_resize(profile->points, profile->count + 64, sizeof *profile->points);
    profile->points[profile->count++] = (struct profile_point){time, value};
}

static void take_row(struct reading *reading, const char *time, const char *value)
{
    struct load_profile *profile = reading->profile;
    struct error error = {0};
    int64_t instant = 0;
    double number;

    if (profile->count == 0 && reading->said == 0) {
        profile->written = profile_time_form(time);
        profile->period = profile_time_period(profile->written, profile->period);
    }
    number = read_value(reading, value);
    if (load_profile_time(profile, time, &instant, &error) < 0)
        say(reading, error.what, error.hint);
    else if (number > 0)
        add_point(reading, instant, number);
}

static void take_line(struct reading *reading, char *line)
{
    char *time = trim(line);
    char *comma;

    if (*time == '\0' || *time == '#')
        return;
    comma = strchr(time, ',');
    if (comma == NULL || strchr(comma + 1, ',') != NULL) {
        say_of(reading, "\"%.60s\" has not two columns", time, how_written);
        return;
    }
    *comma = '\0';
    if (reading->head_read)
        take_row(reading, trim(time), trim(comma + 1));
    else
        take_head(reading, trim(time), trim(comma + 1));
}

static void take_lines(struct reading *reading, char *text)
{
    while (text != NULL && !findings_are_full(reading->findings)) {
        char *end = strchr(text, '\n');

        if (end != NULL)
            *end = '\0';
        reading->line++;
        take_line(reading, text);
        text = end != NULL ? end + 1 : NULL;
    }
    if (reading->said == 0 && reading->profile->count < 2)
        say(reading, "a profile has at least two lines with a time", how_written);
}

/* A file of rates: the highest is the peak. */
static void find_peak(struct load_profile *profile)
{
    for (size_t i = 0; i < profile->count; i++)
        profile->peak = fmax(profile->peak, profile->points[i].share);
    for (size_t i = 0; i < profile->count; i++)
        profile->points[i].share /= profile->peak;
}

/* The text is kept in the run database's XML, where no other characters can be. */
static bool is_text(const struct text *text)
{
    for (size_t i = 0; i < text->length; i++) {
        unsigned char byte = (unsigned char)text->bytes[i];

        if (byte >= 127 || (byte < ' ' && byte != '\n' && byte != '\r' && byte != '\t'))
            return false;
    }
    return true;
}

static void read_text(struct reading *reading, const struct text *text)
{
    char *lines;

    reading->profile->text = memory_string(text_string(text));
    if (!is_text(text)) {
        reading->line = 1;
        say(reading, "the file is not plain text (ASCII)", how_written);
        return;
    }
    lines = memory_string(text_string(text));
    take_lines(reading, lines);
    free(lines);
}

struct load_profile *load_profile_read(const char *path, int64_t period, struct findings *findings)
{
    struct load_profile *profile = memory_new(1, sizeof *profile);
    struct reading reading = {.profile = profile, .findings = findings};
    struct text text = {0};
    struct error error;

    profile->path = memory_string(path);
    profile->period = period;
    if (file_read(path, LARGEST_FILE, &text, &error) < 0) {
        reading.line = 1;
        say(&reading, error.what, error.hint);
    } else {
        read_text(&reading, &text);
    }
    text_free(&text);
    if (reading.said > 0) {
        load_profile_free(profile);
        return NULL;
    }
    if (reading.is_rate)
        find_peak(profile);
    return profile;
}

void load_profile_free(struct load_profile *profile)
{
    if (profile == NULL)
        return;
    free(profile->path);
    free(profile->text);
    free(profile->points);
    free(profile);
}

struct profile_segment load_profile_segment(const struct load_profile *profile, int64_t time)
{
    const struct profile_point *points = profile->points;
    size_t low = 0;
    size_t high = profile->count; /* the first point that is after `time` */
    struct profile_segment segment;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (points[middle].time <= time)
            low = middle + 1;
        else
            high = middle;
    }
    segment.start =
        high > 0 ? points[high - 1].time : points[profile->count - 1].time - profile->period;
    segment.from = points[high > 0 ? high - 1 : profile->count - 1].share;
    segment.end = high < profile->count ? points[high].time : points[0].time + profile->period;
    segment.to = profile->held ? segment.from : points[high < profile->count ? high : 0].share;
    return segment;
}

struct profile_range load_profile_range(const struct load_profile *profile)
{
    struct profile_range range = {.least = profile->points[0].share};

    for (size_t i = 0; i < profile->count; i++) {
        double share = profile->points[i].share;
        struct profile_segment segment = load_profile_segment(profile, profile->points[i].time);
        double part = (double)(segment.end - segment.start) / (double)profile->period;

        range.least = fmin(range.least, share);
        range.most = fmax(range.most, share);
        range.mean += (segment.from + segment.to) / 2 * part;
    }
    return range;
}
