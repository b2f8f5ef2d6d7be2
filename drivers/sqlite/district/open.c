// SPDX-License-Identifier: GPL-3.0-or-later
// Opening the district's database: the settings are those of every store here, under which an
// answered 201 survives a power cut.
#include "yimen/driver/sqlite_district.h"

#include "checkpointer.h"
#include "statements.h"

#include <assert.h>
#include <stdlib.h>

extern const struct migration district_migrations[];

static const struct district_store_ops operations = {
    .commits_wait = district_group_wait,
    .has_waiting = district_group_waits,
    .commit = district_group_commit,
    .code_put = district_devices_code_put,
    .code_counter = district_devices_code_counter,
    .incarnations = district_devices_incarnations,
    .device_add = district_devices_add,
    .device_by_fingerprint = district_devices_by_fingerprint,
    .device_by_key = district_devices_by_key,
    .counter_keys = district_devices_counter_keys,
    .device_announced = district_devices_announced,
    .device_revoke = district_devices_revoke,
    .device_contact = district_devices_contact,
    .device_unaudited = district_devices_unaudited,
    .device_accept_audit = district_devices_accept_audit,
    .device_each = district_stored_each,
    .head_each = district_devices_head_each,
    .form_put = district_forms_put,
    .form_get = district_forms_get,
    .form_each = district_forms_each,
    .submission_put = district_submissions_put,
    .parts_missing = district_submissions_parts_missing,
    .upload_get = district_uploads_get,
    .upload_is_urgent = district_uploads_is_urgent,
    .upload_add = district_uploads_add,
    .upload_read = district_uploads_read,
    .upload_finish = district_uploads_finish,
    .uploads_expire = district_uploads_expire,
    .case_get = district_cases_get,
    .case_by_receipt = district_cases_by_receipt,
    .case_each = district_cases_each,
    .sealed_read = district_submissions_sealed_read,
    .next_sealed = district_submissions_next_sealed,
    .opening_begin = district_turns_begin,
    .opening_end = district_turns_end,
    .opening_wait = district_openings_wait,
    .opening_put = district_openings_put,
    .quarantine = district_openings_quarantine,
    .opening_read = district_openings_read,
    .alike_each = district_openings_alike,
    .status_set = district_cases_status_set,
    .status_since = district_cases_status_since,
    .track = district_cases_track,
    .correction_put = district_corrections_put,
    .correction_get = district_corrections_get,
    .correction_open = district_corrections_open,
    .correction_each = district_corrections_each,
    .correction_answer = district_corrections_answer,
    .case_by_token = district_cases_by_token,
    .linked_each = district_cases_linked_each,
    .lookup_get = district_lookups_get,
    .try_take = district_lookups_try,
    .try_clear = district_lookups_try_clear,
    .token_put = district_lookups_token_put,
    .token_newest = district_lookups_token_newest,
    .token_renewed = district_lookups_token_renewed,
    .ratings_put = district_ratings_put,
    .ratings_each = district_ratings_each,
    .audit_head = district_audit_head,
    .audit_put = district_audit_put,
    .audit_each = district_audit_each,
    .backup_put = district_backups_put,
    .draft_put = district_drafts_put,
    .draft_take = district_drafts_take,
    .backup_last = district_backups_last,
    .items_put = district_items_put,
    .items_each = district_items_each,
    .item_move = district_items_move,
    .counter_each = district_backups_counter_each,
};

static void db_free(struct district_db *db)
{
    district_turns_end(db);
    database_close(&db->database);
    free(db);
}

static enum err open_store(const struct database_options *options, struct district_store *out,
                           struct fail *why)
{
    struct district_db *db = calloc(1, sizeof *db);
    if (!db)
        return fail_set(why, ERR_RETRY, "out of memory");
    db->turn = -1;
    db->is_simulated = options->vfs != NULL;
    enum err err = database_open(&db->database, options, why);
    if (!err)
        err = database_migrate(&db->database, district_migrations, options->read_only, why);
    if (err) {
        db_free(db);
        return fail_prefix(why, err, "opening %s", options->path);
    }
    *out = (struct district_store){.ops = &operations, .self = db};
    return ERR_OK;
}

enum err sqlite_district_open(const char *path, struct district_store *out, struct fail *why)
{
    return sqlite_district_open_on(NULL, path, out, why);
}

enum err sqlite_district_open_on(const char *vfs, const char *path, struct district_store *out,
                                 struct fail *why)
{
    const struct database_options options = {.path = path, .vfs = vfs, .sql = district_statements};
    return open_store(&options, out, why);
}

enum err sqlite_district_open_read_only(const char *path, struct district_store *out,
                                        struct fail *why)
{
    const struct database_options options = {
        .path = path, .read_only = true, .sql = district_statements};
    return open_store(&options, out, why);
}

enum err sqlite_district_relieve(struct district_store *store, struct fail *why)
{
    assert(store->ops == &operations);
    struct district_db *db = store->self;
    const char *path = sqlite3_db_filename(db->database.handle, "main");
    return checkpointer_open(path, &db->database.checkpointer, why);
}

void sqlite_district_close(struct district_store *store)
{
    if (!store || !store->self)
        return;
    assert(store->ops == &operations);
    db_free(store->self);
    *store = (struct district_store){0};
}
