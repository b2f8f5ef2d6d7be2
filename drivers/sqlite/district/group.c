// SPDX-License-Identifier: GPL-3.0-or-later
// Many calls, one commit: the sync of one is the sync of all.
#include "statements.h"

void district_group_wait(void *self)
{
    struct district_db *db = self;
    db->commits_wait = true;
}

bool district_group_waits(void *self)
{
    const struct district_db *db = self;
    return db->group_is_open || db->group_is_lost;
}

enum err district_group_commit(void *self, struct fail *why)
{
    struct district_db *db = self;
    bool is_lost = db->group_is_lost;
    enum err err = ERR_OK;
    if (db->group_is_open && sqlite3_get_autocommit(db->database.handle))
        is_lost = true;
    else if (db->group_is_open)
        sql_run(db, sql_bind(db, SQL_COMMIT, ""));
    err = sql_result(db, why);
    if (err && !sqlite3_get_autocommit(db->database.handle)) {
        sql_run(db, sql_bind(db, SQL_ROLLBACK, ""));
        (void)!sql_result(db, NULL);
    }
    db->group_is_open = db->group_is_lost = false;
    if (!err && is_lost)
        err = fail_set(why, ERR_RETRY, "what waited for its commit was rolled back");
    return err;
}
