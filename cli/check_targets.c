#include "cli/check_targets.h"

#include <stdio.h>

#include "cli/interrupt.h"
#include "runner/target_check.h"

static void print_text(const struct target_checks *checks)
{
    for (size_t i = 0; i < checks->count; i++) {
        const struct target_check *check = &checks->items[i];

        printf("%-12s %-20s %-6s %s\n", check->host, check->item, check->passed ? "ok" : "FAILED",
               check->detail);
        if (check->hint[0] != '\0')
            printf("%-12s %-20s        %s\n", "", "", check->hint);
    }
}

/* What a host said need not be text that JSON can hold. */
static json_t *make_string(const char *text)
{
    json_t *string = json_string(text);

    return string != NULL ? string : json_string("(not valid UTF-8)");
}

static void add_json(const struct target_checks *checks, json_t *summary)
{
    json_t *list = json_array();

    for (size_t i = 0; i < checks->count; i++) {
        const struct target_check *check = &checks->items[i];

        json_array_append_new(list, json_pack("{s:o, s:s, s:b, s:o, s:o}", "host",
                                              make_string(check->host), "item", check->item, "ok",
                                              check->passed, "detail", make_string(check->detail),
                                              "hint", make_string(check->hint)));
    }
    json_object_set_new(summary, "targets_checked", list);
}

int check_targets(const struct testbed *testbed, const struct campaign *campaign, json_t *summary,
                  struct error *error)
{
    struct injector_table injectors = {0};
    struct target_checks checks;
    int result;

    if (injector_table_read(&injectors, error) < 0)
        return -1;
    result = target_check(&(struct target_check_setting){.testbed = testbed,
                                                         .campaign = campaign,
                                                         .injectors = &injectors,
                                                         .stop = interrupt_stop()},
                          &checks, error);
    if (summary != NULL)
        add_json(&checks, summary);
    else
        print_text(&checks);
    if (stop_reason(interrupt_stop()) != 0)
        result = interrupt_error(error);
    target_checks_free(&checks);
    injector_table_free(&injectors);
    return result;
}
