#include "runner/injector_parameter.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "base/text.h"
#include "base/words.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define MOST_PORT 65535
#define LONGEST_METHOD 16 /* of a SIP request */

/* What may be in any value: the target's shell gets it as data, quoted. */
#define SAFE LETTERS DIGITS "._:/,@+%=-"

struct parameter_form {
    const char *name;
    bool (*holds)(const char *value);
    const char *hint;
};

static bool is_name(const char *value)
{
    return value[0] != '-' && value[strspn(value, LETTERS DIGITS "._@+-")] == '\0';
}

static bool is_path(const char *value)
{
    size_t length = strlen(value);

    return value[0] == '/' && strstr(value, "/../") == NULL &&
           (length < 3 || strcmp(value + length - 3, "/..") != 0);
}

static bool is_number(const char *value)
{
    return value[0] != '\0' && value[strspn(value, DIGITS)] == '\0' && strlen(value) <= 9;
}

/* An IP address, and after a '/' the bits of a network if `network` allows that. */
static bool is_ip_address(const char *value, bool network)
{
    unsigned char binary[sizeof(struct in6_addr)];
    char address[INET6_ADDRSTRLEN];
    size_t length = strcspn(value, "/");
    int bits;

    if (length >= sizeof address || (value[length] == '/' && !network))
        return false;
    memcpy(address, value, length);
    address[length] = '\0';
    if (inet_pton(AF_INET, address, binary) == 1)
        bits = 32;
    else if (inet_pton(AF_INET6, address, binary) == 1)
        bits = 128;
    else
        return false;
    return value[length] == '\0' ||
           (is_number(value + length + 1) && atoi(value + length + 1) <= bits);
}

static bool is_address(const char *value)
{
    return is_ip_address(value, false);
}

static bool is_network(const char *value)
{
    return is_ip_address(value, true);
}

/* A port, or FROM-TO. */
static bool is_port_range(const char *value)
{
    const char *dash = strchr(value, '-');
    char from[12];
    int first;
    int last;

    snprintf(from, sizeof from, "%.*s", (int)(dash != NULL ? dash - value : 11), value);
    if (!is_number(from) || (dash != NULL && !is_number(dash + 1)))
        return false;
    first = atoi(from);
    last = dash != NULL ? atoi(dash + 1) : first;
    return first >= 1 && first <= last && last <= MOST_PORT;
}

/* Whether each part of a list parted by commas is right. */
static bool each(const char *value, bool (*holds)(const char *))
{
    char part[INJECTOR_PARAMETER_LONGEST + 1];
    const char *at = value;

    for (;;) {
        size_t length = strcspn(at, ",");

        snprintf(part, sizeof part, "%.*s", (int)length, at);
        if (!holds(part))
            return false;
        if (at[length] == '\0')
            return true;
        at += length + 1;
    }
}

static bool is_address_list(const char *value)
{
    return strcmp(value, "any") == 0 || each(value, is_network);
}

static bool is_port_list(const char *value)
{
    return strcmp(value, "any") == 0 || each(value, is_port_range);
}

static bool is_method(const char *value)
{
    size_t length = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    return length > 0 && length <= LONGEST_METHOD && value[length] == '\0';
}

/* 'INVITE', '200', '4xx', or an answer to a request, '200/INVITE'. */
static bool is_message(const char *value)
{
    if (is_method(value))
        return true;
    return value[0] >= '1' && value[0] <= '6' &&
           (strncmp(value + 1, "xx", 2) == 0 || strspn(value + 1, DIGITS) == 2) &&
           (value[3] == '\0' || (value[3] == '/' && is_method(value + 4)));
}

static bool is_message_list(const char *value)
{
    return strcmp(value, "any") == 0 || each(value, is_message);
}

static const struct parameter_form forms[] = {
    {"name", is_name, "a name of letters, digits and '._@+-'"},
    {"path", is_path, "a path from /, without '..'"},
    {"address", is_address, "an IP address like 192.0.2.1 or 2001:db8::1"},
    {"addresses", is_address_list, "IP addresses or networks like 192.0.2.1,2001:db8::/32, or any"},
    {"number", is_number, "a whole number"},
    {"messages", is_message_list, "SIP messages like INVITE,ACK,4xx,200/INVITE, or any"},
    {"ports", is_port_list, "ports like 5060 or 5060,16384-32767, or any"},
};
enum { FORMS = sizeof forms / sizeof forms[0] };

/* 'LEAST..MOSTUNIT'. */
static bool read_range(struct injector_parameter *parameter, const char *values)
{
    const char *dots = strstr(values, "..");
    char least[24];
    char *end;

    if (dots == NULL || !isdigit((unsigned char)values[0]) || !isdigit((unsigned char)dots[2]))
        return false;
    snprintf(least, sizeof least, "%.*s", (int)(dots - values), values);
    parameter->least = strtod(least, &end);
    if (*end != '\0')
        return false;
    parameter->most = strtod(dots + 2, &end);
    if (*end == '\0' || !isfinite(parameter->most) || parameter->most < parameter->least)
        return false;
    parameter->unit = memory_string(end);
    return true;
}

static int refuse_declaration(const char *values, struct error *error)
{
    struct text names = {0};
    int result;

    for (size_t i = 0; i < FORMS; i++)
        text_appendf(&names, "%s%s", i > 0 ? ", " : "", forms[i].name);
    error_set(error, ERROR_INPUT, "the values of a parameter can't be declared by '%.60s'", values);
    result = error_hint(error, "a list 'in|out', a range with its unit '0..500ms', or one of %s",
                        text_string(&names));
    text_free(&names);
    return result;
}

int injector_parameter_declare(struct injector_parameter *parameter, const char *values,
                               struct error *error)
{
    if (strchr(values, '|') != NULL) {
        parameter->allowed = words_split(values, "|", NULL);
        return 0;
    }
    if (read_range(parameter, values))
        return 0;
    for (size_t i = 0; i < FORMS; i++) {
        if (strcmp(forms[i].name, values) == 0) {
            parameter->form = &forms[i];
            return 0;
        }
    }
    return refuse_declaration(values, error);
}

static int refuse(const struct injector_parameter *parameter, const char *value,
                  struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s can't be \"%.80s\"", parameter->name, value);
}

static int check_list(const struct injector_parameter *parameter, const char *value,
                      struct error *error)
{
    struct text words = {0};
    int result = 0;

    for (size_t i = 0; parameter->allowed[i] != NULL; i++) {
        if (strcmp(parameter->allowed[i], value) == 0)
            goto done;
        text_appendf(&words, "%s%s", i > 0 ? ", " : "", parameter->allowed[i]);
    }
    refuse(parameter, value, error);
    result = error_hint(error, "allowed: %s", text_string(&words));
done:
    text_free(&words);
    return result;
}

static int check_range(const struct injector_parameter *parameter, const char *value,
                       struct error *error)
{
    double figure;

    if (quantity_read_in(parameter->unit, value, &figure, error) < 0)
        return -1;
    if (figure >= parameter->least && figure <= parameter->most)
        return 0;
    refuse(parameter, value, error);
    return error_hint(error, "from %g to %g%s is allowed", parameter->least, parameter->most,
                      parameter->unit);
}

int injector_parameter_check(const struct injector_parameter *parameter, const char *value,
                             struct error *error)
{
    if (strcmp(value, parameter->standard) == 0)
        return 0;
    if (value[0] == '\0' || strlen(value) > INJECTOR_PARAMETER_LONGEST ||
        value[strspn(value, SAFE)] != '\0') {
        refuse(parameter, value, error);
        return error_hint(error, "%s; letters, digits and '._:/,@+%%=-'", parameter->summary);
    }
    if (parameter->allowed != NULL)
        return check_list(parameter, value, error);
    if (parameter->unit != NULL)
        return check_range(parameter, value, error);
    if (parameter->form->holds(value))
        return 0;
    refuse(parameter, value, error);
    return error_hint(error, "%s: %s", parameter->summary, parameter->form->hint);
}

void injector_parameter_free(struct injector_parameter *parameter)
{
    free(parameter->name);
    free(parameter->summary);
    free(parameter->standard);
    free(parameter->unit);
    words_free(parameter->allowed);
}
