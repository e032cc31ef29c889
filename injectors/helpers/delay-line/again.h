/* Sending a packet again: a queue can let a packet go once only. The second one bears a mark, by
 * which the rule that leads to the queue lets it pass. */
#ifndef DELAY_LINE_AGAIN_H
#define DELAY_LINE_AGAIN_H

#include <stddef.h>
#include <stdint.h>

struct again {
    int sockets[2]; /* for IPv4 and IPv6; -1 where there is none */
};

/* 0, or -1 with errno if not even one of the families can be sent. */
int again_open(struct again *again, uint32_t mark);

/* Sends these bytes, from the IP header on, over the interface. 0, or -1 with errno. */
int again_send(const struct again *again, const unsigned char *bytes, size_t count,
               uint32_t interface);

#endif
