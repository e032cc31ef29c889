#include "runner/load_fault_message_drop.h"

#include <string.h>

/* Of the side that loses them: the caller unless the campaign says otherwise. */
static const char *host(const struct load_plan *load, const struct fault *fault)
{
    for (size_t i = 0; i < fault->parameter_count; i++) {
        if (strcmp(fault->parameters[i].name, "side") == 0 &&
            strcmp(fault->parameters[i].value, "callee") == 0)
            return load->callees[0];
    }
    return load->callers[0];
}

static int check(const struct load_plan *load, struct error *error)
{
    if (load->caller_count > 1 || load->callee_count > 1) {
        error_set(error, ERROR_INPUT, "message-drop can't be in a load of several load hosts");
        return error_hint(error, "it is made on one: name one caller and one callee");
    }
    if (load->transport == NULL || strcmp(load->transport, "udp") == 0)
        return 0;
    error_set(error, ERROR_INPUT, "message-drop can't be in a load over %s", load->transport);
    return error_hint(error, "a message is a packet over UDP only: set transport=\"udp\"");
}

const struct load_fault load_fault_message_drop = {
    .name = "message-drop",
    .host = host,
    .check = check,
    .means = &injection_by_script,
};
