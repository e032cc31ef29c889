#include "runner/injection_arguments.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"

#define HUNDREDTH (CLOCK_SECOND / 100)

void injection_arguments_free(struct injection_arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++)
        free(arguments->items[i]);
}

/* Takes over `argument`. */
static void add(struct injection_arguments *arguments, char *argument)
{
    if (arguments->count < INJECTION_MOST_ARGUMENTS)
        arguments->items[arguments->count++] = argument;
    else
        free(argument);
}

void injection_arguments_add(struct injection_arguments *arguments, const char *argument)
{
    add(arguments, memory_string(argument));
}

/* Words that name the runner to whoever finds the undo record. */
static char *owner(void)
{
    char host[65] = "";

    gethostname(host, sizeof host - 1);
    for (char *letter = host; *letter != '\0'; letter++) {
        if (!isalnum((unsigned char)*letter) && *letter != '-' && *letter != '.')
            *letter = '_';
    }
    return memory_format("process %ld on %s", (long)getpid(), host);
}

/* What the control connection looks like: 'RUNNER-ADDRESS,SSH-PORT' for exemption. */
static int add_control(struct injection_arguments *arguments, struct access *access,
                       struct error *error)
{
    struct text endpoints = {0};
    char address[64];
    int port;
    int result = access_endpoints(access, &endpoints, error);

    if (result == 0 && sscanf(text_string(&endpoints), "%63s %*s %*s %d", address, &port) == 2)
        add(arguments, memory_format("control=%s,%d", address, port));
    text_free(&endpoints);
    return result;
}

const char *injection_request_parameter(const struct injection_request *request,
                                        const struct injector_parameter *parameter)
{
    for (size_t i = 0; i < request->parameter_count; i++) {
        if (strcmp(request->parameters[i].name, parameter->name) == 0)
            return request->parameters[i].value;
    }
    return parameter->standard;
}

static int add_parameters(const struct injection_request *request,
                          struct injection_arguments *arguments, struct error *error)
{
    for (size_t i = 0; i < request->injector->parameter_count; i++) {
        const struct injector_parameter *parameter = &request->injector->parameters[i];
        const char *value = injection_request_parameter(request, parameter);

        if (injector_parameter_check(parameter, value, error) < 0)
            return -1;
        add(arguments, memory_format("parameter.%s=%s", parameter->name, value));
    }
    return 0;
}

int injection_request_check(const struct injection_request *request, struct error *error)
{
    const struct injector *injector = request->injector;
    size_t length = strlen(request->token);

    if (length < 8 || length > 20 ||
        request->token[strspn(request->token, "abcdefghijklmnopqrstuvwxyz0123456789")] != '\0')
        return error_set(error, ERROR_INTERNAL, "the token '%s' is malformed", request->token);
    if (!(request->value >= injector->least && request->most >= request->value &&
          request->most <= injector->most)) {
        error_set(error, ERROR_INPUT, "%s can't be %g%s", injector->name,
                  request->value < injector->least ? request->value : request->most,
                  injector->unit);
        return error_hint(error, "from %g to %g%s is allowed", injector->least, injector->most,
                          injector->unit);
    }
    return 0;
}

int injection_arguments_add_request(struct injection_arguments *arguments,
                                    const struct injection_request *request, struct access *access,
                                    struct error *error)
{
    struct utsname machine;
    char *name = owner();

    uname(&machine);
    add(arguments, memory_format("token=%s", request->token));
    add(arguments, memory_format("fault=%s", request->injector->name));
    add(arguments, memory_format("owner=%s", name));
    add(arguments, memory_format("amount=%lld", llround(request->value * 1000)));
    add(arguments, memory_format("most=%lld", llround(request->most * 1000)));
    add(arguments, memory_format("lease=%" PRId64, request->lease / HUNDREDTH));
    add(arguments, memory_format("length=%" PRId64, request->length / CLOCK_SECOND + 1));
    add(arguments, memory_format("machine=%s", machine.machine));
    for (size_t i = 0; request->injector->tools[i] != NULL; i++)
        add(arguments, memory_format("tool=%s", request->injector->tools[i]));
    free(name);
    if (add_parameters(request, arguments, error) < 0)
        return -1;
    return add_control(arguments, access, error);
}
