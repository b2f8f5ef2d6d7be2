// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/// A plain struct as a JSON object, by one table of its fields: what is in the table is written and
/// read, what is not is neither.

enum row_kind {
    ROW_TEXT,     ///< a char array
    ROW_INT,      ///< int, or an enum
    ROW_UNSIGNED, ///< unsigned
    ROW_INT64,    ///< int64_t
    ROW_BOOL,
};
struct row_field {
    const char *name;
    enum row_kind kind;
    size_t offset, room; ///< room: of a text
    bool later; ///< what was kept before it was thought of lacks it: then it is empty, or 0
};
struct row_table {
    const struct row_field *fields;
    size_t count, size; ///< size: of the struct
};

#define ROW_FIELD_AS(key, kind, type, member, later)                                               \
    {                                                                                              \
        key, kind, offsetof(type, member), sizeof(((type *)0)->member), later                      \
    }
/// A member under its own name.
#define ROW_FIELD(kind, type, member) ROW_FIELD_AS(#member, kind, type, member, false)
#define ROW_LATER(kind, type, member) ROW_FIELD_AS(#member, kind, type, member, true)
#define ROW_TABLE(type, fields)                                                                    \
    {                                                                                              \
        fields, sizeof fields / sizeof fields[0], sizeof(type)                                     \
    }

/// Sets the fields of `row` in an object. False: no memory, or a text that is not UTF-8.
bool row_put(json_t *object, const struct row_table *table, const void *row);
/// The object of one row; NULL as above.
json_t *row_write(const struct row_table *table, const void *row);
/// The array of `count` rows that lie one behind the other; NULL as above.
json_t *rows_write(const struct row_table *table, const void *rows, size_t count);
/// False: a field is missing, of another kind or too large. The row may have been changed.
bool row_read(const json_t *object, const struct row_table *table, void *row);
/// The same of an array of at most `room` rows.
bool rows_read(const json_t *array, const struct row_table *table, void *rows, size_t room,
               size_t *count);
