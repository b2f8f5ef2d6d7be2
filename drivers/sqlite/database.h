// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// One SQLite connection with its prepared statements: what the stores in this folder share.

struct migration {
    int version; ///< from 1; 0 ends the list
    const char *sql;
};

enum { DATABASE_STATEMENTS = 128 };

/// Whether what can be read is surely on the disk: see database_settle.
enum database_doubt {
    DATABASE_SURE,
    DATABASE_JUST_OPENED, ///< an earlier process may have failed to sync something
    DATABASE_IO_ERROR,    ///< this one did
};

struct database {
    sqlite3 *handle;
    const char *const *sql; ///< named statements, prepared at first use
    sqlite3_stmt *statements[DATABASE_STATEMENTS];
    enum database_doubt doubt;
    struct checkpointer *checkpointer; ///< makes its checkpoints, closed with it; NULL: it does
    bool owned;
    pthread_t owner;
};

struct database_options {
    const char *path;
    const char *vfs; ///< name of a simulated disk (yimen/driver/sim_disk.h); NULL: the real one
    bool read_only;
    const char *const *sql; ///< at most DATABASE_STATEMENTS statements; borrowed
};
/// Opens (and, unless `read_only`, makes) the file with all the settings that durability and
/// distrust ask for.
enum err database_open(struct database *database, const struct database_options *options,
                       struct fail *why) MUST_USE;
/// NULL-safe inside.
void database_close(struct database *database);
/// Brings the schema to the newest version, each step in its own transaction. Read-only: only
/// checks that it is the newest (ERR_RETRY: it is not yet).
enum err database_migrate(struct database *database, const struct migration *migrations,
                          bool read_only, struct fail *why) MUST_USE;
/// What an SQLite code asks of the caller.
enum err database_reaction(int code);
/// The same of its last result, told in `why`.
enum err database_fail(struct database *database, struct fail *why, const char *task);
/// What SQLite answered: remembered when it is an I/O error.
void database_notice(struct database *database, int code);
/// Before a transaction: in doubt, all that was committed is written anew first. An SQLite code;
/// nothing may be written unless it is SQLITE_OK.
int database_settle(struct database *database) MUST_USE;
/// From now on checkpoints are made so that their errors are noticed. The struct stays where it is.
void database_watch(struct database *database);
/// Whether the whole file is as SQLite wrote it. `*code`: its last answer, for database_notice.
enum err database_integrity(sqlite3 *handle, int *code, struct fail *why) MUST_USE;
/// Runs a text without results.
enum err database_execute(struct database *database, const char *sql, struct fail *why) MUST_USE;

/// How often the log is flushed, in SQLite's numbers.
enum database_synchronous { SYNCHRONOUS_NORMAL = 1, SYNCHRONOUS_FULL = 2 };
/// Outside a transaction. ERR_OK: it was asked afterwards, and is so.
enum err database_set_synchronous(struct database *database, enum database_synchronous level,
                                  struct fail *why) MUST_USE;

/// Statement `index`, ready to be bound; NULL when it cannot be prepared (database_fail tells).
/// Asserts that the caller is the owning thread.
sqlite3_stmt *database_statement(struct database *database, int index);
/// Steps a statement that returns no row, and resets it. NULL is an earlier failure.
enum err database_run(struct database *database, sqlite3_stmt *statement, struct fail *why,
                      const char *task) MUST_USE;
/// Steps to the next row: ERR_OK, ERR_NOT_FOUND at the end. Not reset.
enum err database_row(struct database *database, sqlite3_stmt *statement, struct fail *why,
                      const char *task) MUST_USE;
/// Ends the use of a statement and forgets what was bound.
void database_done(sqlite3_stmt *statement);

/// Borrowed until database_done.
void bind_text(sqlite3_stmt *statement, int index, const char *text);
/// Borrowed until database_done. Never NULL in the database.
void bind_blob(sqlite3_stmt *statement, int index, const void *data, size_t length);
/// Column as text into a fixed array; ERR_CORRUPT when it does not fit.
enum err column_text(sqlite3_stmt *statement, int column, char *out, size_t room,
                     struct fail *why) MUST_USE;
/// Column as bytes of exactly `length`; ERR_CORRUPT otherwise.
enum err column_bytes(sqlite3_stmt *statement, int column, void *out, size_t length,
                      struct fail *why) MUST_USE;
/// Column appended whole.
void column_append(sqlite3_stmt *statement, int column, struct strbuf *out);
