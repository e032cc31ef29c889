/* Subscribers of the lab: homestead's database and the load host's list of the same. */
#ifndef LAB_SUBSCRIBERS_H
#define LAB_SUBSCRIBERS_H

#include "base/error.h"
#include "lab/lab.h"

/* Makes LAB_SUBSCRIBERS subscribers with random passwords: /srv/hss.db of homestead and
 * /srv/subscribers.csv of the load host (a SIPp injection file: number, credentials). */
int subscribers_make(const struct lab *lab, struct error *error);

#endif
