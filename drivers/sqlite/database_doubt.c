// SPDX-License-Identifier: GPL-3.0-or-later
// After an I/O error. When a sync fails, the kernel forgets what it could not write: those pages
// are read as written, a later sync that works does not write them, and a power cut brings back the
// old ones. The log is one chain, so a commit behind such a hole would be lost with it. Therefore
// nothing is written after an error before everything that was committed has been put into the
// database anew and the log has begun anew; nor after a start, for an earlier process may have met
// the error and ended before it could do so. For the same reason checkpoints are made here and not
// by SQLite, which keeps their errors to itself.
#include "checkpointer.h"
#include "database.h"

#include "yimen/base/text.h"

enum { CHECKPOINT_PAGES = 1000 };

void database_notice(struct database *database, int code)
{
    if ((code & 0xFF) == SQLITE_IOERR)
        database->doubt = DATABASE_IO_ERROR;
}

int database_settle(struct database *database)
{
    if (database->doubt == DATABASE_SURE || !sqlite3_get_autocommit(database->handle))
        return SQLITE_OK;
    int code =
        sqlite3_wal_checkpoint_v2(database->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    // A kiosk must start with a full disk, too; and a reader elsewhere is no reason to wait for it.
    bool precaution = database->doubt == DATABASE_JUST_OPENED;
    if (precaution && ((code & 0xFF) == SQLITE_FULL || (code & 0xFF) == SQLITE_BUSY))
        return SQLITE_OK;
    if (code == SQLITE_OK)
        database->doubt = DATABASE_SURE;
    else
        database_notice(database, code);
    return code;
}

static int after_commit(void *context, sqlite3 *handle, const char *name, int pages)
{
    struct database *database = context;
    bool is_due = database->checkpointer ? !checkpointer_wake(database->checkpointer, pages)
                                         : pages >= CHECKPOINT_PAGES;
    if (is_due)
        database_notice(database, sqlite3_wal_checkpoint_v2(handle, name, SQLITE_CHECKPOINT_PASSIVE,
                                                            NULL, NULL));
    return SQLITE_OK; // the commit itself has been done
}

void database_watch(struct database *database)
{
    database->doubt = DATABASE_JUST_OPENED;
    sqlite3_wal_hook(database->handle, after_commit, database);
}

enum err database_integrity(sqlite3 *handle, int *code, struct fail *why)
{
    sqlite3_stmt *statement = NULL;
    bool answered = sqlite3_prepare_v2(handle, "PRAGMA integrity_check(1)", -1, &statement, NULL) ==
                        SQLITE_OK &&
                    sqlite3_step(statement) == SQLITE_ROW;
    // None when there is no memory for it.
    const char *answer = answered ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    *code = sqlite3_errcode(handle);
    enum err err = ERR_OK;
    if (!answer)
        err = fail_set(why, database_reaction(*code), "checking the database: %s",
                       sqlite3_errmsg(handle));
    else if (!text_equal(answer, "ok"))
        err = fail_set(why, ERR_CORRUPT, "database: %s", answer);
    sqlite3_finalize(statement);
    return err;
}
