#include "cli/gates_output.h"

#include <inttypes.h>
#include <math.h>

#include "analysis/report_json.h"
#include "analysis/report_text.h"
#include "base/file.h"
#include "cli/comparison_json.h"
#include "cli/comparison_table.h"

enum { MOST_LINES = 8, LONGEST_LINE = 400 };

void gates_append_subject(struct text *text, const struct gate_verdict *verdict)
{
    text_appendf(text, "%s of ", compared_figures[verdict->row.figure].name);
    if (verdict->row.fault_type == NULL && verdict->gate->fault_type == NULL &&
        (verdict->row.target != NULL || verdict->row.intensity != NULL)) {
        text_append(text, "any fault");
        if (verdict->row.intensity != NULL)
            text_appendf(text, " %s", verdict->row.intensity);
        if (verdict->row.target != NULL)
            text_appendf(text, " on %s", verdict->row.target);
    } else if (verdict->row.fault_type == NULL && verdict->gate->fault_type == NULL) {
        text_append(text, "all faults");
    } else {
        comparison_append_place(text, &verdict->row);
    }
}

/* '+39 %' of the base; nothing if that is 0. */
static void append_part(struct text *text, const struct compared_row *row)
{
    double base = row->sides[COMPARED_BASE].value;

    if (base != 0)
        text_appendf(text, "%+.3g %%", 100 * row->difference / fabs(base));
    else
        text_append(text, "from nothing");
}

static void append_change(struct text *text, const struct compared_row *row)
{
    text_append(text, row->difference > 0 ? " rose" : row->difference < 0 ? " fell" : " stayed");
    text_append(text, row->difference != 0 ? " from " : " at ");
    comparison_append_value(text, row->figure, row->sides[COMPARED_BASE].value);
    if (row->difference == 0)
        return;
    text_append(text, " to ");
    comparison_append_value(text, row->figure, row->sides[COMPARED_NEW].value);
    text_append(text, " (");
    append_part(text, row);
    if (!isnan(row->corrected_p))
        text_appendf(text, ", p %.2g", row->corrected_p);
    text_append(text, ")");
}

void gates_append_verdict(struct text *text, const struct gate_verdict *verdict)
{
    gates_append_subject(text, verdict);
    if (verdict->outcome == GATE_UNJUDGED)
        text_appendf(text, ": %s", verdict->why);
    else
        append_change(text, &verdict->row);
}

static void print_outcome(const struct gate_verdicts *verdicts, enum gate_outcome outcome,
                          const char *word, FILE *stream)
{
    size_t printed = 0;

    for (size_t i = 0; i < verdicts->count; i++) {
        struct text text = {0};
        struct text line = {0};

        if (verdicts->items[i].outcome != outcome || printed++ >= MOST_LINES)
            continue;
        gates_append_verdict(&text, &verdicts->items[i]);
        append_line(&line, text_string(&text), LONGEST_LINE);
        fprintf(stream, "%s, line %d: %s\n", word, verdicts->items[i].gate->line,
                text_string(&line));
        text_free(&text);
        text_free(&line);
    }
    if (printed > MOST_LINES)
        fprintf(stream, "%s: %zu more (--json has all)\n", word, printed - MOST_LINES);
}

void gates_print(const struct gate_verdicts *verdicts, FILE *stream)
{
    fputc('\n', stream);
    print_outcome(verdicts, GATE_REGRESSION, "REGRESSION", stream);
    print_outcome(verdicts, GATE_UNJUDGED, "NOT JUDGED", stream);
    fprintf(stream, "gates: %zu passed, %zu regressed, %zu not judged\n",
            gate_verdicts_count(verdicts, GATE_PASSED),
            gate_verdicts_count(verdicts, GATE_REGRESSION),
            gate_verdicts_count(verdicts, GATE_UNJUDGED));
}

json_t *gates_json(const struct gate_verdicts *verdicts)
{
    json_t *list = json_array();

    for (size_t i = 0; i < verdicts->count; i++) {
        const struct gate_verdict *verdict = &verdicts->items[i];
        json_t *object = comparison_json_row(&verdict->row);
        struct text text = {0};

        gates_append_verdict(&text, verdict);
        json_object_set_new(object, "line", json_integer(verdict->gate->line));
        json_object_set_new(object, "outcome", json_string(gate_outcome_names[verdict->outcome]));
        json_object_set_new(object, "text", report_json_string(text_string(&text)));
        json_object_set_new(object, "why", report_json_string(verdict->why));
        json_array_append_new(list, object);
        text_free(&text);
    }
    return list;
}

static void append_case(struct text *page, const struct gate_verdict *verdict)
{
    static const char *const elements[GATE_OUTCOMES] = {NULL, "failure", "error"};
    const char *element = elements[verdict->outcome];
    struct text text = {0};

    gates_append_subject(&text, verdict);
    text_appendf(page, "  <testcase classname=\"vnfault.%s\" name=\"line %d: ",
                 compared_figures[verdict->row.figure].name, verdict->gate->line);
    append_html(page, text_string(&text));
    text_append(page, "\" time=\"0\"");
    if (element == NULL) {
        text_append(page, "/>\n");
    } else {
        text_clear(&text);
        gates_append_verdict(&text, verdict);
        text_appendf(page, ">\n    <%s type=\"%s\" message=\"", element,
                     gate_outcome_names[verdict->outcome]);
        append_html(page, text_string(&text));
        text_append(page, "\"/>\n  </testcase>\n");
    }
    text_free(&text);
}

static void append_changes(struct text *page, const struct comparison *comparison)
{
    text_append(page, "  <system-out>");
    for (size_t i = 0; i < comparison->change_count; i++) {
        const struct comparison_change *change = &comparison->changes[i];

        text_append(page, i == 0 ? "not made the same way:\n" : "");
        append_html(page, change->what);
        text_append(page, ": ");
        append_html(page, change->base);
        text_append(page, " -&gt; ");
        append_html(page, change->new);
        text_append(page, "\n");
    }
    text_append(page, "</system-out>\n");
}

int gates_write_junit(const struct gate_verdicts *verdicts, const struct comparison *comparison,
                      const char *path, struct error *error)
{
    struct text page = {0};
    size_t failures = gate_verdicts_count(verdicts, GATE_REGRESSION);
    size_t errors = gate_verdicts_count(verdicts, GATE_UNJUDGED);
    int result;

    text_appendf(&page,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"vnfault compare\" "
                 "tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"0\">\n  <properties>\n",
                 verdicts->count, failures, errors);
    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        text_appendf(&page, "    <property name=\"%s\" value=\"",
                     side == COMPARED_BASE ? "base" : "new");
        append_html(&page, comparison->runs[side].folder);
        text_append(&page, "\"/>\n");
    }
    text_append(&page, "  </properties>\n");
    for (size_t i = 0; i < verdicts->count; i++)
        append_case(&page, &verdicts->items[i]);
    append_changes(&page, comparison);
    text_append(&page, "</testsuite>\n");
    result = file_write(path, page.bytes, page.length, error);
    text_free(&page);
    return result;
}

int gates_check(const struct gate_verdicts *verdicts, struct error *error)
{
    enum gate_outcome outcome =
        gate_verdicts_count(verdicts, GATE_REGRESSION) > 0 ? GATE_REGRESSION : GATE_UNJUDGED;
    size_t count = gate_verdicts_count(verdicts, outcome);
    struct text text = {0};
    struct text line = {0};

    if (count == 0)
        return 0;
    for (size_t i = 0; i < verdicts->count && text.length == 0; i++) {
        if (verdicts->items[i].outcome == outcome)
            gates_append_verdict(&text, &verdicts->items[i]);
    }
    append_line(&line, text_string(&text), LONGEST_LINE);
    if (outcome == GATE_REGRESSION)
        error_set(error, ERROR_THRESHOLD, "%zu regression%s: %s", count, count == 1 ? "" : "s",
                  text_string(&line));
    else
        error_set(error, ERROR_INCONCLUSIVE, "%zu gate%s can't be judged: %s", count,
                  count == 1 ? "" : "s", text_string(&line));
    text_free(&text);
    text_free(&line);
    return -1;
}
