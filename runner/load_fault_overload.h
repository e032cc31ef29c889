/* Another load rate for a time: so many per cent of the campaign's. */
#ifndef RUNNER_LOAD_FAULT_OVERLOAD_H
#define RUNNER_LOAD_FAULT_OVERLOAD_H

#include "runner/load_fault.h"

extern const struct load_fault load_fault_overload;

#endif
