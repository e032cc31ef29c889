/*
 * A netfilter queue: packets that a rule leads here, and the verdict on each. Raw netlink
 * (linux/netfilter/nfnetlink_queue.h), as the program runs where no library of ours is installed.
 */
#ifndef DELAY_LINE_QUEUE_H
#define DELAY_LINE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue {
    int socket;
    uint16_t number;
    bool whole_packets; /* their bytes are handed over, not their length alone */
};

/* What came; `bytes` lives until the callback returns. */
struct queued_packet {
    uint32_t id;                /* the kernel's, network byte order */
    uint32_t interface;         /* it would leave by */
    const unsigned char *bytes; /* from the IP header on */
    size_t byte_count;
    size_t length; /* of the packet, also where not all bytes are there */
};

typedef void queue_receiver(const struct queued_packet *packet, void *context);

/* Binds to the queue, of which the kernel keeps `limit` packets at most: 0, or -1 with errno. */
int queue_open(struct queue *queue, size_t limit);

/* Takes what is there now. Returns -1 if the socket fails. */
int queue_take(struct queue *queue, queue_receiver *receiver, void *context);

/* Lets a packet go on; with these bytes in place of its own unless they are NULL. */
void queue_accept(const struct queue *queue, uint32_t id, const unsigned char *bytes, size_t count);

/* What the kernel lost: more than the limit (overflow), or not handed to us (dropped). */
void queue_losses(const struct queue *queue, uint64_t *overflow, uint64_t *dropped);

#endif
