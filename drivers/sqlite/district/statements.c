// SPDX-License-Identifier: GPL-3.0-or-later
// Every statement of the district's store, prepared once a handle, and how values go in and out.
#include "statements.h"

#include "yimen/base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#define DEVICE_COLUMNS                                                                             \
    "id, counter, key_id, fingerprint, public_key, incarnation, enrolled_utc_ms, revoked_utc_ms, " \
    "seen_utc_ms, saves, audit_head, frozen, audit_sequence, forked_utc_ms, audit_chain, "         \
    "audit_still"
#define CASE_COLUMNS                                                                               \
    "instance, form_id, version, receipt, counter, device, key_id, service, of_instance, "         \
    "token_hash, manifest_digest, urgent, first_touch_utc_ms, saved_utc_ms, received_utc_ms, "     \
    "saved_quality, flag, status, status_utc_ms, opened, reason, open_tries, open_due_utc_ms"
// A part of case ?1 that is neither here nor uploaded by device ?2.
#define LACKING                                                                                    \
    "WHERE p.instance = ?1 AND p.bytes IS NULL AND p.upload IS NULL AND NOT EXISTS (SELECT 1 "     \
    "FROM upload u WHERE u.device = ?2 AND u.digest = p.digest AND u.complete = 1)"

#define CORRECTION_COLUMNS                                                                         \
    "id, instance, actor, came_from, issued_utc_ms, due_utc_ms, state, replaces, replaced_why, "   \
    "answered_by, answered_utc_ms, json"

const char *const district_statements[SQL_STATEMENTS] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_STEP] = "SAVEPOINT step",
    [SQL_STEP_DONE] = "RELEASE step",
    [SQL_STEP_UNDO] = "ROLLBACK TO step",
    [SQL_CODE_PUT] = "INSERT INTO enroll_code VALUES (?, ?, ?, 0)",
    [SQL_CODE_COUNTER] =
        "SELECT counter FROM enroll_code WHERE hash = ? AND used = 0 AND until_utc_ms > ?",
    [SQL_CODE_USE] = "UPDATE enroll_code SET used = 1 WHERE hash = ? AND used = 0",
    [SQL_INCARNATIONS] = "SELECT incarnation FROM device WHERE counter = ? "
                         "ORDER BY enrolled_utc_ms DESC, rowid DESC LIMIT 9",
    [SQL_DEVICE_ADD] =
        "INSERT INTO device (" DEVICE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '', 0, "
        "0, 0, 0, 0)",
    [SQL_DEVICE_BY_FINGERPRINT] = "SELECT " DEVICE_COLUMNS " FROM device WHERE fingerprint = ?",
    [SQL_DEVICE_BY_KEY] = "SELECT " DEVICE_COLUMNS " FROM device WHERE key_id = ?",
    [SQL_COUNTER_KEYS] = "SELECT public_key, id, revoked_utc_ms FROM device WHERE counter = ?",
    [SQL_DEVICE_REVOKE] = "UPDATE device SET revoked_utc_ms = CASE WHEN revoked_utc_ms = 0 THEN ?2 "
                          "ELSE min(revoked_utc_ms, ?2) END WHERE id = ?1",
    [SQL_CONTACT] = "UPDATE device SET seen_utc_ms = ?1, saves = ?2, audit_head = ?3, "
                    "frozen = max(frozen, ?4), audit_sequence = ?5, forked_utc_ms = "
                    "CASE WHEN forked_utc_ms = 0 AND ?7 THEN ?1 ELSE forked_utc_ms END, "
                    "audit_moved_utc_ms = CASE WHEN ?5 > audit_sequence THEN ?1 ELSE "
                    "audit_moved_utc_ms END, audit_still = ?8 "
                    "WHERE id = ?6",
    [SQL_HEAD_KEEP] = "INSERT OR REPLACE INTO device_head (device, chain, day, sequence, hash, "
                      "signature, told_utc_ms) VALUES (?1, (SELECT audit_chain FROM device WHERE "
                      "id = ?1), ?2 / 86400000, ?3, ?4, ?5, ?2)",
    [SQL_DEVICE_UNAUDITED] =
        "SELECT coalesce(min(s.received_utc_ms), 0) FROM device d JOIN submission s "
        "ON s.device = d.id AND s.received_utc_ms > d.audit_moved_utc_ms AND s.status <> '' "
        "WHERE d.id = ?",
    [SQL_DEVICE_ACCEPT] = "UPDATE device SET forked_utc_ms = 0, audit_sequence = 0, "
                          "audit_head = '', audit_chain = audit_chain + 1, audit_still = 0 "
                          "WHERE id = ? AND forked_utc_ms <> 0",
    [SQL_HEAD_EACH] = "SELECT h.device, d.counter, h.sequence, h.hash, h.signature, h.told_utc_ms "
                      "FROM device_head h JOIN device d ON d.id = h.device "
                      "ORDER BY d.counter, d.enrolled_utc_ms, h.device, h.chain, h.day",
    [SQL_UNSENT_CLEAR] = "DELETE FROM device_unsent WHERE device = ?",
    [SQL_UNSENT_ADD] = "INSERT OR IGNORE INTO device_unsent VALUES (?, ?)",
    [SQL_UNSENT_HAS] =
        "SELECT EXISTS (SELECT 1 FROM device_unsent WHERE device = ? AND receipt = ?)",
    [SQL_DEVICE_EACH] = "SELECT " DEVICE_COLUMNS ", coalesce(s.bytes, 0), coalesce(s.refused, 0) "
                        "FROM device LEFT JOIN device_stored s ON s.device = id AND s.day = ? "
                        "ORDER BY counter, enrolled_utc_ms, id",
    [SQL_STORED_ADD] = "INSERT INTO device_stored VALUES (?1, ?2, ?3, 0) ON CONFLICT DO UPDATE SET "
                       "bytes = bytes + ?3 RETURNING bytes",
    [SQL_STORED_FORGET] = "DELETE FROM device_stored WHERE day < ?",
    [SQL_STORED_REFUSE] = "INSERT INTO device_stored VALUES (?1, ?2, 0, 1) ON CONFLICT DO UPDATE "
                          "SET refused = 1 WHERE refused = 0",
    [SQL_FORM_PUT] = "INSERT INTO form (id, version, title, md5, xml, published_utc_ms) "
                     "VALUES (?, ?, ?, ?, ?, ?)",
    [SQL_FORM_GET] = "SELECT id, version, title, md5, xml FROM form WHERE id = ? AND version = ?",
    [SQL_FORM_EACH] = "SELECT id, version, title, md5 FROM form "
                      "WHERE sequence IN (SELECT max(sequence) FROM form GROUP BY id) ORDER BY id",
    [SQL_SUBMISSION_DIGEST] = "SELECT manifest_digest, status FROM submission WHERE instance = ?",
    [SQL_SUBMISSION_PUT] =
        "INSERT INTO submission (instance, form_id, version, receipt, counter, device, key_id, "
        "service, of_instance, token_hash, manifest_digest, urgent, first_touch_utc_ms, "
        "saved_utc_ms, received_utc_ms, saved_quality, manifest, flag, status, status_utc_ms, "
        "opened, reason, wrapped_key) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
        "CASE WHEN ?18 = '' AND EXISTS (SELECT 1 FROM submission WHERE receipt = ?4) "
        "THEN 'repeated-number' ELSE ?18 END, '', 0, 0, '', x'')",
    [SQL_PART_PUT] = "INSERT INTO part (instance, position, name, size, digest, bytes) "
                     "VALUES (?, ?, ?, ?, ?, ?)",
    [SQL_PART_FILL] =
        "UPDATE part SET bytes = ? WHERE instance = ? AND position = ? AND bytes IS NULL",
    [SQL_PARTS_LACKING] = "SELECT p.digest FROM part p " LACKING " ORDER BY p.position",
    [SQL_PARTS_CLAIM] = "UPDATE part SET upload = (SELECT u.id FROM upload u WHERE u.device = ?2 "
                        "AND u.digest = part.digest AND u.complete = 1) "
                        "WHERE instance = ?1 AND bytes IS NULL AND upload IS NULL",
    [SQL_UPLOADS_CLAIM] = "UPDATE upload SET claimed = 1 WHERE id IN "
                          "(SELECT upload FROM part WHERE instance = ? AND upload IS NOT NULL)",
    [SQL_UPLOAD_GET] = "SELECT id, size, there, complete, digested FROM upload "
                       "WHERE device = ? AND digest = ?",
    [SQL_UPLOAD_BEGIN] = "INSERT INTO upload (device, digest, size, there, complete, claimed, "
                         "touched_utc_ms) VALUES (?, ?, ?, 0, 0, 0, ?)",
    [SQL_UPLOAD_MORE] = "UPDATE upload SET there = ?, touched_utc_ms = ?, digested = ? "
                        "WHERE id = ?",
    [SQL_UPLOAD_PIECE] = "INSERT INTO upload_piece (upload, start, bytes) VALUES (?, ?, ?)",
    [SQL_UPLOAD_PIECES] = "SELECT bytes FROM upload_piece WHERE upload = ? ORDER BY start",
    [SQL_UPLOAD_URGENT] = "SELECT 1 FROM submission s JOIN part p ON p.instance = s.instance "
                          "WHERE s.device = ? AND s.status = '' AND s.urgent = 1 "
                          "AND p.digest = ? LIMIT 1",
    [SQL_UPLOAD_HELD] = "SELECT coalesce(sum(max(size, 16384)), 0) FROM upload "
                        "WHERE device = ? AND claimed = 0",
    [SQL_UPLOAD_COMPLETE] = "UPDATE upload SET complete = 1 WHERE device = ? AND digest = ? "
                            "AND there = size",
    [SQL_UPLOAD_DROP_PIECES] = "DELETE FROM upload_piece WHERE upload IN (SELECT id FROM upload "
                               "WHERE device = ? AND digest = ? AND complete = 0)",
    [SQL_UPLOAD_DROP] = "DELETE FROM upload WHERE device = ? AND digest = ? AND complete = 0",
    [SQL_UPLOADS_EXPIRE_PIECES] = "DELETE FROM upload_piece WHERE upload IN (SELECT id FROM upload "
                                  "WHERE claimed = 0 AND touched_utc_ms < ?)",
    [SQL_UPLOADS_EXPIRE] = "DELETE FROM upload WHERE claimed = 0 AND touched_utc_ms < ?",
    [SQL_CASE_BEGIN] = "UPDATE submission SET status = '10', status_utc_ms = ?, "
                       "received_utc_ms = ? WHERE instance = ?",
    [SQL_CASE_GET] = "SELECT " CASE_COLUMNS " FROM submission WHERE instance = ?",
    [SQL_CASE_BY_RECEIPT] = "SELECT " CASE_COLUMNS " FROM submission WHERE receipt = ? "
                            "ORDER BY sequence DESC LIMIT 1",
    [SQL_CASE_EACH] = "SELECT " CASE_COLUMNS " FROM submission WHERE status <> '' "
                      "ORDER BY urgent DESC, sequence",
    [SQL_MANIFEST] = "SELECT manifest FROM submission WHERE instance = ?",
    [SQL_PARTS] = "SELECT name, bytes, upload FROM part WHERE instance = ? ORDER BY position",
    [SQL_NEXT_SEALED] = "SELECT sequence, instance FROM submission WHERE opened = 0 AND "
                        "status <> '' AND sequence > ? AND open_due_utc_ms <= ? "
                        "ORDER BY sequence LIMIT 1",
    [SQL_OPENING_WAIT] = "UPDATE submission SET open_tries = open_tries + 1, reason = ?, "
                         "open_due_utc_ms = ? WHERE instance = ? AND opened = 0",
    [SQL_OPENING_PUT] = "UPDATE submission SET opened = 1, reason = '', wrapped_key = ? "
                        "WHERE instance = ? AND opened <> 1",
    [SQL_OPENING_KEY] = "SELECT wrapped_key FROM submission WHERE instance = ? AND opened = 1",
    [SQL_OPENED_FILE_PUT] = "INSERT INTO opened_file VALUES (?, ?, ?, ?)",
    [SQL_OPENED_FILES] = "SELECT name, sealed FROM opened_file WHERE instance = ? "
                         "ORDER BY position",
    [SQL_MARK_PUT] = "INSERT OR IGNORE INTO blind_index VALUES (?, ?, ?)",
    [SQL_ALIKE] = "SELECT s.receipt, o.kind FROM blind_index m "
                  "JOIN blind_index o ON o.kind = m.kind AND o.mac = m.mac "
                  "JOIN submission s ON s.instance = o.instance "
                  "WHERE m.instance = ?1 AND o.instance <> ?1 ORDER BY o.kind, s.sequence",
    [SQL_QUARANTINE] = "UPDATE submission SET opened = 2, reason = ? WHERE instance = ?",
    [SQL_STATUS_SET] = "UPDATE submission SET status = ?, status_utc_ms = ? "
                       "WHERE instance = ? AND status = ?",
    [SQL_EVENT_PUT] = "INSERT INTO status_event (instance, receipt, counter, before, status, "
                      "reason, actor, utc_ms) SELECT instance, receipt, counter, ?2, ?3, ?4, ?5, "
                      "?6 FROM submission WHERE instance = ?1",
    [SQL_STATUS_SINCE] =
        "SELECT sequence, instance, receipt, counter, before, status, reason, "
        "actor, utc_ms FROM status_event WHERE counter = ? AND sequence > ? AND item = '' "
        "ORDER BY sequence LIMIT ?",
    [SQL_TRACK] = "SELECT status, receipt FROM submission WHERE (token_hash = ?1 OR instance = "
                  "(SELECT instance FROM token WHERE hash = ?1)) AND status <> '' "
                  "ORDER BY sequence LIMIT 1",
    [SQL_CASE_BY_TOKEN] = "SELECT " CASE_COLUMNS " FROM submission WHERE token_hash = ?1 OR "
                          "instance = (SELECT instance FROM token WHERE hash = ?1) "
                          "ORDER BY sequence DESC LIMIT 1",
    [SQL_LINKED_EACH] = "SELECT " CASE_COLUMNS " FROM submission WHERE of_instance = ? AND "
                        "of_instance <> '' AND status <> '' ORDER BY sequence",
    [SQL_LOOKUP_PUT] = "INSERT OR IGNORE INTO lookup VALUES (?, ?, ?)",
    [SQL_LOOKUP_GET] = "SELECT factor, facts FROM lookup WHERE instance = ?",
    [SQL_TRY_FORGET] = "DELETE FROM lookup_try WHERE tried_utc_ms <= ?",
    [SQL_TRY_GET] = "SELECT wrong, until_utc_ms FROM lookup_try WHERE number = ?",
    [SQL_TRY_PUT] = "INSERT OR REPLACE INTO lookup_try VALUES (?, ?, ?, ?)",
    [SQL_TRY_CLEAR] = "DELETE FROM lookup_try WHERE number = ?",
    [SQL_TOKEN_PUT] = "INSERT OR IGNORE INTO token VALUES (?, ?, ?, ?, ?, ?)",
    [SQL_TOKEN_NEWEST] = "SELECT coalesce(max(print), 1) FROM token WHERE instance = ?",
    [SQL_TOKEN_RENEWED] =
        "SELECT EXISTS (SELECT 1 FROM token n WHERE n.instance = o.instance AND "
        "n.print > o.print) FROM (SELECT instance, print FROM token WHERE hash = ?1 UNION ALL "
        "SELECT instance, 1 AS print FROM submission WHERE token_hash = ?1) o LIMIT 1",
    [SQL_CORRECTION_REPLACE] =
        "UPDATE correction SET state = 2 WHERE id = ? AND instance = ? AND state = 0",
    [SQL_CORRECTION_PUT] =
        "INSERT INTO correction (" CORRECTION_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, '', 0, "
        "?)",
    [SQL_CORRECTION_GET] = "SELECT " CORRECTION_COLUMNS " FROM correction WHERE id = ?",
    [SQL_CORRECTION_OPEN] =
        "SELECT " CORRECTION_COLUMNS " FROM correction WHERE instance = ? AND state = 0 AND "
        "(SELECT status FROM submission WHERE submission.instance = correction.instance) = '14' "
        "ORDER BY sequence DESC LIMIT 1",
    [SQL_CORRECTION_EACH] =
        "SELECT " CORRECTION_COLUMNS " FROM correction WHERE instance = ? ORDER BY sequence",
    [SQL_CORRECTION_ANSWER] =
        "UPDATE correction SET answered_by = ?, answered_utc_ms = ?, "
        "state = CASE state WHEN 0 THEN 1 ELSE state END WHERE id = ? AND answered_by = ''",
    [SQL_SUBMISSION_FLAG] = "UPDATE submission SET flag = ? WHERE instance = ? AND flag = ''",
    [SQL_RATING_PUT] = "INSERT INTO rating VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
                       "SET count = max(count, excluded.count)",
    [SQL_RATING_EACH] =
        "SELECT counter, day, service, grade, count FROM rating ORDER BY counter, service, day",
    [SQL_AUDIT_HEAD] = "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1",
    [SQL_AUDIT_PUT] = "INSERT INTO audit VALUES (?, ?, ?)",
    [SQL_AUDIT_EACH] = "SELECT sequence, line, hash FROM audit ORDER BY sequence",
    [SQL_DRAFT_GET] = "SELECT device_id, revision, sealed, expires_utc_ms, spent, releases, "
                      "locked_until_utc_ms FROM draft WHERE id = ?",
    [SQL_DRAFT_PUT] = "INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?, ?, 0, 0)",
    [SQL_DRAFT_HELD] = "SELECT count(*) FROM draft WHERE device_id = ? AND spent = 0",
    [SQL_DRAFT_RELEASE] = "UPDATE draft SET releases = ?, locked_until_utc_ms = ? WHERE id = ?",
    [SQL_DRAFTS_EXPIRE] =
        "UPDATE draft SET sealed = x'' WHERE expires_utc_ms < ? AND length(sealed) > 0",
    [SQL_DRAFTS_FORGET] = "DELETE FROM draft WHERE expires_utc_ms < ?",
    [SQL_BACKUP_PUT] = "INSERT INTO backup (verified_utc_ms) VALUES (?)",
    [SQL_BACKUP_LAST] = "SELECT verified_utc_ms FROM backup ORDER BY sequence DESC LIMIT 1",
    [SQL_COUNTER_EACH] = "SELECT instance, receipt FROM submission WHERE counter = ? AND "
                         "saved_utc_ms >= ? AND saved_utc_ms < ? AND status <> '' "
                         "ORDER BY instance",
    [SQL_ITEM_PUT] = "INSERT OR IGNORE INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [SQL_ITEM_EACH] = "SELECT item, form_id, version, status, status_utc_ms, legal_days, "
                      "promised_days FROM item WHERE instance = ? ORDER BY position",
    [SQL_ITEM_MOVE] = "UPDATE item SET status = ?, status_utc_ms = ? "
                      "WHERE instance = ? AND item = ? AND status = ?",
    [SQL_ITEM_EVENT] =
        "INSERT INTO status_event (instance, receipt, counter, before, status, reason, actor, "
        "utc_ms, item) SELECT instance, receipt, counter, ?2, ?3, ?4, ?5, ?6, ?7 "
        "FROM submission WHERE instance = ?1",
};

static void note(struct district_db *db, int code)
{
    database_notice(&db->database, code);
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE && db->failure == SQLITE_OK)
        db->failure = code;
}

static void bind_one(struct district_db *db, sqlite3_stmt *statement, int at, char type,
                     va_list *values)
{
    if (type == 's') {
        note(db,
             sqlite3_bind_text(statement, at, va_arg(*values, const char *), -1, SQLITE_TRANSIENT));
    } else if (type == 'i') {
        note(db, sqlite3_bind_int64(statement, at, va_arg(*values, int64_t)));
    } else {
        assert(type == 'b');
        const void *bytes = va_arg(*values, const void *);
        size_t length = va_arg(*values, size_t);
        note(db, bytes ? sqlite3_bind_blob64(statement, at, bytes, length, SQLITE_STATIC)
                       : sqlite3_bind_null(statement, at));
    }
}

sqlite3_stmt *sql_bind(struct district_db *db, enum statement which, const char *types, ...)
{
    sqlite3_stmt *statement = database_statement(&db->database, (int)which);
    if (!statement) {
        note(db, sqlite3_errcode(db->database.handle));
        return NULL;
    }
    va_list values;
    va_start(values, types);
    for (int i = 0; types[i]; i++)
        bind_one(db, statement, i + 1, types[i], &values);
    va_end(values);
    return statement;
}

bool sql_next(struct district_db *db, sqlite3_stmt *statement)
{
    if (!statement)
        return false;
    if (db->failure != SQLITE_OK) { // behind a BEGIN that failed, a write would commit by itself
        database_done(statement);
        return false;
    }
    int code = sqlite3_step(statement);
    note(db, code);
    if (code == SQLITE_ROW)
        return true;
    database_done(statement);
    return false;
}

int sql_run(struct district_db *db, sqlite3_stmt *statement)
{
    note(db, database_settle(&db->database));
    while (sql_next(db, statement)) {
    }
    return db->failure == SQLITE_OK ? sqlite3_changes(db->database.handle) : -1;
}

static enum err meaning(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK: return ERR_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM: return ERR_RETRY;
    case SQLITE_FULL:
    case SQLITE_TOOBIG: return ERR_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ERR_CORRUPT;
    case SQLITE_CONSTRAINT: return ERR_CONFLICT;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_ERROR: return ERR_BUG;
    default: return ERR_TECHNICIAN;
    }
}

enum err sql_result(struct district_db *db, struct fail *why)
{
    int code = db->failure;
    db->failure = SQLITE_OK;
    if (code == SQLITE_OK)
        return ERR_OK;
    return fail_set(why, meaning(code), "district store: %s", sqlite3_errstr(code));
}

// In a group a transaction is a step of a larger one. An error may have taken that away as a whole:
// then what waits in it is lost, and what follows begins another.
void sql_begin(struct district_db *db)
{
    bool is_outside = sqlite3_get_autocommit(db->database.handle) != 0;
    if (db->commits_wait && is_outside && db->group_is_open)
        db->group_is_lost = true;
    if (is_outside)
        sql_run(db, sql_bind(db, SQL_BEGIN, ""));
    db->group_is_open = db->commits_wait && !sqlite3_get_autocommit(db->database.handle);
    if (db->commits_wait)
        sql_run(db, sql_bind(db, SQL_STEP, ""));
}

static void undo(struct district_db *db)
{
    if (sqlite3_get_autocommit(db->database.handle))
        return;
    sql_run(db, sql_bind(db, db->commits_wait ? SQL_STEP_UNDO : SQL_ROLLBACK, ""));
    (void)!sql_result(db, NULL);
    if (db->commits_wait)
        sql_run(db, sql_bind(db, SQL_STEP_DONE, ""));
    (void)!sql_result(db, NULL);
}

enum err sql_finish(struct district_db *db, enum err err, struct fail *why)
{
    enum err failed = sql_result(db, err ? NULL : why);
    if (!err)
        err = failed;
    if (!err) {
        sql_run(db, sql_bind(db, db->commits_wait ? SQL_STEP_DONE : SQL_COMMIT, ""));
        err = sql_result(db, why);
    }
    if (err)
        undo(db);
    return err;
}

void sql_text(sqlite3_stmt *statement, int column, char *out, size_t room)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    text_copy(out, room, text ? text : "");
}

void sql_bytes(sqlite3_stmt *statement, int column, void *out, size_t length)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    if (bytes && (size_t)sqlite3_column_bytes(statement, column) == length)
        memcpy(out, bytes, length);
    else
        memset(out, 0, length);
}
