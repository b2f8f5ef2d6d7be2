// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "database.h"

/// A table's row and its struct, by one list of columns (kiosk_columns.h): the same list makes the
/// words of the SQL, binds and reads. A list is a macro of two others, for its first entry and for
/// each of the next: LIST(first, next) with `first(kind, column, member)`.

enum row_column_kind { COLUMN_TEXT, COLUMN_INT, COLUMN_INT64, COLUMN_BOOL, COLUMN_BYTES };
struct row_column {
    enum row_column_kind kind;
    size_t offset, size;
};

#define COLUMN_NAME(kind, column, member) #column
#define COLUMN_NEXT_NAME(kind, column, member) ", " #column
#define COLUMN_MARK(kind, column, member) "?"
#define COLUMN_NEXT_MARK(kind, column, member) ", ?"
#define COLUMN_SET(kind, column, member) #column " = ?"
#define COLUMN_NEXT_SET(kind, column, member) ", " #column " = ?"
#define NAMES(list) list(COLUMN_NAME, COLUMN_NEXT_NAME)
#define MARKS(list) list(COLUMN_MARK, COLUMN_NEXT_MARK)
#define SETS(list) list(COLUMN_SET, COLUMN_NEXT_SET)
#define COLUMN_ONE_MORE(kind, column, member) +1

/// One entry of a `struct row_column` array; the file that uses it defines COLUMN_STRUCT.
#define COLUMN_ENTRY(kind, column, member)                                                         \
    {kind, offsetof(COLUMN_STRUCT, member), sizeof(((COLUMN_STRUCT *)0)->member)},

/// Binds a row's columns from parameter `first` on; the parameter after the last. Texts and bytes
/// are borrowed until database_done.
int row_bind(sqlite3_stmt *statement, int first, const struct row_column *columns, size_t count,
             const void *row);
/// Reads them from column `first` on. ERR_CORRUPT: one does not fit.
enum err row_load(sqlite3_stmt *statement, int first, const struct row_column *columns,
                  size_t count, void *row, struct fail *why) MUST_USE;
