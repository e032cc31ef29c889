#include "cli/comparison_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report_text.h"
#include "base/memory.h"

enum {
    MOST_CHANGES = 8,
    MOST_ROWS = 2, /* of a figure, beside that over all faults */
    PLACE_WIDTH = 25,
    LONGEST_CHANGE = 18,
    LONGEST_PATH = 34
};

const double comparison_significance = 0.05;

static const char *const side_names[COMPARED_SIDES] = {"BASE", "NEW"};

void comparison_append_place(struct text *text, const struct compared_row *row)
{
    if (row->fault_type == NULL) {
        text_append(text, row->groups > 1 ? "all faults" : "nominal");
        return;
    }
    append_line(text, row->fault_type, 40);
    if (row->intensity != NULL) {
        text_append(text, " ");
        append_line(text, row->intensity, 40);
    }
    if (row->target != NULL) {
        text_append(text, " on ");
        append_line(text, row->target, 40);
    }
    if (row->split != NULL)
        text_append(text, strcmp(row->split, "experiment") == 0 ? "" : ", stratified");
}

void comparison_append_figure(struct text *text, size_t figure, double value)
{
    double shown = value * compared_figures[figure].scale;
    int digits = compared_figures[figure].unit[0] == '\0' || fabs(shown) < 10 ? 3 : 2;

    if (isnan(value))
        text_append(text, "-");
    else if (value == 0)
        text_append(text, "0");
    else
        text_appendf(text, "%.*f", fabs(shown) < 1000 ? digits - (fabs(shown) >= 10) : 0, shown);
}

void comparison_append_value(struct text *text, size_t figure, double value)
{
    comparison_append_figure(text, figure, value);
    text_appendf(text, "%s%s", compared_figures[figure].unit[0] != '\0' ? " " : "",
                 compared_figures[figure].unit);
}

/* '12.3 11.8..13.0' */
static void print_side(const struct compared_row *row, size_t side, FILE *stream)
{
    const struct compared_value *value = &row->sides[side];
    struct text text = {0};
    struct text bounds = {0};

    text_append(&text, value->cut_short > 0 ? ">" : "");
    comparison_append_figure(&text, row->figure, value->value);
    if (!isnan(value->lower)) {
        comparison_append_figure(&bounds, row->figure, value->lower);
        text_append(&bounds, "..");
        comparison_append_figure(&bounds, row->figure, value->upper);
    }
    fprintf(stream, " %7s %-12s", text_string(&text), text_string(&bounds));
    text_free(&text);
    text_free(&bounds);
}

static void print_row(const struct compared_row *row, FILE *stream)
{
    struct text place = {0};
    struct text change = {0};
    struct text cut = {0};

    comparison_append_place(&place, row);
    append_line(&cut, text_string(&place), PLACE_WIDTH - 1);
    text_append(&change, row->difference > 0 ? "+" : "");
    comparison_append_figure(&change, row->figure, row->difference);
    fprintf(stream, "  %-*s", PLACE_WIDTH, text_string(&cut));
    for (size_t side = 0; side < COMPARED_SIDES; side++)
        print_side(row, side, stream);
    fprintf(stream, " %8s", text_string(&change));
    if (!isnan(row->corrected_p))
        fprintf(stream, " %6.4f%s", row->corrected_p,
                row->corrected_p <= comparison_significance ? "*" : "");
    fputc('\n', stream);
    text_free(&place);
    text_free(&change);
    text_free(&cut);
}

/* The row over all faults first, then by p, then by how far the sides are apart. */
static int compare_rows(const void *left, const void *right)
{
    const struct compared_row *one = *(const struct compared_row *const *)left;
    const struct compared_row *other = *(const struct compared_row *const *)right;
    double apart = fabs(other->difference) - fabs(one->difference);

    if ((one->groups > 1) != (other->groups > 1))
        return one->groups > 1 ? -1 : 1;
    if (one->p != other->p && !isnan(one->p) && !isnan(other->p))
        return one->p < other->p ? -1 : 1;
    return (apart > 0) - (apart < 0);
}

const struct compared_row **comparison_rows_of(const struct comparison *comparison, size_t figure,
                                               size_t *count)
{
    const struct compared_row **rows =
        memory_new(comparison->row_count, sizeof(const struct compared_row *));

    *count = 0;
    for (size_t i = 0; i < comparison->row_count; i++) {
        if (comparison->rows[i].figure == figure)
            rows[(*count)++] = &comparison->rows[i];
    }
    qsort(rows, *count, sizeof(const struct compared_row *), compare_rows);
    return rows;
}

/* Prints the rows of one figure; returns how many were left out. */
static size_t print_figure(const struct comparison *comparison, size_t figure, bool all,
                           FILE *stream)
{
    size_t count;
    const struct compared_row **rows = comparison_rows_of(comparison, figure, &count);
    size_t shown;

    shown = count > 0 && rows[0]->groups > 1 ? MOST_ROWS + 1 : MOST_ROWS;
    shown = all || count < shown ? count : shown;
    if (count > 0)
        fprintf(stream, "%s%s%s\n", compared_figures[figure].name,
                compared_figures[figure].unit[0] != '\0' ? ", " : "",
                compared_figures[figure].unit);
    for (size_t i = 0; i < shown; i++)
        print_row(rows[i], stream);
    free(rows);
    return count - shown;
}

/* The end of a path says more than its beginning. */
static void append_end(struct text *text, const char *string)
{
    size_t length = strlen(string);
    const char *from = string + (length > LONGEST_PATH ? length - LONGEST_PATH : 0);

    while (((unsigned char)*from & 0xc0) == 0x80)
        from++;
    text_append(text, from > string ? "..." : "");
    append_line(text, from, LONGEST_PATH);
}

static void print_change(const struct comparison_change *change, FILE *stream)
{
    struct text what = {0};
    struct text base = {0};
    struct text new = {0};

    append_end(&what, change->what);
    append_line(&base, change->base[0] != '\0' ? change->base : "nothing", LONGEST_CHANGE);
    append_line(&new, change->new[0] != '\0' ? change->new : "nothing", LONGEST_CHANGE);
    fprintf(stream, "  %s: %s -> %s\n", text_string(&what), text_string(&base), text_string(&new));
    text_free(&what);
    text_free(&base);
    text_free(&new);
}

static void print_changes(const struct comparison *comparison, FILE *stream)
{
    if (comparison->change_count == 0)
        return;
    fputs("\nNot made the same way, from which all that follows may come:\n", stream);
    for (size_t i = 0; i < comparison->change_count && i < MOST_CHANGES; i++)
        print_change(&comparison->changes[i], stream);
    if (comparison->change_count > MOST_CHANGES)
        fprintf(stream, "  and %zu more (--json has all)\n",
                comparison->change_count - MOST_CHANGES);
}

static void print_runs(const struct comparison *comparison, FILE *stream)
{
    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        const struct compared_run *run = &comparison->runs[side];

        fprintf(stream, "%-4s %s: %zu valid experiments, %zu invalid\n", side_names[side],
                run->folder, run->valid, run->invalid);
    }
}

/* With few repetitions a test can't find anything: then its silence says nothing. */
static void print_power(const struct comparison *comparison, FILE *stream)
{
    size_t tests = 0;
    size_t blind = 0;
    double least = 1;

    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct compared_row *row = &comparison->rows[i];

        tests += !isnan(row->p);
        if (!isnan(row->p) && row->corrected_least_p > comparison_significance) {
            blind++;
            least = fmin(least, row->least_p);
        }
    }
    if (tests > 0)
        fprintf(stream, "* differs at 5 %%, corrected for %zu comparisons; >: at least\n", tests);
    if (blind > 0)
        fprintf(stream,
                "%zu of them could show no difference, however large: too few experiments\n"
                "(p is %.2g at best, before it is corrected)\n",
                blind, least);
}

void comparison_table_print(const struct comparison *comparison, bool all, FILE *stream)
{
    size_t left_out = 0;

    print_runs(comparison, stream);
    print_changes(comparison, stream);
    fprintf(stream, "\n  %-*s %7s %-12s %7s %-12s %8s %6s\n", PLACE_WIDTH, "", "base", "95 %",
            "new", "95 %", "change", "p");
    for (size_t figure = 0; figure < FIGURES; figure++)
        left_out += print_figure(comparison, figure, all, stream);
    print_power(comparison, stream);
    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        if (comparison->runs[side].no_evaluation != NULL)
            fprintf(stream, "no detector figures of %s: %s\n", side_names[side],
                    comparison->runs[side].no_evaluation);
    }
    if (left_out > 0)
        fprintf(stream, "%zu rows are not shown: --all\n", left_out);
}
