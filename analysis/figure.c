#include "analysis/figure.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/figure_svg.h"
#include "analysis/report_text.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"

#define GNUPLOT_TIME_LIMIT (300 * CLOCK_SECOND)

enum { LARGEST_FIGURE = 64 << 20 };

static const char style[] =
    "# What all figures of this folder share. Change it and run 'gnuplot NAME.gp' here to draw\n"
    "# NAME.svg and NAME.pdf again.\n"
    "set encoding utf8\n"
    "set border 3 linewidth 0.8 linecolor rgb '#5b6470'\n"
    "set tics nomirror out scale 0.5 textcolor rgb '#3a424d'\n"
    "set grid linetype 1 linewidth 0.5 linecolor rgb '#e3e6ea'\n"
    "set xlabel textcolor rgb '#3a424d'\n"
    "set ylabel textcolor rgb '#3a424d'\n"
    "set title textcolor rgb '#1b2230'\n"
    "set key textcolor rgb '#1b2230' samplen 1.6 spacing 1.15 noautotitle\n"
    "set style fill solid 1.0 noborder\n";

void figure_start(struct figure *figure, int width, int height, const char *kind,
                  const char *subject, const char *detail)
{
    struct text name = {0};

    text_appendf(&name, "%s-", kind);
    append_slug(&name, subject);
    if (detail != NULL) {
        text_append(&name, "-");
        append_slug(&name, detail);
    }
    memset(figure, 0, sizeof *figure);
    figure->name = name.bytes;
    figure->width = width;
    figure->height = height;
}

void figure_free(struct figure *figure)
{
    free(figure->name);
    text_free(&figure->description);
    text_free(&figure->data);
    text_free(&figure->metrics);
    text_free(&figure->body);
}

int figure_check(struct error *error)
{
    const char *const command[] = {"gnuplot", "--version", NULL};

    if (process_check(command, GNUPLOT_TIME_LIMIT, error) < 0) {
        error->kind = ERROR_UNREACHABLE;
        return error_hint(error, "figures are drawn by gnuplot: apt-get install gnuplot-nox");
    }
    return 0;
}

static int write_file(const char *folder, const char *name, const char *ending,
                      const struct text *text, struct error *error)
{
    char *path = memory_format("%s/%s%s", folder, name, ending);
    int result = file_write(path, text_string(text), text->length, error);

    free(path);
    return result;
}

int figure_write_style(const char *folder, struct error *error)
{
    struct text text = {0};
    int result;

    text_append(&text, style);
    result = write_file(folder, "style", ".gp", &text, error);
    text_free(&text);
    return result;
}

/* The whole script: the body once for each form that is drawn. */
static void write_script(const struct figure *figure, struct text *script)
{
    text_append(script, "# ");
    append_line(script, text_string(&figure->description), 200);
    text_appendf(script,
                 "\n# Data: %s.csv. Run 'gnuplot %s.gp' in this folder to draw it again.\n"
                 "do for [form in 'svg pdf'] {\n"
                 "reset\n"
                 "load 'style.gp'\n"
                 "if (form eq 'svg') {\n"
                 "set terminal svg size %d,%d noenhanced font 'Helvetica,12' background rgb "
                 "'white'\n"
                 "} else {\n"
                 "set terminal pdfcairo size %.2fin,%.2fin noenhanced font 'Sans,8.6' "
                 "background rgb 'white'\n"
                 "}\n"
                 "set output '%s.'.form\n"
                 "set datafile separator comma\nset datafile columnheaders\n",
                 figure->name, figure->name, figure->width, figure->height, figure->width / 100.0,
                 figure->height / 100.0, figure->name);
    text_append(script, text_string(&figure->body));
    text_append(script, "set output\n}\n");
}

static int run_gnuplot(const struct figure *figure, const char *folder, struct error *error)
{
    char *script = memory_format("%s.gp", figure->name);
    /* -d: without the settings of the user or the site. */
    const char *const command[] = {"env",     "-C", folder, "LC_ALL=C.UTF-8",
                                   "gnuplot", "-d", script, NULL};
    int result = process_check(command, GNUPLOT_TIME_LIMIT, error);

    if (result < 0)
        error_where(error, "%s/%s", folder, script);
    free(script);
    return result;
}

/* Cairo writes the time of drawing into a PDF: put the run's own time in its place, which is as
 * long, so that the same run gives the same bytes. */
static void set_pdf_date(struct text *pdf, int64_t date_ns)
{
    static const char key[] = "/CreationDate (D:";
    enum { DIGITS = 14 };
    char date[32];
    char digits[32];
    size_t count = 0;
    char *found;

    clock_format(date_ns, date, sizeof date);
    for (const char *c = date; *c != '\0' && count < DIGITS; c++) {
        if (*c >= '0' && *c <= '9')
            digits[count++] = *c;
    }
    found = memmem(pdf->bytes, pdf->length, key, sizeof key - 1);
    if (found != NULL && count == DIGITS &&
        found + sizeof key - 1 + DIGITS <= pdf->bytes + pdf->length)
        memcpy(found + sizeof key - 1, digits, DIGITS);
}

static int finish_pdf(const struct figure *figure, const char *folder, int64_t date_ns,
                      struct error *error)
{
    char *path = memory_format("%s/%s.pdf", folder, figure->name);
    struct text pdf = {0};
    int result = file_read(path, LARGEST_FIGURE, &pdf, error);

    if (result == 0 && pdf.length > 0) {
        set_pdf_date(&pdf, date_ns);
        result = file_write(path, pdf.bytes, pdf.length, error);
    }
    text_free(&pdf);
    free(path);
    return result;
}

static int take_svg(const struct figure *figure, const char *folder, struct text *page,
                    struct error *error)
{
    char *path = memory_format("%s/%s.svg", folder, figure->name);
    struct text svg = {0};
    int result = file_read(path, LARGEST_FIGURE, &svg, error);

    if (result == 0)
        svg_append_inline(page, text_string(&svg), figure->name, text_string(&figure->description));
    text_free(&svg);
    free(path);
    return result;
}

int figure_draw(const struct figure *figure, const char *folder, int64_t date_ns, struct text *page,
                struct error *error)
{
    struct text script = {0};
    int result;

    write_script(figure, &script);
    result = write_file(folder, figure->name, ".csv", &figure->data, error);
    if (result == 0 && figure->metrics.length > 0)
        result = write_file(folder, figure->name, "-metrics.csv", &figure->metrics, error);
    if (result == 0)
        result = write_file(folder, figure->name, ".gp", &script, error);
    text_free(&script);
    if (result < 0 || run_gnuplot(figure, folder, error) < 0 ||
        finish_pdf(figure, folder, date_ns, error) < 0)
        return -1;
    return take_svg(figure, folder, page, error);
}
