// SPDX-License-Identifier: GPL-3.0-or-later
// Devices, the one-time codes that enroll them, and what they tell of themselves.
#include "statements.h"

#include "yimen/base/text.h"

enum err district_devices_code_put(void *self, const uint8_t hash[CRYPTO_HASH], const char *counter,
                                   int64_t until_utc_ms, struct fail *why)
{
    struct district_db *db = self;
    sql_run(db,
            sql_bind(db, SQL_CODE_PUT, "bsi", hash, (size_t)CRYPTO_HASH, counter, until_utc_ms));
    return sql_result(db, why);
}

enum err district_devices_code_counter(void *self, const uint8_t hash[CRYPTO_HASH],
                                       int64_t now_utc_ms, char counter[4], struct fail *why)
{
    struct district_db *db = self;
    bool found = false;
    sqlite3_stmt *statement =
        sql_bind(db, SQL_CODE_COUNTER, "bi", hash, (size_t)CRYPTO_HASH, now_utc_ms);
    while (sql_next(db, statement)) {
        sql_text(statement, 0, counter, 4);
        found = true;
    }
    enum err err = sql_result(db, why);
    if (!err && !found)
        return fail_set(why, ERR_DENIED, "the code is unknown, used or too old");
    return err;
}

enum err district_devices_incarnations(void *self, const char *counter,
                                       int out[DISTRICT_INCARNATIONS], size_t *count,
                                       struct fail *why)
{
    struct district_db *db = self;
    *count = 0;
    sqlite3_stmt *statement = sql_bind(db, SQL_INCARNATIONS, "s", counter);
    while (sql_next(db, statement))
        if (*count < DISTRICT_INCARNATIONS)
            out[(*count)++] = sqlite3_column_int(statement, 0);
    return sql_result(db, why);
}

enum err district_devices_add(void *self, const uint8_t code_hash[CRYPTO_HASH],
                              const struct district_device *device, struct fail *why)
{
    struct district_db *db = self;
    enum err err = ERR_OK;
    sql_begin(db);
    if (sql_run(db, sql_bind(db, SQL_CODE_USE, "b", code_hash, (size_t)CRYPTO_HASH)) == 0)
        err = fail_set(why, ERR_DENIED, "the code was used meanwhile");
    if (!err)
        sql_run(db,
                sql_bind(db, SQL_DEVICE_ADD, "ssssbii", device->id, device->counter, device->key_id,
                         device->fingerprint, device->public_key, (size_t)CRYPTO_PUBLIC,
                         (int64_t)device->incarnation, device->enrolled_utc_ms));
    return sql_finish(db, err, why);
}

void device_read(sqlite3_stmt *row, struct district_device *out)
{
    *out = (struct district_device){
        .incarnation = sqlite3_column_int(row, 5),
        .enrolled_utc_ms = sqlite3_column_int64(row, 6),
        .revoked_utc_ms = sqlite3_column_int64(row, 7),
        .seen_utc_ms = sqlite3_column_int64(row, 8),
        .saves = sqlite3_column_int64(row, 9),
        .frozen = sqlite3_column_int(row, 11) != 0,
        .audit_sequence = sqlite3_column_int64(row, 12),
        .forked_utc_ms = sqlite3_column_int64(row, 13),
        .audit_chain = sqlite3_column_int(row, 14),
        .audit_still = sqlite3_column_int(row, 15),
    };
    sql_text(row, 0, out->id, sizeof out->id);
    sql_text(row, 1, out->counter, sizeof out->counter);
    sql_text(row, 2, out->key_id, sizeof out->key_id);
    sql_text(row, 3, out->fingerprint, sizeof out->fingerprint);
    sql_bytes(row, 4, out->public_key, sizeof out->public_key);
    sql_text(row, 10, out->audit_head, sizeof out->audit_head);
}

static enum err find(struct district_db *db, enum statement which, const char *key,
                     struct district_device *out, struct fail *why)
{
    bool found = false;
    sqlite3_stmt *statement = sql_bind(db, which, "s", key);
    while (sql_next(db, statement)) {
        device_read(statement, out);
        found = true;
    }
    enum err err = sql_result(db, why);
    if (!err && !found)
        return fail_set(why, ERR_NOT_FOUND, "no such device");
    return err;
}

enum err district_devices_by_fingerprint(void *self, const char *fingerprint,
                                         struct district_device *out, struct fail *why)
{
    return find(self, SQL_DEVICE_BY_FINGERPRINT, fingerprint, out, why);
}

enum err district_devices_by_key(void *self, const char *key_id, struct district_device *out,
                                 struct fail *why)
{
    return find(self, SQL_DEVICE_BY_KEY, key_id, out, why);
}

enum err district_devices_counter_keys(void *self, const char *counter,
                                       void (*each)(void *context, const struct district_key *key),
                                       void *context, struct fail *why)
{
    struct district_db *db = self;
    sqlite3_stmt *statement = sql_bind(db, SQL_COUNTER_KEYS, "s", counter);
    while (sql_next(db, statement)) {
        char id[sizeof((struct district_device *)0)->id];
        uint8_t bytes[CRYPTO_PUBLIC];
        sql_bytes(statement, 0, bytes, sizeof bytes);
        sql_text(statement, 1, id, sizeof id);
        each(context, &(struct district_key){id, bytes, sqlite3_column_int64(statement, 2)});
    }
    return sql_result(db, why);
}

enum err district_devices_announced(void *self, const char *device_id, const char *receipt,
                                    bool *announced, struct fail *why)
{
    struct district_db *db = self;
    *announced = false;
    sqlite3_stmt *statement = sql_bind(db, SQL_UNSENT_HAS, "ss", device_id, receipt);
    while (sql_next(db, statement))
        *announced = sqlite3_column_int(statement, 0) != 0;
    return sql_result(db, why);
}

enum err district_devices_revoke(void *self, const char *device_id, int64_t from_utc_ms,
                                 struct fail *why)
{
    struct district_db *db = self;
    int changed = sql_run(db, sql_bind(db, SQL_DEVICE_REVOKE, "si", device_id, from_utc_ms));
    enum err err = sql_result(db, why);
    if (!err && changed == 0)
        return fail_set(why, ERR_NOT_FOUND, "no such device");
    return err;
}

enum err district_devices_contact(void *self, const struct district_contact *contact,
                                  struct fail *why)
{
    struct district_db *db = self;
    enum err err = ERR_OK;
    sql_begin(db);
    if (sql_run(db, sql_bind(db, SQL_CONTACT, "iisiisii", contact->utc_ms, contact->saves,
                             contact->audit_head, (int64_t)contact->frozen, contact->audit_sequence,
                             contact->device_id, (int64_t)contact->forked,
                             (int64_t)contact->audit_still)) == 0)
        err = fail_set(why, ERR_NOT_FOUND, "no such device");
    if (!err && contact->audit_signature)
        sql_run(db,
                sql_bind(db, SQL_HEAD_KEEP, "siiss", contact->device_id, contact->utc_ms,
                         contact->audit_sequence, contact->audit_head, contact->audit_signature));
    sql_run(db, sql_bind(db, SQL_UNSENT_CLEAR, "s", contact->device_id));
    for (const char *const *receipt = contact->unsent; !err && receipt && *receipt; receipt++)
        sql_run(db, sql_bind(db, SQL_UNSENT_ADD, "ss", contact->device_id, *receipt));
    return sql_finish(db, err, why);
}

enum err district_devices_unaudited(void *self, const char *device_id, int64_t *since_utc_ms,
                                    struct fail *why)
{
    struct district_db *db = self;
    *since_utc_ms = 0;
    sqlite3_stmt *statement = sql_bind(db, SQL_DEVICE_UNAUDITED, "s", device_id);
    while (sql_next(db, statement))
        *since_utc_ms = sqlite3_column_int64(statement, 0);
    return sql_result(db, why);
}

enum err district_devices_accept_audit(void *self, const char *device_id, struct fail *why)
{
    struct district_db *db = self;
    int changed = sql_run(db, sql_bind(db, SQL_DEVICE_ACCEPT, "s", device_id));
    enum err err = sql_result(db, why);
    if (!err && changed == 0)
        return fail_set(why, ERR_NOT_FOUND, "%s is no device whose audit is forked", device_id);
    return err;
}

enum err district_devices_head_each(void *self,
                                    void (*each)(void *context, const struct district_head *head),
                                    void *context, struct fail *why)
{
    struct district_db *db = self;
    sqlite3_stmt *row = sql_bind(db, SQL_HEAD_EACH, "");
    while (sql_next(db, row)) {
        struct district_head head = {.sequence = sqlite3_column_int64(row, 2),
                                     .told_utc_ms = sqlite3_column_int64(row, 5)};
        sql_text(row, 0, head.device_id, sizeof head.device_id);
        sql_text(row, 1, head.counter, sizeof head.counter);
        sql_text(row, 3, head.hash, sizeof head.hash);
        sql_text(row, 4, head.signature, sizeof head.signature);
        each(context, &head);
    }
    return sql_result(db, why);
}
