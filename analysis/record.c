#include "analysis/record.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void *at(void *item, size_t offset)
{
    return (char *)item + offset;
}

static const void *in(const void *item, size_t offset)
{
    return (const char *)item + offset;
}

/* Members are pointers to many types; copying the pointer's bytes is right for all of them. */
static void *pointer_in(const void *item, size_t offset)
{
    void *pointer;

    memcpy(&pointer, in(item, offset), sizeof pointer);
    return pointer;
}

static void set_pointer(void *item, size_t offset, void *pointer)
{
    memcpy(at(item, offset), &pointer, sizeof pointer);
}

static size_t count_in(const void *item, size_t offset)
{
    return *(const size_t *)in(item, offset);
}

static json_t *text_to_json(const char *text)
{
    json_t *value = text == NULL ? json_null() : json_string(text);
    char *plain;

    if (value != NULL)
        return value;
    plain = memory_string(text);
    for (char *byte = plain; *byte != '\0'; byte++)
        *byte = (unsigned char)*byte < 128 ? *byte : '?';
    value = json_string(plain);
    free(plain);
    return value;
}

static json_t *real_to_json(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *items_to_json(const struct field *field, const void *item)
{
    const char *items = pointer_in(item, field->offset);
    size_t count = count_in(item, field->count_offset);
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++) {
        if (field->kind == FIELD_LIST)
            json_array_append_new(array,
                                  record_to_json(field->record, items + i * field->record->size));
        else if (field->kind == FIELD_TEXTS)
            json_array_append_new(array, text_to_json(((char *const *)(const void *)items)[i]));
        else
            json_array_append_new(array, real_to_json(((const double *)(const void *)items)[i]));
    }
    return array;
}

static json_t *matrix_to_json(const struct field *field, const void *item)
{
    const size_t *cells = pointer_in(item, field->offset);
    size_t count = count_in(item, field->count_offset);
    json_t *rows = json_array();

    for (size_t i = 0; i < count; i++) {
        json_t *row = json_array();

        for (size_t j = 0; j < count; j++)
            json_array_append_new(row, json_integer((json_int_t)cells[i * count + j]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *field_to_json(const struct field *field, const void *item)
{
    const void *member = in(item, field->offset);

    switch (field->kind) {
    case FIELD_COUNT:
        return json_integer((json_int_t) * (const size_t *)member);
    case FIELD_INTEGER:
        return json_integer((json_int_t) * (const int64_t *)member);
    case FIELD_FLAG:
        return json_boolean(*(const int *)member != 0);
    case FIELD_REAL:
        return real_to_json(*(const double *)member);
    case FIELD_TEXT:
    case FIELD_OPTIONAL_TEXT:
        return text_to_json(pointer_in(item, field->offset));
    case FIELD_OBJECT:
        return record_to_json(field->record, member);
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_REALS:
    case FIELD_REALS_ALIKE:
        return items_to_json(field, item);
    case FIELD_MATRIX:
        return matrix_to_json(field, item);
    }
    return json_null();
}

json_t *record_to_json(const struct record *record, const void *item)
{
    json_t *object = json_object();

    for (const struct field *field = record->fields; field->name != NULL; field++)
        json_object_set_new(object, field->name, field_to_json(field, item));
    return object;
}

static int wrong(const struct field *field, const char *expected, struct error *error)
{
    return error_set(error, ERROR_INPUT, "'%s' is not %s", field->name, expected);
}

static int real_from_json(const struct field *field, const json_t *value, double *real,
                          struct error *error)
{
    *real = json_is_null(value) ? NAN : json_number_value(value);
    return json_is_null(value) || json_is_number(value) ? 0 : wrong(field, "a number", error);
}

static int text_from_json(const struct field *field, const json_t *value, char **text,
                          struct error *error)
{
    bool none = json_is_null(value) && field->kind == FIELD_OPTIONAL_TEXT;

    *text = memory_string(json_string_value(value));
    return none || json_is_string(value) ? 0 : wrong(field, "a text", error);
}

static int count_from_json(const struct field *field, const json_t *value, size_t *count,
                           struct error *error)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return wrong(field, "a whole number from 0 up", error);
    *count = (size_t)json_integer_value(value);
    return 0;
}

static size_t item_size(const struct field *field)
{
    if (field->kind == FIELD_LIST)
        return field->record->size;
    return field->kind == FIELD_TEXTS ? sizeof(char *) : sizeof(double);
}

static int items_from_json(const struct field *field, const json_t *array, void *item,
                           struct error *error)
{
    size_t count = json_array_size(array);
    size_t *known_count = at(item, field->count_offset);
    char *items;

    if (!json_is_array(array))
        return wrong(field, "a list", error);
    if (field->kind == FIELD_REALS_ALIKE && count != *known_count)
        return wrong(field, "as long as the list beside it", error);
    items = memory_new(count, item_size(field));
    set_pointer(item, field->offset, items);
    *known_count = count;
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_array_get(array, i);
        void *place = items + i * item_size(field);
        int result;

        if (field->kind == FIELD_LIST)
            result = record_from_json(field->record, value, place, error);
        else if (field->kind == FIELD_TEXTS)
            result = text_from_json(field, value, place, error);
        else
            result = real_from_json(field, value, place, error);
        if (result < 0)
            return -1;
    }
    return 0;
}

static int matrix_from_json(const struct field *field, const json_t *rows, void *item,
                            struct error *error)
{
    size_t count = count_in(item, field->count_offset);
    size_t *cells = memory_new(count * count, sizeof *cells);

    set_pointer(item, field->offset, cells);
    if (json_array_size(rows) != count)
        return wrong(field, "a matrix with a row for each label", error);
    for (size_t i = 0; i < count * count; i++) {
        const json_t *row = json_array_get(rows, i / count);

        if (json_array_size(row) != count)
            return wrong(field, "a matrix with a column for each label", error);
        if (count_from_json(field, json_array_get(row, i % count), &cells[i], error) < 0)
            return -1;
    }
    return 0;
}

static int field_from_json(const struct field *field, const json_t *value, void *item,
                           struct error *error)
{
    void *member = at(item, field->offset);

    switch (field->kind) {
    case FIELD_COUNT:
        return count_from_json(field, value, member, error);
    case FIELD_INTEGER:
        *(int64_t *)member = json_integer_value(value);
        return json_is_integer(value) ? 0 : wrong(field, "a whole number", error);
    case FIELD_FLAG:
        *(int *)member = json_is_true(value);
        return json_is_boolean(value) ? 0 : wrong(field, "true or false", error);
    case FIELD_REAL:
        return real_from_json(field, value, member, error);
    case FIELD_TEXT:
    case FIELD_OPTIONAL_TEXT:
        return text_from_json(field, value, member, error);
    case FIELD_OBJECT:
        return record_from_json(field->record, value, member, error);
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_REALS:
    case FIELD_REALS_ALIKE:
        return items_from_json(field, value, item, error);
    case FIELD_MATRIX:
        return matrix_from_json(field, value, item, error);
    }
    return 0;
}

int record_from_json(const struct record *record, const json_t *object, void *item,
                     struct error *error)
{
    for (const struct field *field = record->fields; field->name != NULL; field++) {
        const json_t *value = json_object_get(object, field->name);

        if (value == NULL)
            return error_set(error, ERROR_INPUT, "'%s' is missing", field->name);
        if (field_from_json(field, value, item, error) < 0)
            return -1;
    }
    return 0;
}

void record_free(const struct record *record, void *item)
{
    for (const struct field *field = record->fields; field->name != NULL; field++) {
        char *items;

        if (field->kind == FIELD_OBJECT)
            record_free(field->record, at(item, field->offset));
        if (field->kind < FIELD_TEXT || field->kind == FIELD_OBJECT)
            continue;
        items = pointer_in(item, field->offset);
        for (size_t i = 0;
             field->kind == FIELD_LIST && items != NULL && i < count_in(item, field->count_offset);
             i++)
            record_free(field->record, items + i * field->record->size);
        for (size_t i = 0;
             field->kind == FIELD_TEXTS && items != NULL && i < count_in(item, field->count_offset);
             i++)
            free(pointer_in(items, i * sizeof(char *)));
        free(items);
    }
}
