// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/driver/sqlite.h"

#include "kiosk_store_internal.h"
#include "yimen/base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_MAXIMUM = 4096 };

extern const struct migration kiosk_migrations[];

// Unsent: neither received (3) nor pruned (6). The words of the partial index.
#define UNSENT "s.state IN (0, 1, 2, 4, 5)"
// Sending may start: saved, retry or held. A time of an earlier boot says nothing any more.
#define MAY_BE_SENT UNSENT " AND s.state IN (0, 2, 4)"
#define IS_DUE "(s.state = 0 OR s.next_try_boot <> ?1 OR s.next_try_monotonic_ms <= ?2)"

#define DRAFT_SELECT "SELECT " NAMES(DRAFT_ALL) ", sealed, digest FROM draft"

static const char *const sql[] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_META_GET] = "SELECT value FROM meta WHERE key = ?1",
    [SQL_META_SET] = "INSERT INTO meta (key, value) VALUES (?1, ?2) "
                     "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    [SQL_SERIALS_USED] = "SELECT serial FROM serial WHERE day = ?1",
    [SQL_SERIAL_TAKE] = "INSERT INTO serial (day, serial) VALUES (?1, ?2)",
    [SQL_SUBMISSION_INSERT] = "INSERT INTO submission (" NAMES(
        SUBMISSION_WRITTEN) ", manifest, digest, receipt) VALUES "
                            "(" MARKS(SUBMISSION_WRITTEN) ", ?, ?, ?)",
    [SQL_SUBMISSION_UPDATE] = "UPDATE submission SET " SETS(SUBMISSION_STATE) " WHERE instance = ?",
    [SQL_SUBMISSION_BY_INSTANCE] =
        "SELECT " SUBMISSION_COLUMNS " FROM submission s WHERE instance = ?1",
    [SQL_SUBMISSION_BY_NUMBER] = "SELECT " SUBMISSION_COLUMNS
                                 " FROM submission s WHERE number = ?1 ORDER BY id DESC LIMIT 1",
    [SQL_SUBMISSION_LAST] =
        "SELECT " SUBMISSION_COLUMNS " FROM submission s ORDER BY id DESC LIMIT 1",
    [SQL_SUBMISSION_DUE] = "SELECT " SUBMISSION_COLUMNS " FROM submission s WHERE " MAY_BE_SENT
                           " AND " IS_DUE " ORDER BY s.urgent DESC, s.id LIMIT 1",
    [SQL_SUBMISSION_NEXT_TIME] =
        "SELECT min(s.next_try_monotonic_ms) FROM submission s WHERE " MAY_BE_SENT
        " AND s.next_try_boot = ?1 AND s.state <> 0",
    [SQL_SUBMISSION_LIST] =
        "SELECT " SUBMISSION_COLUMNS ", (SELECT p.state FROM print_job p "
        "WHERE p.instance = s.instance ORDER BY p.id DESC LIMIT 1) FROM submission s "
        "ORDER BY (" UNSENT ") DESC, CASE WHEN " UNSENT " THEN -s.urgent ELSE -s.id END, s.id "
        "LIMIT ?1",
    [SQL_SUBMISSION_RECOVER] = "UPDATE submission AS s SET state = 2, next_try_utc_ms = 0, "
                               "next_try_monotonic_ms = 0 WHERE " UNSENT " AND s.state = 1",
    [SQL_MANIFEST] =
        "SELECT " SUBMISSION_COLUMNS ", s.manifest, s.digest FROM submission s WHERE instance = ?1",
    [SQL_RECEIPT] = "SELECT receipt FROM submission WHERE instance = ?1",
    [SQL_PART_INSERT] = "INSERT INTO part (submission, position, name, type, length, digest) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_PIECE_INSERT] =
        "INSERT INTO piece (submission, position, piece, data) VALUES (?1, ?2, ?3, ?4)",
    [SQL_PART] = "SELECT p.submission, p.name, p.type, p.length, p.digest, p.page FROM part p "
                 "JOIN submission s ON s.id = p.submission WHERE s.instance = ?1 AND position = ?2",
    [SQL_PIECES] = "SELECT data FROM piece WHERE submission = ?1 AND position = ?2 "
                   "AND piece >= ?3 ORDER BY piece",
    [SQL_PART_TAKE] = "INSERT INTO part (submission, position, name, type, length, digest, page) "
                      "SELECT ?1, ?2, ?3, ?4, length, digest, id FROM page "
                      "WHERE instance = ?5 AND number = ?6 AND length = ?7 AND taken = 0",
    [SQL_PAGE_TAKE] = "UPDATE page SET taken = 1 WHERE instance = ?1 AND number = ?2",
    [SQL_PAGE_INSERT] = "INSERT INTO page (instance, number, length, digest, taken) "
                        "VALUES (?1, ?2, ?3, ?4, 0)",
    [SQL_PAGE_PIECE_INSERT] = "INSERT INTO page_piece (page, piece, data) VALUES (?1, ?2, ?3)",
    [SQL_PAGE_GET] = "SELECT id, digest FROM page WHERE instance = ?1 AND number = ?2 "
                     "AND taken = 0",
    [SQL_PAGE_PIECES] = "SELECT data FROM page_piece WHERE page = ?1 AND piece >= ?2 "
                        "ORDER BY piece",
    [SQL_PAGE_PIECES_DROP] =
        "DELETE FROM page_piece WHERE page IN (SELECT id FROM page WHERE taken = 0 "
        "AND (?1 IS NULL OR instance = ?1) AND number BETWEEN ?2 AND ?3)",
    [SQL_PAGES_DROP] = "DELETE FROM page WHERE taken = 0 AND (?1 IS NULL OR instance = ?1) "
                       "AND number BETWEEN ?2 AND ?3",
    [SQL_PRINT_INSERT] =
        "INSERT INTO print_job (" NAMES(PRINT_JOB_ALL) ") VALUES (" MARKS(PRINT_JOB_ALL) ")",
    [SQL_PRINT_UPDATE] = "UPDATE print_job SET state = ?2, detail = ?3, changed_utc_ms = ?4 "
                         "WHERE name = ?1",
    [SQL_PRINT_GET] = "SELECT " NAMES(PRINT_JOB_ALL) " FROM print_job WHERE name = ?1",
    [SQL_PRINT_MOVE] = "UPDATE print_job SET state = ?3, changed_utc_ms = ?4 "
                       "WHERE (?1 IS NULL OR instance = ?1) AND ((1 << state) & ?2) <> 0",
    [SQL_AUDIT_APPEND] = "INSERT INTO audit (sequence, line, hash) VALUES (?1, ?2, ?3)",
    [SQL_AUDIT_HEAD] = "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1",
    [SQL_AUDIT_AFTER] = "SELECT sequence, line, hash FROM audit WHERE sequence > ? "
                        "ORDER BY sequence LIMIT ?",
    [SQL_AUDIT_WALK] = "SELECT sequence, line, hash FROM audit ORDER BY sequence",
    [SQL_STAFF_GET] = "SELECT " NAMES(STAFF_ALL) " FROM staff WHERE number = ?1",
    [SQL_STAFF_PUT] =
        "INSERT OR REPLACE INTO staff (" NAMES(STAFF_ALL) ") VALUES (" MARKS(STAFF_ALL) ")",
    [SQL_CALL_OPEN] =
        "INSERT INTO call (opened_utc_ms, opened_monotonic_ms, opened_boot_id, opened_quality, "
        "place, closed_utc_ms, closed_by, reason) VALUES (?1, ?2, ?3, ?4, ?5, 0, '', '')",
    [SQL_CALL_CLOSE] = "UPDATE call SET closed_utc_ms = ?2, closed_by = ?3, reason = ?4 "
                       "WHERE closed_utc_ms = 0 AND (?1 = 0 OR id = ?1)",
    [SQL_COUNTS] = "SELECT (SELECT count(*) FROM submission s WHERE " UNSENT "), "
                   "(SELECT count(*) FROM submission WHERE state IN (3, 6)), "
                   "(SELECT count(*) FROM call WHERE closed_utc_ms = 0), "
                   // Before 2025 there was no kiosk: such a time was a wrong clock's.
                   "(SELECT min(s.saved_utc_ms) FROM submission s WHERE " UNSENT
                   " AND s.saved_utc_ms >= 1735689600000), "
                   "c.opened_utc_ms, c.opened_monotonic_ms, c.opened_quality, "
                   "coalesce(c.opened_boot_id, ''), coalesce(o.id, 0), "
                   "coalesce(o.opened_utc_ms, 0) FROM (SELECT 1) LEFT JOIN call c ON c.id = "
                   "(SELECT max(id) FROM call WHERE closed_utc_ms = 0) LEFT JOIN call o ON o.id = "
                   "(SELECT min(id) FROM call WHERE closed_utc_ms = 0)",
    [SQL_STATUS_SET] = "UPDATE submission SET status = ?2, status_utc_ms = ?3 WHERE instance = ?1",
    [SQL_RECEIVED_EACH] = "SELECT " SUBMISSION_COLUMNS " FROM submission s "
                          "WHERE s.saved_utc_ms >= ?1 AND s.state IN (3, 6) "
                          "AND s.unverified = 0 ORDER BY s.id",
    [SQL_PRUNABLE] = "SELECT " SUBMISSION_COLUMNS " FROM submission s "
                     "WHERE s.state = 3 AND s.received_utc_ms < ?1 "
                     "AND s.unverified = 0 "
                     "ORDER BY s.received_utc_ms LIMIT 1",
    [SQL_PRUNE_PIECES] = "DELETE FROM piece WHERE submission = "
                         "(SELECT id FROM submission WHERE instance = ?1 AND state = 3)",
    [SQL_PRUNE_PARTS] = "DELETE FROM part WHERE submission = "
                        "(SELECT id FROM submission WHERE instance = ?1 AND state = 3)",
    [SQL_PRUNE_PAGE_PIECES] = "DELETE FROM page_piece WHERE page IN (SELECT id FROM page WHERE "
                              "instance = (SELECT instance FROM submission WHERE instance = ?1 "
                              "AND state = 3))",
    [SQL_PRUNE_PAGES] = "DELETE FROM page WHERE instance = "
                        "(SELECT instance FROM submission WHERE instance = ?1 AND state = 3)",
    [SQL_PRUNE_CASE] = "UPDATE submission SET state = 6, manifest = x'', receipt = x'' "
                       "WHERE instance = ?1 AND state = 3",
    [SQL_HELD_RELEASE] = "UPDATE submission AS s SET next_try_utc_ms = 0, "
                         "next_try_monotonic_ms = 0 WHERE " UNSENT " AND s.state = 4",
    [SQL_PRUNE_OWNER] = "UPDATE owner SET salt = '', box = x'' WHERE instance = ?1",
    [SQL_OWNER_PUT] = "INSERT INTO owner VALUES (?1, ?2, ?3, ?4) ON CONFLICT (instance) DO UPDATE "
                      "SET of_instance = excluded.of_instance, salt = excluded.salt, "
                      "box = excluded.box",
    [SQL_OWNER_GET] = "SELECT instance, of_instance, salt, box FROM owner WHERE instance = ?1",
    [SQL_LINKED_EACH] = "SELECT " SUBMISSION_COLUMNS " FROM owner o "
                        "JOIN submission s ON s.instance = o.instance "
                        "WHERE o.of_instance = ?1 AND o.of_instance <> '' ORDER BY s.id",
    [SQL_TRY_GET] = "SELECT " NAMES(TRY_ALL) " FROM try WHERE number = ?1",
    [SQL_TRY_PUT] = "INSERT OR REPLACE INTO try (" NAMES(TRY_ALL) ") VALUES (" MARKS(TRY_ALL) ")",
    [SQL_RECEIPT_SET] = "UPDATE submission SET receipt = ?2 WHERE instance = ?1 AND state <> 6",
    [SQL_TOKEN_PUT] = "INSERT INTO token (instance, message) VALUES (?1, ?2)",
    [SQL_TOKEN_NEXT] = "SELECT id, message FROM token ORDER BY id LIMIT 1",
    [SQL_TOKEN_DONE] = "DELETE FROM token WHERE id = ?1",
    [SQL_DRAFT_PUT] = "INSERT OR REPLACE INTO draft (" NAMES(
        DRAFT_ALL) ", sealed, digest) VALUES (" MARKS(DRAFT_ALL) ", ?, ?)",
    [SQL_DRAFT_CHANGE] = "UPDATE draft SET " SETS(DRAFT_REST) " WHERE id = ?",
    [SQL_DRAFT_GET] = DRAFT_SELECT " WHERE id = ?1",
    [SQL_DRAFT_UNSENT] = DRAFT_SELECT " WHERE revision > sent_revision "
                                      "ORDER BY created_utc_ms LIMIT 1",
    [SQL_DRAFTS_SPEND] = "UPDATE draft SET spent = 1, revision = revision + 1, sealed = x'', "
                         "digest = ?3 WHERE spent = 0 AND revision > 0 AND "
                         "(id = ?1 OR (?2 <> '' AND instance = ?2))",
    [SQL_DRAFTS_EXPIRE] = "DELETE FROM draft WHERE expires_utc_ms < ?1",
};

_Static_assert((int)SQL_STATEMENTS <= (int)DATABASE_STATEMENTS,
               "room for every prepared statement");

static enum err run_named(void *self, enum kiosk_statement which, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, (int)which);
    return database_run(&store->database, statement, why, sql[which]);
}

// How often the log is flushed can only be said outside a transaction. Nothing may be promised by a
// commit that is not flushed, so there is no transaction when it cannot be said.
static enum err set_soft(struct kiosk_database *store, bool is_soft, struct fail *why)
{
    if (store->is_soft == is_soft)
        return ERR_OK;
    enum err err = database_set_synchronous(&store->database,
                                            is_soft ? SYNCHRONOUS_NORMAL : SYNCHRONOUS_FULL, why);
    if (!err)
        store->is_soft = is_soft;
    return err;
}

static enum err begin_so(struct kiosk_database *store, bool is_soft, struct fail *why)
{
    if (database_settle(&store->database) != SQLITE_OK)
        return database_fail(&store->database, why, "writing anew after an I/O error");
    enum err err = set_soft(store, is_soft, why);
    return err ? err : run_named(store, SQL_BEGIN, why);
}

static enum err begin(void *self, struct fail *why)
{
    return begin_so(self, false, why);
}

static enum err begin_soft(void *self, struct fail *why)
{
    return begin_so(self, true, why);
}

static enum err commit(void *self, struct fail *why)
{
    return run_named(self, SQL_COMMIT, why);
}

static void rollback(void *self)
{
    struct kiosk_database *store = self;
    if (!sqlite3_get_autocommit(store->database.handle))
        sqlite3_exec(store->database.handle, "ROLLBACK", NULL, NULL, NULL);
}

static enum err meta_get(void *self, const char *key, struct strbuf *out, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_META_GET);
    bind_text(statement, 1, key);
    enum err err = database_row(&store->database, statement, why, key);
    if (!err)
        column_append(statement, 0, out);
    database_done(statement);
    return err ? err : strbuf_result(out, why);
}

static enum err meta_set(void *self, const char *key, const void *data, size_t length,
                         struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_META_SET);
    bind_text(statement, 1, key);
    bind_blob(statement, 2, data, length);
    return database_run(&store->database, statement, why, "writing a setting");
}

static enum err serials_used(void *self, int day, bool used[STORE_SERIALS], struct fail *why)
{
    struct kiosk_database *store = self;
    memset(used, 0, STORE_SERIALS * sizeof *used);
    sqlite3_stmt *statement = database_statement(&store->database, SQL_SERIALS_USED);
    sqlite3_bind_int(statement, 1, day);
    enum err err = ERR_OK;
    while (!(err = database_row(&store->database, statement, why, "reading used serials"))) {
        int serial = sqlite3_column_int(statement, 0);
        if (serial >= 0 && serial < STORE_SERIALS)
            used[serial] = true;
    }
    database_done(statement);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err serial_take(void *self, int day, int serial, struct fail *why)
{
    struct kiosk_database *store = self;
    sqlite3_stmt *statement = database_statement(&store->database, SQL_SERIAL_TAKE);
    sqlite3_bind_int(statement, 1, day);
    sqlite3_bind_int(statement, 2, serial);
    return database_run(&store->database, statement, why, "taking a serial");
}

static const struct kiosk_store_ops ops = {
    .begin = begin,
    .begin_soft = begin_soft,
    .commit = commit,
    .rollback = rollback,
    .meta_get = meta_get,
    .meta_set = meta_set,
    .serials_used = serials_used,
    .serial_take = serial_take,
    .submission_insert = kiosk_submission_insert,
    .submission_update = kiosk_submission_update,
    .submission_get = kiosk_submission_get,
    .submission_next = kiosk_submission_next,
    .submission_list = kiosk_submission_list,
    .submission_recover = kiosk_submission_recover,
    .submission_last = kiosk_submission_last,
    .manifest_get = kiosk_manifest_get,
    .receipt_get = kiosk_receipt_get,
    .part_about = kiosk_part_about,
    .part_read = kiosk_part_read,
    .part_check = kiosk_part_check,
    .part_get = kiosk_part_get,
    .page_put = kiosk_page_put,
    .page_get = kiosk_page_get,
    .pages_drop = kiosk_pages_drop,
    .print_job_insert = kiosk_print_job_insert,
    .print_job_update = kiosk_print_job_update,
    .print_job_get = kiosk_print_job_get,
    .print_jobs_move = kiosk_print_jobs_move,
    .audit_append = kiosk_audit_append,
    .audit_head = kiosk_audit_head,
    .audit_after = kiosk_audit_after,
    .audit_walk = kiosk_audit_walk,
    .staff_get = kiosk_staff_get,
    .staff_put = kiosk_staff_put,
    .call_open = kiosk_call_open,
    .call_close = kiosk_call_close,
    .status_set = kiosk_status_set,
    .received_each = kiosk_received_each,
    .submission_prunable = kiosk_submission_prunable,
    .submission_prune = kiosk_submission_prune,
    .tidy = kiosk_tidy,
    .held_release = kiosk_held_release,
    .owner_put = kiosk_owner_put,
    .owner_get = kiosk_owner_get,
    .linked_each = kiosk_linked_each,
    .try_get = kiosk_try_get,
    .try_put = kiosk_try_put,
    .receipt_set = kiosk_receipt_set,
    .token_put = kiosk_token_put,
    .token_next = kiosk_token_next,
    .token_done = kiosk_token_done,
    .draft_put = kiosk_draft_put,
    .draft_get = kiosk_draft_get,
    .draft_unsent = kiosk_draft_unsent,
    .drafts_spend = kiosk_drafts_spend,
    .drafts_expire = kiosk_drafts_expire,
    .counts = kiosk_counts,
    .health = kiosk_health,
    .integrity = kiosk_integrity,
    .make_room = kiosk_make_room,
};

static void store_free(struct kiosk_database *store)
{
    free(store->reserve_path);
    free(store->path);
    free(store);
}

static enum err reserve_name(const char *path, char **out, struct fail *why)
{
    struct strbuf name;
    strbuf_init(&name, PATH_MAXIMUM);
    strbuf_addf(&name, "%s-reserve", path);
    *out = strbuf_take(&name);
    return *out ? ERR_OK : fail_set(why, ERR_INPUT, "path too long");
}

static enum err open_database(struct kiosk_database *store,
                              const struct sqlite_kiosk_store_options *options, struct fail *why)
{
    struct database_options database = {
        .path = options->path, .vfs = options->vfs, .read_only = options->read_only, .sql = sql};
    store->disk = sim_disk_find(options->vfs);
    return database_open(&store->database, &database, why);
}

enum err sqlite_kiosk_store_open(const struct sqlite_kiosk_store_options *options,
                                 struct kiosk_store *out, struct fail *why)
{
    struct kiosk_database *store = calloc(1, sizeof *store);
    if (!store)
        return fail_set(why, ERR_RETRY, "no memory");
    store->crypto = options->crypto;
    store->path = text_duplicate(options->path);
    enum err err = reserve_name(options->path, &store->reserve_path, why);
    if (!err)
        err = open_database(store, options, why);
    if (!err) {
        err = database_migrate(&store->database, kiosk_migrations, options->read_only, why);
        if (err)
            database_close(&store->database);
    }
    if (err) {
        store_free(store);
        return fail_prefix(why, err, "kiosk store");
    }
    if (!options->read_only)
        kiosk_make_reserve(store);
    *out = (struct kiosk_store){.ops = &ops, .self = store};
    return ERR_OK;
}

void sqlite_kiosk_store_close(struct kiosk_store *store)
{
    if (!store || !store->self)
        return;
    struct kiosk_database *self = store->self;
    database_close(&self->database);
    store_free(self);
    *store = (struct kiosk_store){0};
}
