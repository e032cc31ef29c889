/* Reading the parts of a testbed file that are about containers: <node>, and <container> and
 * <kubectl> of a target. */
#ifndef RUNNER_TESTBED_CONTAINER_H
#define RUNNER_TESTBED_CONTAINER_H

#include "runner/element.h"
#include "runner/testbed.h"

/* The <node> that the host's attribute names; its node is NULL if it names none, or none that there
 * is, which is a finding. */
struct element testbed_node(struct element host);

/* The host's address, or its node's. The caller frees. */
char *testbed_address(struct element host, struct element node);

/* Reads the host's <container>. */
void testbed_read_container(struct host_access *access, struct element host, struct element node);

/* Reads the host's <kubectl>, if it has one, in place of all else that says how it is reached. */
void testbed_read_kubectl(struct host_access *access, struct element host);

#endif
