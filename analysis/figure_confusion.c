#include <string.h>

#include "analysis/figure_detector.h"
#include "analysis/report_text.h"

enum { LONGEST_LABEL = 18 };

static size_t row_sum(const struct split_result *split, size_t row)
{
    size_t sum = 0;

    for (size_t j = 0; j < split->label_count; j++)
        sum += split->confusion[row * split->label_count + j];
    return sum;
}

static void append_cells(struct text *data, const struct split_result *split)
{
    text_append(data, "column,row,observations,share_of_row,predicted,true\n");
    for (size_t i = 0; i < split->label_count; i++) {
        size_t sum = row_sum(split, i);

        for (size_t j = 0; j < split->label_count; j++) {
            size_t count = split->confusion[i * split->label_count + j];

            text_appendf(data, "%zu,%zu,%zu,%.6f,", j, i, count,
                         sum > 0 ? (double)count / (double)sum : 0.0);
            append_csv(data, split->labels[j]);
            text_append(data, ",");
            append_csv(data, split->labels[i]);
            text_append(data, "\n");
        }
    }
}

static void append_tics(struct text *body, const struct split_result *split, const char *axis)
{
    text_appendf(body, "set %stics (", axis);
    for (size_t i = 0; i < split->label_count; i++) {
        struct text label = {0};

        append_line(&label, split->labels[i], LONGEST_LABEL);
        text_append(body, i > 0 ? ", " : "");
        append_gnuplot(body, text_string(&label));
        text_appendf(body, " %zu", i);
        text_free(&label);
    }
    text_appendf(body, ") scale 0%s\n", strcmp(axis, "x") == 0 ? " rotate by 30 right" : "");
}

void figure_confusion(struct figure *figure, const struct target_result *target,
                      const struct split_result *split)
{
    struct text *body = &figure->body;
    struct text title = {0};
    int side = 150 + 58 * (int)split->label_count;

    figure_start(figure, side + 40, side, "confusion", target->target, split->name);
    append_line(&title, target->target, LONGEST_LABEL);
    text_append(&title, ", ");
    append_split_name(&title, split);
    text_append(&figure->description, "Confusion matrix, ");
    text_append(&figure->description, text_string(&title));
    append_cells(&figure->data, split);
    text_append(body, "set title ");
    append_gnuplot(body, text_string(&title));
    text_appendf(body,
                 "\nset xlabel 'Predicted class'\nset ylabel 'True class'\n"
                 "unset key\nunset colorbox\nset border 0\nunset grid\n"
                 "set palette defined (0 '#f4f6f8', 1 '#12507b')\nset cbrange [0:1]\n"
                 "set xrange [-0.5:%zu.5]\nset yrange [%zu.5:-0.5]\n",
                 split->label_count - 1, split->label_count - 1);
    append_tics(body, split, "x");
    append_tics(body, split, "y");
    text_appendf(body,
                 "plot '%s.csv' using 1:2:($1-0.48):($1+0.48):($2-0.48):($2+0.48):4 with "
                 "boxxyerror fillcolor palette, \\\n"
                 "     '' using 1:2:(sprintf('%%d', $3)):($4 > 0.6 ? 0xffffff : "
                 "0x1b2230) with labels textcolor rgb variable\n",
                 figure->name);
    text_free(&title);
}
