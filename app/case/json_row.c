// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_row.h"

#include "yimen/base/text.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

static json_t *write_field(const struct row_field *field, const char *from)
{
    switch (field->kind) {
    case ROW_TEXT: return json_string(from);
    case ROW_INT: return json_integer(*(const int *)(const void *)from);
    case ROW_UNSIGNED: return json_integer((json_int_t) * (const unsigned *)(const void *)from);
    case ROW_INT64: return json_integer(*(const int64_t *)(const void *)from);
    case ROW_BOOL: return json_boolean(*(const bool *)from);
    }
    return NULL;
}

bool row_put(json_t *object, const struct row_table *table, const void *row)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct row_field *field = &table->fields[i];
        const char *from = (const char *)row + field->offset;
        if (json_object_set_new(object, field->name, write_field(field, from)) != 0)
            return false;
    }
    return true;
}

json_t *row_write(const struct row_table *table, const void *row)
{
    json_t *object = json_object();
    if (object && row_put(object, table, row))
        return object;
    json_decref(object);
    return NULL;
}

json_t *rows_write(const struct row_table *table, const void *rows, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < count; i++)
        if (json_array_append_new(array, row_write(table, (const char *)rows + i * table->size)) !=
            0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static bool read_integer(const json_t *value, const struct row_field *field, char *to)
{
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value))
        return false;
    if (field->kind == ROW_INT64) {
        *(int64_t *)(void *)to = number;
        return true;
    }
    bool whole = field->kind == ROW_UNSIGNED;
    if (number < (whole ? 0 : INT_MIN) || number > (whole ? (json_int_t)UINT_MAX : INT_MAX))
        return false;
    if (whole)
        *(unsigned *)(void *)to = (unsigned)number;
    else
        *(int *)(void *)to = (int)number;
    return true;
}

static bool read_field(const json_t *value, const struct row_field *field, char *to)
{
    if (!value && field->later) {
        memset(to, 0, field->room);
        return true;
    }
    if (field->kind == ROW_TEXT)
        return json_is_string(value) && text_copy(to, field->room, json_string_value(value));
    if (field->kind == ROW_BOOL) {
        *(bool *)to = json_is_true(value);
        return json_is_boolean(value);
    }
    return read_integer(value, field, to);
}

bool row_read(const json_t *object, const struct row_table *table, void *row)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct row_field *field = &table->fields[i];
        if (!read_field(json_object_get(object, field->name), field, (char *)row + field->offset))
            return false;
    }
    return true;
}

bool rows_read(const json_t *array, const struct row_table *table, void *rows, size_t room,
               size_t *count)
{
    *count = 0;
    if (!json_is_array(array) || json_array_size(array) > room)
        return false;
    for (size_t i = 0; i < json_array_size(array); i++)
        if (!row_read(json_array_get(array, i), table, (char *)rows + i * table->size))
            return false;
    *count = json_array_size(array);
    return true;
}
