/*
 * Packets of media (RTP) that SIPp sent and echoed. SIPp shows their sums on its screen only;
 * load-host.sh makes it write that each second and puts 'rtp;SENT;ECHOED' among the lines of the
 * statistics file, sums since the start of SIPp.
 */
#ifndef RUNNER_LOAD_SIPP_MEDIA_H
#define RUNNER_LOAD_SIPP_MEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct sipp_packets {
    int64_t sent;
    int64_t echoed;
};

/* Of one SIPp. Zero is the start. */
struct sipp_media {
    struct text line;          /* the one under way */
    bool told;                 /* SIPp has told of media at all */
    struct sipp_packets sums;  /* of the last line */
    struct sipp_packets taken; /* of them, by sipp_media_take */
};

/* For another SIPp; frees what it holds. */
void sipp_media_clear(struct sipp_media *media);

/* Whether a line, without its end, is one of media. */
bool sipp_media_is_line(const char *line);

/* Takes the next bytes of the lines, which may end within one; other lines, and such whose sums are
 * less than those before, are left out. */
void sipp_media_feed(struct sipp_media *media, const char *bytes, size_t length);

/* Adds the packets that were told of since it was last called; false if SIPp never told of any. */
bool sipp_media_take(struct sipp_media *media, struct sipp_packets *packets);

#endif
