// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "kiosk_columns.h"
#include "sim_disk_internal.h"
#include "yimen/driver/sqlite.h"

/// The kiosk's store by file: _cases (submissions), _list, _parts, _records (print jobs, audit,
/// staff, calls), _keep (status, comparison, pruning), _track (owners, tries, tokens), _drafts,
/// _health (disk, integrity).

struct kiosk_database {
    struct database database;
    const struct crypto *crypto;
    char *path, *reserve_path;
    struct sim_disk *disk; ///< NULL: a real one
    bool is_soft;          ///< the transaction that is open, or was last, is not flushed
};

enum kiosk_statement {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_META_GET,
    SQL_META_SET,
    SQL_SERIALS_USED,
    SQL_SERIAL_TAKE,
    SQL_SUBMISSION_INSERT,
    SQL_SUBMISSION_UPDATE,
    SQL_SUBMISSION_BY_INSTANCE,
    SQL_SUBMISSION_BY_NUMBER,
    SQL_SUBMISSION_LAST,
    SQL_SUBMISSION_DUE,
    SQL_SUBMISSION_NEXT_TIME,
    SQL_SUBMISSION_LIST,
    SQL_SUBMISSION_RECOVER,
    SQL_MANIFEST,
    SQL_RECEIPT,
    SQL_PART_INSERT,
    SQL_PIECE_INSERT,
    SQL_PART,
    SQL_PIECES,
    SQL_PART_TAKE,
    SQL_PAGE_TAKE,
    SQL_PAGE_INSERT,
    SQL_PAGE_PIECE_INSERT,
    SQL_PAGE_GET,
    SQL_PAGE_PIECES,
    SQL_PAGE_PIECES_DROP,
    SQL_PAGES_DROP,
    SQL_PRINT_INSERT,
    SQL_PRINT_UPDATE,
    SQL_PRINT_GET,
    SQL_PRINT_MOVE,
    SQL_AUDIT_APPEND,
    SQL_AUDIT_HEAD,
    SQL_AUDIT_AFTER,
    SQL_AUDIT_WALK,
    SQL_STAFF_GET,
    SQL_STAFF_PUT,
    SQL_CALL_OPEN,
    SQL_CALL_CLOSE,
    SQL_COUNTS,
    SQL_STATUS_SET,
    SQL_RECEIVED_EACH,
    SQL_PRUNABLE,
    SQL_PRUNE_PIECES,
    SQL_PRUNE_PARTS,
    SQL_PRUNE_PAGE_PIECES,
    SQL_PRUNE_PAGES,
    SQL_PRUNE_CASE,
    SQL_HELD_RELEASE,
    SQL_PRUNE_OWNER,
    SQL_OWNER_PUT,
    SQL_OWNER_GET,
    SQL_LINKED_EACH,
    SQL_TRY_GET,
    SQL_TRY_PUT,
    SQL_RECEIPT_SET,
    SQL_TOKEN_PUT,
    SQL_TOKEN_NEXT,
    SQL_TOKEN_DONE,
    SQL_DRAFT_PUT,
    SQL_DRAFT_CHANGE,
    SQL_DRAFT_GET,
    SQL_DRAFT_UNSENT,
    SQL_DRAFTS_SPEND,
    SQL_DRAFTS_EXPIRE,
    SQL_STATEMENTS
};

/// From the case's files to the ops table; each is documented at the port.
enum err kiosk_submission_insert(void *self, const struct store_submission *row,
                                 const struct strbuf *manifest, const struct strbuf *receipt,
                                 const struct store_part *parts, size_t part_count,
                                 struct fail *why);
enum err kiosk_submission_update(void *self, const struct store_submission *row, struct fail *why);
enum err kiosk_submission_get(void *self, const char *key, bool by_number,
                              struct store_submission *out, struct fail *why);
enum err kiosk_submission_next(void *self, const struct when *now, struct store_submission *out,
                               int64_t *next_ms, struct fail *why);
enum err kiosk_submission_list(void *self, size_t limit,
                               void (*each)(void *context, const struct store_submission *row,
                                            int print_state),
                               void *context, struct fail *why);
enum err kiosk_submission_recover(void *self, struct fail *why);
enum err kiosk_submission_last(void *self, struct store_submission *out, struct fail *why);
enum err kiosk_manifest_get(void *self, const char *instance, struct strbuf *out, struct fail *why);
enum err kiosk_receipt_get(void *self, const char *instance, struct strbuf *out, struct fail *why);
enum err kiosk_part_get(void *self, const char *instance, size_t index, struct store_part *about,
                        struct strbuf *out, struct fail *why);
enum err kiosk_part_about(void *self, const char *instance, size_t index, struct store_part *about,
                          struct fail *why);
enum err kiosk_part_read(void *self, const char *instance, size_t index,
                         const struct store_range *range, struct strbuf *out, struct fail *why);
enum err kiosk_part_check(void *self, const char *instance, size_t index, struct fail *why);
enum err kiosk_page_put(void *self, const char *instance, int number, const struct bytes *sealed,
                        struct fail *why);
enum err kiosk_page_get(void *self, const char *instance, int number, struct strbuf *out,
                        struct fail *why);
enum err kiosk_pages_drop(void *self, const char *instance, int from, struct fail *why);
enum err kiosk_counts(void *self, struct store_counts *out, struct fail *why);

enum err kiosk_print_job_insert(void *self, const struct store_print_job *job, struct fail *why);
enum err kiosk_print_job_update(void *self, const struct store_print_job *job, struct fail *why);
enum err kiosk_print_job_get(void *self, const char *name, struct store_print_job *out,
                             struct fail *why);
enum err kiosk_print_jobs_move(void *self, const char *instance, unsigned from, int to,
                               int64_t utc_ms, struct fail *why);
enum err kiosk_audit_append(void *self, int64_t sequence, const char *line, size_t length,
                            const uint8_t hash[STORE_HASH], struct fail *why);
enum err kiosk_audit_head(void *self, int64_t *sequence, uint8_t hash[STORE_HASH],
                          struct fail *why);
enum err kiosk_audit_after(void *self, int64_t after, int limit,
                           enum err (*each)(void *context, int64_t sequence, const char *line,
                                            size_t length, const uint8_t hash[STORE_HASH],
                                            struct fail *why),
                           void *context, struct fail *why);
enum err kiosk_audit_walk(void *self,
                          enum err (*each)(void *context, int64_t sequence, const char *line,
                                           size_t length, const uint8_t hash[STORE_HASH],
                                           struct fail *why),
                          void *context, struct fail *why);
enum err kiosk_staff_get(void *self, const char *number, struct store_staff *out, struct fail *why);
enum err kiosk_staff_put(void *self, const struct store_staff *account, struct fail *why);
enum err kiosk_call_open(void *self, struct store_call *call, struct fail *why);
enum err kiosk_call_close(void *self, const struct store_call *call, struct fail *why);

enum err kiosk_status_set(void *self, const char *instance, const char *status, int64_t utc_ms,
                          struct fail *why);
enum err kiosk_received_each(void *self, int64_t saved_from_utc_ms,
                             void (*each)(void *context, const struct store_submission *row),
                             void *context, struct fail *why);
enum err kiosk_submission_prunable(void *self, int64_t received_before_utc_ms,
                                   struct store_submission *out, struct fail *why);
enum err kiosk_submission_prune(void *self, const char *instance, struct fail *why);
enum err kiosk_tidy(void *self, struct fail *why);
enum err kiosk_held_release(void *self, struct fail *why);
enum err kiosk_owner_put(void *self, const struct store_owner *owner, struct fail *why);
enum err kiosk_owner_get(void *self, const char *instance, struct store_owner *out,
                         struct fail *why);
enum err kiosk_linked_each(void *self, const char *of_instance,
                           void (*each)(void *context, const struct store_submission *row),
                           void *context, struct fail *why);
enum err kiosk_try_get(void *self, const char *number, struct store_try *out, struct fail *why);
enum err kiosk_try_put(void *self, const struct store_try *tries, struct fail *why);
enum err kiosk_receipt_set(void *self, const char *instance, const struct strbuf *sealed,
                           struct fail *why);
enum err kiosk_token_put(void *self, const char *instance, const char *message, struct fail *why);
enum err kiosk_token_next(void *self, int64_t *id, struct strbuf *message, struct fail *why);
enum err kiosk_token_done(void *self, int64_t id, struct fail *why);
enum err kiosk_draft_put(void *self, const struct store_draft *row, const struct bytes *sealed,
                         struct fail *why);
enum err kiosk_draft_get(void *self, const char *id, struct store_draft *out, struct strbuf *sealed,
                         struct fail *why);
enum err kiosk_draft_unsent(void *self, struct store_draft *out, struct strbuf *sealed,
                            struct fail *why);
enum err kiosk_drafts_spend(void *self, const char *id, const char *instance, struct fail *why);
enum err kiosk_drafts_expire(void *self, int64_t utc_ms, struct fail *why);
enum err kiosk_health(void *self, struct store_health *out, struct fail *why);
enum err kiosk_integrity(void *self, struct fail *why);
enum err kiosk_make_room(void *self, struct fail *why);
/// Puts the reserve back when the disk has room for it; a missing reserve shows in the health.
void kiosk_make_reserve(struct kiosk_database *store);

/// Reads the columns of SUBMISSION_COLUMNS into a row.
enum err kiosk_read_submission(sqlite3_stmt *statement, struct store_submission *out,
                               struct fail *why);
enum { KIOSK_PIECE_BYTES = 512 << 10 };

/// The held page that part->page names becomes a part of the case, where it lies.
enum err kiosk_page_take(struct kiosk_database *store, int64_t submission, int position,
                         const struct store_part *part, const char *instance,
                         struct fail *why) MUST_USE;
/// A pieces' statement, bound: what its rows hold from `range` on, appended.
enum err kiosk_pieces_read(struct kiosk_database *store, sqlite3_stmt *statement,
                           const struct store_range *range, struct strbuf *out,
                           struct fail *why) MUST_USE;
/// One file of a new case, with its pieces.
enum err kiosk_part_insert(struct kiosk_database *store, int64_t submission, int position,
                           const struct store_part *part, struct fail *why);
