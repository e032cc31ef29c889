#include "runner/load_sipp_media.h"

#include <string.h>

/* Of the line under way so much is kept: longer ones are not of media. */
enum { LONGEST_LINE = 64 };

/* No sum of packets gets there in a run; a larger number is not one. */
#define LARGEST_SUM INT64_C(1000000000000000)

static const char prefix[] = "rtp;";

void sipp_media_clear(struct sipp_media *media)
{
    text_free(&media->line);
    memset(media, 0, sizeof *media);
}

bool sipp_media_is_line(const char *line)
{
    return string_starts_with(line, prefix);
}

/* Digits up to `end`; moves *cursor behind it. */
static bool read_sum(const char **cursor, char end, int64_t *sum)
{
    const char *start = *cursor;

    *sum = 0;
    for (; **cursor >= '0' && **cursor <= '9'; (*cursor)++) {
        *sum = *sum * 10 + (**cursor - '0');
        if (*sum > LARGEST_SUM)
            return false;
    }
    return *cursor > start && *(*cursor)++ == end;
}

static void take_line(struct sipp_media *media)
{
    const char *cursor = text_string(&media->line);
    struct sipp_packets sums;

    if (!sipp_media_is_line(cursor))
        return;
    cursor += strlen(prefix);
    if (!read_sum(&cursor, ';', &sums.sent) || !read_sum(&cursor, '\0', &sums.echoed) ||
        sums.sent < media->sums.sent || sums.echoed < media->sums.echoed)
        return;
    media->told = true;
    media->sums = sums;
}

void sipp_media_feed(struct sipp_media *media, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\n') {
            take_line(media);
            text_clear(&media->line);
        } else if (media->line.length < LONGEST_LINE) {
            text_append_bytes(&media->line, bytes + i, 1);
        }
    }
}

bool sipp_media_take(struct sipp_media *media, struct sipp_packets *packets)
{
    packets->sent += media->sums.sent - media->taken.sent;
    packets->echoed += media->sums.echoed - media->taken.echoed;
    media->taken = media->sums;
    return media->told;
}
