#include <math.h>
#include <string.h>

#include "analysis/evaluation_split.h"
#include "analysis/figure_detector.h"
#include "analysis/report_text.h"

enum { LONGEST_LABEL = 24 };

static const struct curve_style {
    const char *slug;
    const char *title;
    const char *x;
    const char *y;
} curve_styles[] = {
    [CURVE_ROC] = {"roc", "ROC", "False positive rate", "True positive rate"},
    [CURVE_PRECISION_RECALL] = {"pr", "Precision-recall", "Recall", "Precision"},
};

void append_split_name(struct text *text, const struct split_result *split)
{
    text_append(text, evaluation_split_title(split));
    if (strcmp(split->name, "stratified") == 0)
        text_appendf(text, " %zu-fold", split->folds);
}

static const struct curve *curve_of(const struct class_result *class, enum curve_kind kind)
{
    return kind == CURVE_ROC ? &class->roc : &class->precision_recall;
}

static void append_points(struct text *data, const struct split_result *split, enum curve_kind kind)
{
    text_append(data, "series,x,y,threshold,class\n");
    for (size_t i = 0; i < split->class_count; i++) {
        const struct curve *curve = curve_of(&split->classes[i], kind);

        for (size_t j = 0; j < curve->count; j++) {
            text_appendf(data, "%zu,", i);
            append_exact(data, curve->x[j]);
            text_append(data, ",");
            append_exact(data, curve->y[j]);
            text_append(data, ",");
            append_exact(data, curve->thresholds[j]);
            text_append(data, ",");
            append_csv(data, split->classes[i].name);
            text_append(data, "\n");
        }
    }
}

/* Legend entry: 'cpu  AUC 0.981', the area under the curve that is drawn. */
static void append_legend(struct text *body, const struct class_result *class, enum curve_kind kind)
{
    const struct curve *curve = curve_of(class, kind);
    struct text label = {0};

    append_line(&label, class->name, LONGEST_LABEL);
    if (isfinite(curve->area))
        text_appendf(&label, "  AUC %.3f", curve->area);
    append_gnuplot(body, text_string(&label));
    text_free(&label);
}

/* The binary curve is drawn last, on top and wider. */
static void append_plot(struct figure *figure, const struct split_result *split,
                        enum curve_kind kind)
{
    struct text *body = &figure->body;
    bool first = true;

    text_append(body, "plot ");
    if (kind == CURVE_ROC) {
        text_append(body, "x with lines dashtype 3 linewidth 1 linecolor rgb '#8a93a0'");
        first = false;
    }
    for (size_t i = 0; i < split->class_count; i++) {
        const struct class_result *class = &split->classes[(i + 1) % split->class_count];

        if (curve_of(class, kind)->count == 0)
            continue;
        text_append(body, first ? "" : ", \\\n     ");
        text_appendf(body,
                     "'%s.csv' using ($1 == %zu ? $2 : NaN):3 with lines linewidth %s linecolor "
                     "rgb '%s' title ",
                     figure->name, (i + 1) % split->class_count,
                     i + 1 == split->class_count ? "2.6" : "1.8", figure_colour(class->name));
        append_legend(body, class, kind);
        first = false;
    }
    text_append(body, "\n");
}

void figure_curves(struct figure *figure, const struct target_result *target,
                   const struct split_result *split, enum curve_kind kind)
{
    const struct curve_style *curve = &curve_styles[kind];
    struct text title = {0};
    size_t rows = (split->class_count + 1) / 2;

    figure_start(figure, 520, 480 + (int)rows * 18, curve->slug, target->target, split->name);
    append_line(&title, target->target, LONGEST_LABEL);
    text_append(&title, ", ");
    append_split_name(&title, split);
    text_appendf(&figure->description, "%s curves, ", curve->title);
    text_append(&figure->description, text_string(&title));
    append_points(&figure->data, split, kind);
    text_append(&figure->body, "set title ");
    append_gnuplot(&figure->body, text_string(&title));
    text_appendf(&figure->body,
                 "\nset xlabel '%s'\nset ylabel '%s'\n"
                 "set xrange [0:1]\nset yrange [0:1.02]\n"
                 "set xtics 0.2 format '%%.1f'\nset ytics 0.2 format '%%.1f'\n"
                 "set datafile missing NaN\n"
                 "set bmargin %.1f\n"
                 "set key at graph 0.5, screen 0.012 center bottom horizontal maxcols 2 Left "
                 "reverse\n",
                 curve->x, curve->y, 4.4 + 1.2 * (double)rows);
    append_plot(figure, split, kind);
    text_free(&title);
}
