/* Reading the parts of a testbed file that say where metrics are read: <monitoring-host>, <source>.
 */
#ifndef RUNNER_TESTBED_MONITORING_H
#define RUNNER_TESTBED_MONITORING_H

#include "runner/element.h"
#include "runner/testbed.h"

/* Reads all <monitoring-host> elements into the testbed, whose jump hosts are there. */
void testbed_read_monitoring_hosts(struct testbed *testbed, struct element root,
                                   struct element standard);

/* Reads the <source> elements of a host. The testbed's monitoring hosts are there. */
void testbed_read_sources(const struct testbed *testbed, struct host *host, struct element element);

#endif
