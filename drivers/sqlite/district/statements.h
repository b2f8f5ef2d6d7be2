// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "database.h"
#include "yimen/port/district_store.h"

enum statement {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_STEP,
    SQL_STEP_DONE,
    SQL_STEP_UNDO,
    SQL_CODE_PUT,
    SQL_CODE_COUNTER,
    SQL_CODE_USE,
    SQL_INCARNATIONS,
    SQL_DEVICE_ADD,
    SQL_DEVICE_BY_FINGERPRINT,
    SQL_DEVICE_BY_KEY,
    SQL_COUNTER_KEYS,
    SQL_DEVICE_REVOKE,
    SQL_CONTACT,
    SQL_HEAD_KEEP,
    SQL_HEAD_EACH,
    SQL_UNSENT_CLEAR,
    SQL_UNSENT_ADD,
    SQL_UNSENT_HAS,
    SQL_DEVICE_UNAUDITED,
    SQL_DEVICE_ACCEPT,
    SQL_DEVICE_EACH,
    SQL_STORED_ADD,
    SQL_STORED_FORGET,
    SQL_STORED_REFUSE,
    SQL_FORM_PUT,
    SQL_FORM_GET,
    SQL_FORM_EACH,
    SQL_SUBMISSION_DIGEST,
    SQL_SUBMISSION_PUT,
    SQL_PART_PUT,
    SQL_PART_FILL,
    SQL_CASE_BEGIN,
    SQL_CASE_GET,
    SQL_CASE_BY_RECEIPT,
    SQL_CASE_EACH,
    SQL_MANIFEST,
    SQL_PARTS,
    SQL_NEXT_SEALED,
    SQL_OPENING_WAIT,
    SQL_OPENING_PUT,
    SQL_OPENING_KEY,
    SQL_OPENED_FILE_PUT,
    SQL_OPENED_FILES,
    SQL_MARK_PUT,
    SQL_ALIKE,
    SQL_QUARANTINE,
    SQL_STATUS_SET,
    SQL_EVENT_PUT,
    SQL_STATUS_SINCE,
    SQL_TRACK,
    SQL_CORRECTION_REPLACE,
    SQL_CORRECTION_PUT,
    SQL_CORRECTION_GET,
    SQL_CORRECTION_OPEN,
    SQL_CORRECTION_EACH,
    SQL_CORRECTION_ANSWER,
    SQL_SUBMISSION_FLAG,
    SQL_RATING_PUT,
    SQL_RATING_EACH,
    SQL_AUDIT_HEAD,
    SQL_AUDIT_PUT,
    SQL_AUDIT_EACH,
    SQL_DRAFT_GET,
    SQL_DRAFT_PUT,
    SQL_DRAFT_HELD,
    SQL_DRAFT_RELEASE,
    SQL_DRAFTS_EXPIRE,
    SQL_DRAFTS_FORGET,
    SQL_BACKUP_PUT,
    SQL_BACKUP_LAST,
    SQL_COUNTER_EACH,
    SQL_UPLOAD_GET,
    SQL_UPLOAD_BEGIN,
    SQL_UPLOAD_MORE,
    SQL_UPLOAD_PIECE,
    SQL_UPLOAD_PIECES,
    SQL_UPLOAD_URGENT,
    SQL_UPLOAD_HELD,
    SQL_UPLOAD_COMPLETE,
    SQL_UPLOAD_DROP_PIECES,
    SQL_UPLOAD_DROP,
    SQL_UPLOADS_EXPIRE_PIECES,
    SQL_UPLOADS_EXPIRE,
    SQL_PARTS_LACKING,
    SQL_PARTS_CLAIM,
    SQL_UPLOADS_CLAIM,
    SQL_CASE_BY_TOKEN,
    SQL_LINKED_EACH,
    SQL_LOOKUP_PUT,
    SQL_LOOKUP_GET,
    SQL_TRY_FORGET,
    SQL_TRY_GET,
    SQL_TRY_PUT,
    SQL_TRY_CLEAR,
    SQL_TOKEN_PUT,
    SQL_TOKEN_NEWEST,
    SQL_TOKEN_RENEWED,
    SQL_ITEM_PUT,
    SQL_ITEM_EACH,
    SQL_ITEM_MOVE,
    SQL_ITEM_EVENT,
    SQL_STATEMENTS
};

struct district_db {
    struct database database;
    bool is_simulated; ///< on a simulated disk
    bool commits_wait; ///< for district_group_commit
    bool group_is_open, group_is_lost;
    int turn;    ///< the open folder while it is this handle's turn to open; -1
    int failure; ///< first SQLite code other than OK, ROW, DONE since the last sql_result
};
extern const char *const district_statements[SQL_STATEMENTS];

/// Resets and binds: 's' const char *, 'i' int64_t, 'b' const void * and size_t (NULL pointer:
/// null). Never NULL; a failure shows in sql_result.
sqlite3_stmt *sql_bind(struct district_db *db, enum statement which, const char *types, ...);
/// True when there is a row to read; resets the statement at the end.
bool sql_next(struct district_db *db, sqlite3_stmt *statement);
/// What happened since the last call of this, in words of the port.
enum err sql_result(struct district_db *db, struct fail *why) MUST_USE;
/// Runs a bound statement that gives no rows; returns how many rows it changed, -1 on failure.
int sql_run(struct district_db *db, sqlite3_stmt *statement);
/// Commits when `err` is ERR_OK and nothing failed, rolls back otherwise.
void sql_begin(struct district_db *db);
enum err sql_finish(struct district_db *db, enum err err, struct fail *why) MUST_USE;
void sql_text(sqlite3_stmt *statement, int column, char *out, size_t room);
/// Copies exactly `length` bytes, or zeroes when the column has another length.
void sql_bytes(sqlite3_stmt *statement, int column, void *out, size_t length);

/// A row of DEVICE_COLUMNS, and how many those are.
enum { DEVICE_COLUMN_COUNT = 16 };
void device_read(sqlite3_stmt *row, struct district_device *out);
/// Counts what a device is about to store. False: it is more than its share of the day; roll back,
/// and then say so with stored_refuse, which is ERR_FULL.
bool stored_take(struct district_db *db, const char *device_id, const struct district_share *share,
                 int64_t bytes);
enum err stored_refuse(struct district_db *db, const char *device_id,
                       const struct district_share *share, struct fail *why) MUST_USE;

// The port's calls, by file.
enum err district_stored_each(void *self, int day,
                              void (*each)(void *context, const struct district_device *device,
                                           const struct district_stored *stored),
                              void *context, struct fail *why);
enum err district_devices_code_put(void *self, const uint8_t hash[CRYPTO_HASH], const char *counter,
                                   int64_t until_utc_ms, struct fail *why);
enum err district_devices_code_counter(void *self, const uint8_t hash[CRYPTO_HASH],
                                       int64_t now_utc_ms, char counter[4], struct fail *why);
enum err district_devices_incarnations(void *self, const char *counter,
                                       int out[DISTRICT_INCARNATIONS], size_t *count,
                                       struct fail *why);
enum err district_devices_add(void *self, const uint8_t code_hash[CRYPTO_HASH],
                              const struct district_device *device, struct fail *why);
enum err district_devices_by_fingerprint(void *self, const char *fingerprint,
                                         struct district_device *out, struct fail *why);
enum err district_devices_by_key(void *self, const char *key_id, struct district_device *out,
                                 struct fail *why);
enum err district_devices_counter_keys(void *self, const char *counter,
                                       void (*each)(void *context, const struct district_key *key),
                                       void *context, struct fail *why);
enum err district_devices_announced(void *self, const char *device_id, const char *receipt,
                                    bool *announced, struct fail *why);
enum err district_devices_revoke(void *self, const char *device_id, int64_t from_utc_ms,
                                 struct fail *why);
enum err district_devices_contact(void *self, const struct district_contact *contact,
                                  struct fail *why);
enum err district_devices_unaudited(void *self, const char *device_id, int64_t *since_utc_ms,
                                    struct fail *why);
enum err district_devices_accept_audit(void *self, const char *device_id, struct fail *why);
enum err district_devices_head_each(void *self,
                                    void (*each)(void *context, const struct district_head *head),
                                    void *context, struct fail *why);
enum err district_forms_put(void *self, const struct district_form *form, const char *xml,
                            size_t length, int64_t now_utc_ms, struct fail *why);
enum err district_forms_get(void *self, const char *id, const char *version,
                            struct district_form *out, struct fail *why);
enum err district_forms_each(void *self,
                             void (*each)(void *context, const struct district_form *form),
                             void *context, struct fail *why);
enum err district_submissions_put(void *self, const struct district_submission *submission,
                                  const struct district_part *parts, size_t count,
                                  struct district_put *out, struct fail *why);
enum err district_submissions_sealed_read(void *self, const char *instance, struct strbuf *manifest,
                                          district_each_part *each, void *context,
                                          struct fail *why);
enum err district_submissions_next_sealed(void *self, int64_t *cursor, int64_t now_utc_ms,
                                          char instance[LIMIT_INSTANCE_ID], struct fail *why);
enum err district_submissions_parts_missing(void *self, const char *instance, const char *device_id,
                                            void (*each)(void *context,
                                                         const uint8_t digest[CRYPTO_HASH]),
                                            void *context, struct fail *why);
enum err district_uploads_get(void *self, const char *device_id, const uint8_t digest[CRYPTO_HASH],
                              struct district_upload *out, struct fail *why);
enum err district_uploads_is_urgent(void *self, const char *device_id,
                                    const uint8_t digest[CRYPTO_HASH], bool *urgent,
                                    struct fail *why);
enum err district_uploads_add(void *self, const struct district_piece *piece,
                              struct district_upload *out, struct fail *why);
enum err district_uploads_read(void *self, const char *device_id, const uint8_t digest[CRYPTO_HASH],
                               void (*each)(void *context, const void *data, size_t length),
                               void *context, struct fail *why);
enum err district_uploads_finish(void *self, const char *device_id,
                                 const uint8_t digest[CRYPTO_HASH], bool is_good, struct fail *why);
enum err district_uploads_expire(void *self, int64_t before_utc_ms, struct fail *why);
enum err district_cases_get(void *self, const char *instance, struct district_case *out,
                            struct fail *why);
enum err district_cases_by_receipt(void *self, const char *receipt, struct district_case *out,
                                   struct fail *why);
enum err district_cases_each(void *self,
                             void (*each)(void *context, const struct district_case *row),
                             void *context, struct fail *why);
enum err district_cases_status_set(void *self, const struct district_event *event,
                                   struct fail *why);
enum err district_cases_status_since(void *self, const char *counter, int64_t sequence, int limit,
                                     void (*each)(void *context,
                                                  const struct district_event *event),
                                     void *context, struct fail *why);
enum err district_cases_track(void *self, const uint8_t token_hash[CRYPTO_HASH],
                              char status[DISTRICT_STATUS], char receipt[LIMIT_RECEIPT_NUMBER],
                              struct fail *why);
void district_group_wait(void *self);
bool district_group_waits(void *self);
enum err district_group_commit(void *self, struct fail *why);
enum err district_turns_begin(void *self, struct fail *why);
void district_turns_end(void *self);
enum err district_openings_put(void *self, const struct district_opening *opening,
                               struct fail *why);
enum err district_openings_wait(void *self, const char *instance, const char *reason,
                                int64_t due_utc_ms, struct fail *why);
enum err district_openings_quarantine(void *self, const char *instance, const char *reason,
                                      struct fail *why);
enum err district_openings_read(void *self, const char *instance, struct strbuf *wrapped_key,
                                district_each_part *each, void *context, struct fail *why);
enum err district_openings_alike(void *self, const char *instance,
                                 void (*each)(void *context, const char *receipt, int kind),
                                 void *context, struct fail *why);
enum err district_corrections_put(void *self, const struct district_correction *row,
                                  const char *json, const struct district_event *event,
                                  struct fail *why);
enum err district_corrections_get(void *self, const char *id, struct district_correction *out,
                                  struct strbuf *json, struct fail *why);
enum err district_corrections_open(void *self, const char *instance,
                                   struct district_correction *out, struct strbuf *json,
                                   struct fail *why);
enum err district_corrections_each(void *self, const char *instance,
                                   void (*each)(void *context,
                                                const struct district_correction *row,
                                                const char *json),
                                   void *context, struct fail *why);
enum err district_corrections_answer(void *self, const struct district_correction_answer *answer,
                                     const struct district_event *event, struct fail *why);
enum err district_ratings_put(void *self, const char *counter, const struct rating *rows,
                              size_t count, struct fail *why);
enum err district_ratings_each(void *self,
                               void (*each)(void *context, const char *counter,
                                            const struct rating *row),
                               void *context, struct fail *why);
enum err district_audit_head(void *self, int64_t *sequence, uint8_t hash[CRYPTO_HASH],
                             struct fail *why);
enum err district_audit_put(void *self, int64_t sequence, const char *line,
                            const uint8_t hash[CRYPTO_HASH], struct fail *why);
enum err district_audit_each(void *self,
                             enum err (*each)(void *context, int64_t sequence, const char *line,
                                              const uint8_t hash[CRYPTO_HASH]),
                             void *context, struct fail *why);
enum err district_drafts_put(void *self, const struct district_draft *draft,
                             const struct bytes *sealed, const struct district_draft_rules *rules,
                             struct fail *why);
enum err district_drafts_take(void *self, const char *id, int64_t have,
                              const struct district_draft_rules *rules, struct district_draft *out,
                              struct strbuf *sealed, struct fail *why);
enum err district_backups_put(void *self, int64_t verified_utc_ms, struct fail *why);
enum err district_backups_last(void *self, int64_t *verified_utc_ms, struct fail *why);
enum err district_backups_counter_each(void *self, const char *counter, int64_t from_utc_ms,
                                       int64_t to_utc_ms,
                                       void (*each)(void *context, const char *instance,
                                                    const char *receipt),
                                       void *context, struct fail *why);
enum err district_cases_by_token(void *self, const uint8_t token_hash[CRYPTO_HASH],
                                 struct district_case *out, struct fail *why);
enum err district_cases_linked_each(void *self, const char *of_instance,
                                    void (*each)(void *context, const struct district_case *row),
                                    void *context, struct fail *why);
enum err district_lookups_get(void *self, const char *instance, bool *has_factor,
                              uint8_t factor[CRYPTO_HASH], struct strbuf *facts, struct fail *why);
enum err district_lookups_try(void *self, const char *number, int64_t now_utc_ms, int maximum,
                              int64_t lock_ms, struct district_try *out, struct fail *why);
enum err district_lookups_try_clear(void *self, const char *number, struct fail *why);
enum err district_lookups_token_put(void *self, const struct district_token *token,
                                    struct fail *why);
enum err district_lookups_token_newest(void *self, const char *instance, int *print,
                                       struct fail *why);
enum err district_lookups_token_renewed(void *self, const uint8_t hash[CRYPTO_HASH], bool *renewed,
                                        struct fail *why);
enum err district_items_put(void *self, const char *instance, const struct district_item *items,
                            size_t count, struct fail *why);
enum err district_items_each(void *self, const char *instance,
                             void (*each)(void *context, const struct district_item *item),
                             void *context, struct fail *why);
enum err district_items_move(void *self, const struct district_item_move *move, struct fail *why);
