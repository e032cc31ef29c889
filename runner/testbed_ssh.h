/* Reading the parts of a testbed file that say how hosts are reached: <ssh> and <jump-host>. */
#ifndef RUNNER_TESTBED_SSH_H
#define RUNNER_TESTBED_SSH_H

#include "runner/element.h"
#include "runner/testbed.h"

/* The <ssh> within the element; its node is NULL if there is none. More than one are a finding. */
struct element testbed_only_ssh(struct element parent);

/* What is true of a host whose file says nothing. Takes over `address`. */
struct host_access testbed_standard_access(char *address);

/* A path as written in the file: relative to the file, '~/' for the home folder; "" if the
 * attribute isn't there. The caller frees. */
char *testbed_read_path(struct element element, const char *attribute);

/* What an <ssh> element says; what it leaves out stays. The testbed's jump hosts are there. */
void testbed_read_ssh(const struct testbed *testbed, struct host_access *access,
                      struct element ssh);

/* Reads all <jump-host> elements into the testbed. */
void testbed_read_jump_hosts(struct testbed *testbed, struct element root, struct element standard);

#endif
