/* A share of chosen SIP messages that is lost between the load and the network. */
#ifndef RUNNER_LOAD_FAULT_MESSAGE_DROP_H
#define RUNNER_LOAD_FAULT_MESSAGE_DROP_H

#include "runner/load_fault.h"

extern const struct load_fault load_fault_message_drop;

#endif
