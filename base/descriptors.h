/* How many files, sockets and pipes the process may have open. */
#ifndef BASE_DESCRIPTORS_H
#define BASE_DESCRIPTORS_H

#include <stddef.h>

#include "base/error.h"

/*
 * Makes sure that there can be `most` more descriptors than there are now, for `what` ("400
 * connections"): raises the soft limit, and no further than that, since commands inherit it. Where
 * the hard limit is lower, as far as that; ERROR_INTERNAL if not even `least` more can be had.
 */
int descriptors_allow(size_t least, size_t most, const char *what, struct error *error);

#endif
