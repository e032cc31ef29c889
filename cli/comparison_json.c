#include "cli/comparison_json.h"

#include "analysis/report_json.h"
#include "cli/gates_output.h"

static json_t *run_value(const struct compared_run *run)
{
    json_t *object = json_object();

    json_object_set_new(object, "name", report_json_string(run->name));
    json_object_set_new(object, "folder", report_json_string(run->folder));
    json_object_set_new(object, "valid", json_integer((json_int_t)run->valid));
    json_object_set_new(object, "invalid", json_integer((json_int_t)run->invalid));
    json_object_set_new(object, "no_evaluation", report_json_string(run->no_evaluation));
    return object;
}

static json_t *changes_value(const struct comparison *comparison)
{
    json_t *list = json_array();

    for (size_t i = 0; i < comparison->change_count; i++) {
        const struct comparison_change *change = &comparison->changes[i];
        json_t *object = json_object();

        json_object_set_new(object, "what", report_json_string(change->what));
        json_object_set_new(object, "base", report_json_string(change->base));
        json_object_set_new(object, "new", report_json_string(change->new));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *side_value(const struct compared_value *value)
{
    json_t *object = json_object();

    json_object_set_new(object, "value", report_json_number(value->value));
    json_object_set_new(object, "lower", report_json_number(value->lower));
    json_object_set_new(object, "upper", report_json_number(value->upper));
    json_object_set_new(object, "experiments", json_integer((json_int_t)value->experiments));
    json_object_set_new(object, "cut_short", json_integer((json_int_t)value->cut_short));
    return object;
}

json_t *comparison_json_row(const struct compared_row *row)
{
    json_t *object = json_object();

    json_object_set_new(object, "figure", json_string(compared_figures[row->figure].name));
    json_object_set_new(object, "fault_type", report_json_string(row->fault_type));
    json_object_set_new(object, "intensity", report_json_string(row->intensity));
    json_object_set_new(object, "target", report_json_string(row->target));
    json_object_set_new(object, "split", report_json_string(row->split));
    json_object_set_new(object, "groups", json_integer((json_int_t)row->groups));
    json_object_set_new(object, "base", side_value(&row->sides[COMPARED_BASE]));
    json_object_set_new(object, "new", side_value(&row->sides[COMPARED_NEW]));
    json_object_set_new(object, "difference", report_json_number(row->difference));
    json_object_set_new(object, "p", report_json_number(row->p));
    json_object_set_new(object, "least_p", report_json_number(row->least_p));
    json_object_set_new(object, "corrected_p", report_json_number(row->corrected_p));
    json_object_set_new(object, "corrected_least_p", report_json_number(row->corrected_least_p));
    return object;
}

int comparison_json_print(const struct comparison *comparison, const struct gate_verdicts *verdicts,
                          FILE *stream, struct error *error)
{
    json_t *root = json_object();
    json_t *rows = json_array();
    int result = 0;

    json_object_set_new(root, "base", run_value(&comparison->runs[COMPARED_BASE]));
    json_object_set_new(root, "new", run_value(&comparison->runs[COMPARED_NEW]));
    json_object_set_new(root, "changes", changes_value(comparison));
    json_object_set_new(root, "maximum_failure_share",
                        json_real(comparison->maximum_failure_share));
    for (size_t i = 0; i < comparison->row_count; i++)
        json_array_append_new(rows, comparison_json_row(&comparison->rows[i]));
    json_object_set_new(root, "figures", rows);
    json_object_set_new(root, "gates", verdicts != NULL ? gates_json(verdicts) : json_null());
    if (json_dumpf(root, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) < 0 ||
        fputc('\n', stream) == EOF)
        result = error_system(error, ERROR_INTERNAL, "can't write the comparison");
    json_decref(root);
    return result;
}
