/* The packets that are held, the one that leaves first at the front: a heap. */
#ifndef DELAY_LINE_HELD_H
#define DELAY_LINE_HELD_H

#include <stddef.h>
#include <stdint.h>

#include "effects.h"

struct held_packet {
    struct fate fate;
    int64_t arrival;      /* monotonic, ns */
    uint64_t number;      /* in order of arrival */
    uint32_t id;          /* the kernel's */
    uint32_t interface;   /* it leaves by */
    unsigned char *bytes; /* owned; NULL unless they are needed */
    size_t byte_count;
};

struct held {
    struct held_packet *packets;
    size_t count;
    size_t capacity;
};

/* 0, or -1 without memory. Release with free(held->packets) once it is empty. */
int held_open(struct held *held, size_t capacity);

/* There must be room. Takes over the packet's bytes. */
void held_add(struct held *held, const struct held_packet *packet);

/* The first to leave; there must be one. Hands over its bytes. */
struct held_packet held_remove(struct held *held);

#endif
