/* The trends of the index: for each campaign, nominal and by fault type and target, then detectors.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_trend.h"
#include "analysis/index_page.h"
#include "analysis/report_text.h"
#include "base/memory.h"

static const struct trend_panel service_panels[FIGURES_OF_EXPERIMENTS] = {
    [FIGURE_FAILED_CALLS] = {"Failed calls (% of calls that ended)", 100, 1},
    [FIGURE_RESPONSE_TIME] = {"Mean response time (ms)", 1e3, 1},
    [FIGURE_AVAILABILITY] = {"Availability (% of the measured time)", 100, 1},
    [FIGURE_TIME_TO_RECOVER] = {"Time to recover (s)", 1, 1},
    [FIGURE_TIME_TO_DETECT] = {"Time to detect (s)", 1, 1},
};

static const struct trend_panel detector_panels[INDEX_DETECTOR_FIGURES] = {
    [INDEX_ROC] = {"ROC AUC, any fault", 1, 0},
    [INDEX_PRECISION] = {"PR AUC (average precision), any fault", 1, 0},
};

/* The runs of one campaign, in the order of their start. */
struct campaign_runs {
    const char *name;
    const struct index_run **runs;
    size_t count;
};

/* A line of a figure in the making: what it is of, and its place in the run. */
struct row {
    const char *fault_type; /* NULL for a detector, "" for nominal experiments */
    const char *target;
    const char *series;
    size_t position;
    const struct index_run *run;
    struct index_figure figures[TREND_PANELS];
};

struct rows {
    struct row *items;
    size_t count;
    size_t capacity;
};

static int by_figure(const struct row *left, const struct row *right)
{
    int order = (left->fault_type == NULL) - (right->fault_type == NULL);

    if (order == 0 && left->fault_type != NULL)
        order = strcmp(left->fault_type, right->fault_type);
    return order != 0 ? order : strcmp(left->target, right->target);
}

static int compare_rows(const void *left, const void *right)
{
    const struct row *first = left;
    const struct row *second = right;
    int order = by_figure(first, second);

    if (order == 0)
        order = strcmp(first->series, second->series);
    if (order == 0 && first->position != second->position)
        order = first->position < second->position ? -1 : 1;
    return order;
}

static struct row *add_row(struct rows *rows, const struct index_run *run, size_t position)
{
    struct row *row;

    rows->items = memory_grow(rows->items, rows->count, &rows->capacity, sizeof *rows->items);
    row = &rows->items[rows->count++];
    *row = (struct row){.run = run, .position = position, .series = ""};
    return row;
}

static const char *or_nothing(const char *name)
{
    return name != NULL ? name : "";
}

static void find_rows(const struct campaign_runs *campaign, struct rows *rows)
{
    for (size_t i = 0; i < campaign->count; i++) {
        const struct index_run *run = campaign->runs[i];

        for (size_t j = 0; j < run->figures.group_count; j++) {
            const struct compared_group *group = &run->figures.groups[j];
            struct row *row = add_row(rows, run, i + 1);

            row->fault_type = or_nothing(group->fault_type);
            row->target = or_nothing(group->target);
            row->series = or_nothing(group->intensity);
            for (size_t k = 0; k < FIGURES_OF_EXPERIMENTS; k++)
                row->figures[k] = index_figure_of(group, k);
        }
        for (size_t j = 0; j < run->detector_count; j++) {
            struct row *row = add_row(rows, run, i + 1);

            row->target = run->detectors[j].target;
            memcpy(row->figures, run->detectors[j].figures, sizeof run->detectors[j].figures);
        }
    }
    if (rows->count > 0)
        qsort(rows->items, rows->count, sizeof *rows->items, compare_rows);
}

static char *subject_of(const struct row *row)
{
    if (row->fault_type == NULL)
        return memory_format("detector of %s", row->target);
    if (row->fault_type[0] == '\0')
        return memory_string("nominal");
    return memory_format("%s on %s", row->fault_type, row->target);
}

static const char *colour_of(const struct row *row)
{
    if (row->fault_type == NULL)
        return figure_colour("binary");
    return figure_colour(row->fault_type[0] == '\0' ? "normal" : row->fault_type);
}

/* One figure of rows that stand together; what has nothing to draw is left out. */
static int write_figure(struct report *report, const struct campaign_runs *campaign,
                        const struct row *rows, size_t count, struct error *error)
{
    char *subject = subject_of(&rows[0]);
    const char **series = memory_new(count, sizeof *series);
    struct trend_point *points = memory_new(count, sizeof *points);
    bool is_service = rows[0].fault_type != NULL;
    struct trend trend = {.campaign = campaign->name,
                          .subject = subject,
                          .colour = colour_of(&rows[0]),
                          .panels = is_service ? service_panels : detector_panels,
                          .panel_count = is_service ? (size_t)FIGURES_OF_EXPERIMENTS
                                                    : (size_t)INDEX_DETECTOR_FIGURES,
                          .series = series,
                          .points = points,
                          .point_count = count,
                          .runs = campaign->runs,
                          .run_count = campaign->count};
    struct figure figure;
    int result = 0;

    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(series[trend.series_count - 1], rows[i].series) != 0)
            series[trend.series_count++] = rows[i].series;
        points[i] = (struct trend_point){rows[i].run, rows[i].position, trend.series_count - 1,
                                         rows[i].figures};
    }
    if (figure_trend(&figure, &trend))
        result = page_figure(report, &figure, error);
    else
        figure_free(&figure);
    free(points);
    free(series);
    free(subject);
    return result;
}

static int write_figures(struct report *report, const struct campaign_runs *campaign,
                         struct error *error)
{
    struct rows rows = {0};
    int result = 0;

    find_rows(campaign, &rows);
    text_append(&report->page, "<div class=\"pair\">\n");
    for (size_t from = 0, until; result == 0 && from < rows.count; from = until) {
        for (until = from + 1; until < rows.count; until++) {
            if (by_figure(&rows.items[from], &rows.items[until]) != 0)
                break;
        }
        result = write_figure(report, campaign, &rows.items[from], until - from, error);
    }
    text_append(&report->page, "</div>\n");
    if (rows.count == 0)
        page_nothing(report, "None of its runs has a valid experiment.");
    free(rows.items);
    return result;
}

static int write_campaign(struct report *report, const struct campaign_runs *campaign,
                          struct error *error)
{
    page_element(report, "h3", campaign->name);
    text_append(&report->page, "\n");
    if (campaign->count > 1)
        return write_figures(report, campaign, error);
    page_nothing(report, "It has one run: a trend takes two.");
    return 0;
}

int index_write_trends(struct report *report, const struct run_index *index, struct error *error)
{
    char **names = memory_new(index->run_count, sizeof *names);
    struct campaign_runs campaign = {
        .runs = memory_new(index->run_count, sizeof(const struct index_run *))};
    int result = 0;

    text_append(&report->page, "<section id=\"trends\">\n<h2>Trends</h2>\n");
    for (size_t i = 0; i < index->run_count; i++)
        names[i] = index_campaign_name(&index->runs[i]);
    /* Campaigns in the order of their first run. */
    for (size_t i = 0; result == 0 && i < index->run_count; i++) {
        bool is_first = true;

        for (size_t j = 0; j < i && is_first; j++)
            is_first = strcmp(names[j], names[i]) != 0;
        if (!is_first)
            continue;
        campaign.name = names[i];
        campaign.count = 0;
        for (size_t j = i; j < index->run_count; j++) {
            if (strcmp(names[j], names[i]) == 0)
                campaign.runs[campaign.count++] = &index->runs[j];
        }
        result = write_campaign(report, &campaign, error);
    }
    if (index->run_count == 0)
        page_nothing(report, "Without runs there is no trend.");
    text_append(&report->page, "</section>\n");
    for (size_t i = 0; i < index->run_count; i++)
        free(names[i]);
    free(names);
    free(campaign.runs);
    return result;
}
