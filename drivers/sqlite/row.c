// SPDX-License-Identifier: GPL-3.0-or-later
#include "row.h"

int row_bind(sqlite3_stmt *statement, int first, const struct row_column *columns, size_t count,
             const void *row)
{
    int at = first;
    for (size_t i = 0; i < count; i++, at++) {
        const void *from = (const char *)row + columns[i].offset;
        switch (columns[i].kind) {
        case COLUMN_TEXT: bind_text(statement, at, from); break;
        case COLUMN_INT: sqlite3_bind_int(statement, at, *(const int *)from); break;
        case COLUMN_INT64: sqlite3_bind_int64(statement, at, *(const int64_t *)from); break;
        case COLUMN_BOOL: sqlite3_bind_int(statement, at, *(const bool *)from); break;
        case COLUMN_BYTES: bind_blob(statement, at, from, columns[i].size); break;
        }
    }
    return at;
}

enum err row_load(sqlite3_stmt *statement, int first, const struct row_column *columns,
                  size_t count, void *row, struct fail *why)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < count; i++) {
        void *to = (char *)row + columns[i].offset;
        int at = first + (int)i;
        switch (columns[i].kind) {
        case COLUMN_TEXT: err = column_text(statement, at, to, columns[i].size, why); break;
        case COLUMN_INT: *(int *)to = sqlite3_column_int(statement, at); break;
        case COLUMN_INT64: *(int64_t *)to = sqlite3_column_int64(statement, at); break;
        case COLUMN_BOOL: *(bool *)to = sqlite3_column_int(statement, at) != 0; break;
        case COLUMN_BYTES: err = column_bytes(statement, at, to, columns[i].size, why); break;
        }
    }
    return err;
}
