// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include "yimen/port/kiosk_rows.h"

/// Port: the kiosk's durable memory. Real driver: drivers/sqlite. Owned by the store worker.
///
/// Every change is made between `begin` and `commit` and is durable when `commit` returns ERR_OK;
/// reading needs no transaction. After any failure inside a transaction the caller rolls back; then
/// nothing of it is there. Failures of every call: ERR_FULL (disk full: see `make_room`),
/// ERR_CORRUPT (stored bytes are not what was stored), ERR_RETRY (busy, no memory), ERR_TECHNICIAN
/// (the device). Rows are plain structs; texts are cut at their arrays by nobody: what does not fit
/// is ERR_INPUT. A callback must not call the store.

struct kiosk_store_ops {
    enum err (*begin)(void *self, struct fail *why);
    /// Likewise, for what may be forgotten in a power cut: its commit is in force at once, in order
    /// with all others, and durable with the next commit of an ordinary transaction that writes.
    enum err (*begin_soft)(void *self, struct fail *why);
    /// ERR_OK: durable. Otherwise nothing happened (still to be rolled back).
    enum err (*commit)(void *self, struct fail *why);
    /// Never fails; without a transaction it does nothing.
    void (*rollback)(void *self);

    /// A named value. ERR_NOT_FOUND when it was never set. Appends.
    enum err (*meta_get)(void *self, const char *key, struct strbuf *out, struct fail *why);
    enum err (*meta_set)(void *self, const char *key, const void *data, size_t length,
                         struct fail *why);

    /// Which of the day's serials are used. `day`: YYMMDD as a number.
    enum err (*serials_used)(void *self, int day, bool used[STORE_SERIALS], struct fail *why);
    /// ERR_CONFLICT when it is used already.
    enum err (*serial_take)(void *self, int day, int serial, struct fail *why);

    /// A new case with its manifest, its sealed receipt facts and its parts; held pages among them
    /// become the case's where they lie. ERR_CONFLICT when the instance is there. ERR_NOT_FOUND: no
    /// such page.
    enum err (*submission_insert)(void *self, const struct store_submission *row,
                                  const struct strbuf *manifest, const struct strbuf *receipt,
                                  const struct store_part *parts, size_t part_count,
                                  struct fail *why);
    /// Writes what may change: `state` and everything after it. ERR_NOT_FOUND.
    enum err (*submission_update)(void *self, const struct store_submission *row, struct fail *why);
    /// By receipt number when `by_number`, else by instance. ERR_NOT_FOUND. Of several with one
    /// number (possible after re-enrolment) the newest.
    enum err (*submission_get)(void *self, const char *key, bool by_number,
                               struct store_submission *out, struct fail *why);
    /// The case to send now: state saved, retry or held, due, urgent first, then oldest.
    /// ERR_NOT_FOUND when none is due; `*next_ms` then is the monotonic time of the next one, -1
    /// when there is none.
    enum err (*submission_next)(void *self, const struct when *now, struct store_submission *out,
                                int64_t *next_ms, struct fail *why);
    /// Up to `limit` cases: those not received first (urgent, then oldest), then the newest
    /// received. `print_state`: of the newest print job, -1 without one.
    enum err (*submission_list)(void *self, size_t limit,
                                void (*each)(void *context, const struct store_submission *row,
                                             int print_state),
                                void *context, struct fail *why);
    /// Every "sending" becomes "retry", due at once: nobody is sending after a start.
    enum err (*submission_recover)(void *self, struct fail *why);
    /// The most recently saved case. ERR_NOT_FOUND.
    enum err (*submission_last)(void *self, struct store_submission *out, struct fail *why);
    /// The manifest, checked against the record's hash. ERR_CORRUPT. Appends.
    enum err (*manifest_get)(void *self, const char *instance, struct strbuf *out,
                             struct fail *why);
    /// Sealed receipt facts. Appends.
    enum err (*receipt_get)(void *self, const char *instance, struct strbuf *out, struct fail *why);
    /// Name, type, length and digest of part number `index`. ERR_NOT_FOUND behind the last.
    enum err (*part_about)(void *self, const char *instance, size_t index, struct store_part *about,
                           struct fail *why);
    /// Bytes of a part from `offset`, at most `length` (fewer at its end), appended. Not checked:
    /// that is `part_check`. ERR_NOT_FOUND: no such part. ERR_INPUT: behind its end.
    enum err (*part_read)(void *self, const char *instance, size_t index,
                          const struct store_range *range, struct strbuf *out, struct fail *why);
    /// Reads a part in pieces against its hash. ERR_NOT_FOUND behind the last, ERR_CORRUPT.
    enum err (*part_check)(void *self, const char *instance, size_t index, struct fail *why);
    /// Part number `index` (from 0): its name and type into `about` (data stays NULL), its bytes
    /// appended to `out`, checked against its hash. ERR_NOT_FOUND behind the last, ERR_CORRUPT.
    enum err (*part_get)(void *self, const char *instance, size_t index, struct store_part *about,
                         struct strbuf *out, struct fail *why);

    /// ERR_CONFLICT when the name is there.
    /// Sealed page `number` of a visit that is not saved yet; a page of that number is replaced.
    enum err (*page_put)(void *self, const char *instance, int number, const struct bytes *sealed,
                         struct fail *why);
    /// Its bytes, checked against their hash, appended. ERR_NOT_FOUND, ERR_CORRUPT.
    enum err (*page_get)(void *self, const char *instance, int number, struct strbuf *out,
                         struct fail *why);
    /// Deletes the pages of a visit (NULL: of all) from this number on. What a case has is no
    /// visit's any more, and stays.
    enum err (*pages_drop)(void *self, const char *instance, int from, struct fail *why);

    enum err (*print_job_insert)(void *self, const struct store_print_job *job, struct fail *why);
    /// State, detail and time. ERR_NOT_FOUND.
    enum err (*print_job_update)(void *self, const struct store_print_job *job, struct fail *why);
    /// ERR_NOT_FOUND.
    enum err (*print_job_get)(void *self, const char *name, struct store_print_job *out,
                              struct fail *why);
    /// Moves every job of an instance (NULL: of all) whose state's bit is in `from` to `to`.
    enum err (*print_jobs_move)(void *self, const char *instance, unsigned from, int to,
                                int64_t utc_ms, struct fail *why);

    enum err (*audit_append)(void *self, int64_t sequence, const char *line, size_t length,
                             const uint8_t hash[STORE_HASH], struct fail *why);
    /// Last sequence (0 before the first) and its hash (zeroes).
    enum err (*audit_head)(void *self, int64_t *sequence, uint8_t hash[STORE_HASH],
                           struct fail *why);
    /// The entries behind `after` in order, at most `limit`; as audit_walk.
    enum err (*audit_after)(void *self, int64_t after, int limit,
                            enum err (*each)(void *context, int64_t sequence, const char *line,
                                             size_t length, const uint8_t hash[STORE_HASH],
                                             struct fail *why),
                            void *context, struct fail *why);
    /// Every entry in order until `each` answers something else than ERR_OK, which is returned.
    enum err (*audit_walk)(void *self,
                           enum err (*each)(void *context, int64_t sequence, const char *line,
                                            size_t length, const uint8_t hash[STORE_HASH],
                                            struct fail *why),
                           void *context, struct fail *why);

    /// ERR_NOT_FOUND.
    enum err (*staff_get)(void *self, const char *number, struct store_staff *out,
                          struct fail *why);
    /// New or replaced.
    enum err (*staff_put)(void *self, const struct store_staff *account, struct fail *why);

    /// Gives the call its id.
    enum err (*call_open)(void *self, struct store_call *call, struct fail *why);
    /// Closes call->id, or every open one when it is 0. ERR_NOT_FOUND when none was open.
    enum err (*call_close)(void *self, const struct store_call *call, struct fail *why);

    /// What the district says of a case. ERR_NOT_FOUND.
    enum err (*status_set)(void *self, const char *instance, const char *status, int64_t utc_ms,
                           struct fail *why);
    /// Every case received or pruned that was saved since, oldest first; none that is unverified.
    enum err (*received_each)(void *self, int64_t saved_from_utc_ms,
                              void (*each)(void *context, const struct store_submission *row),
                              void *context, struct fail *why);
    /// A case that was received before and is not unverified. ERR_NOT_FOUND.
    enum err (*submission_prunable)(void *self, int64_t received_before_utc_ms,
                                    struct store_submission *out, struct fail *why);
    /// Deletes manifest, parts and receipt facts for good; the row stays, state pruned.
    /// ERR_CONFLICT: it is not received.
    enum err (*submission_prune)(void *self, const char *instance, struct fail *why);
    /// After pruning, outside a transaction: nothing of it stays in the file or its log.
    enum err (*tidy)(void *self, struct fail *why);
    /// Every held case is due at once.
    enum err (*held_release)(void *self, struct fail *why);

    // ---- cases asked about
    /// New or replaced.
    enum err (*owner_put)(void *self, const struct store_owner *owner, struct fail *why);
    /// ERR_NOT_FOUND.
    enum err (*owner_get)(void *self, const char *instance, struct store_owner *out,
                          struct fail *why);
    /// Every case that belongs to this one, oldest first.
    enum err (*linked_each)(void *self, const char *of_instance,
                            void (*each)(void *context, const struct store_submission *row),
                            void *context, struct fail *why);
    /// ERR_NOT_FOUND.
    enum err (*try_get)(void *self, const char *number, struct store_try *out, struct fail *why);
    /// New or replaced.
    enum err (*try_put)(void *self, const struct store_try *tries, struct fail *why);
    /// Sealed receipt facts, anew. ERR_NOT_FOUND: there are none (any more).
    enum err (*receipt_set)(void *self, const char *instance, const struct strbuf *sealed,
                            struct fail *why);
    /// A new token of a receipt, as a message that the district must be told.
    enum err (*token_put)(void *self, const char *instance, const char *message, struct fail *why);
    /// The oldest message not told. ERR_NOT_FOUND. Appends.
    enum err (*token_next)(void *self, int64_t *id, struct strbuf *message, struct fail *why);
    enum err (*token_done)(void *self, int64_t id, struct fail *why);
    /// New, or replaced where there is one of that id. `sealed` NULL: what is sealed stays as it
    /// is, ERR_NOT_FOUND without a row.
    enum err (*draft_put)(void *self, const struct store_draft *row, const struct bytes *sealed,
                          struct fail *why);
    /// `sealed` (emptied first) may be NULL. ERR_NOT_FOUND, ERR_CORRUPT.
    enum err (*draft_get)(void *self, const char *id, struct store_draft *out,
                          struct strbuf *sealed, struct fail *why);
    /// The oldest whose revision the district does not have. ERR_NOT_FOUND.
    enum err (*draft_unsent)(void *self, struct store_draft *out, struct strbuf *sealed,
                             struct fail *why);
    /// By id and by instance, each NULL when not meant: what is sealed is overwritten, the row
    /// stays with a higher revision. None is no failure.
    enum err (*drafts_spend)(void *self, const char *id, const char *instance, struct fail *why);
    /// Deletes every row that expires before.
    enum err (*drafts_expire)(void *self, int64_t utc_ms, struct fail *why);

    enum err (*counts)(void *self, struct store_counts *out, struct fail *why);
    enum err (*health)(void *self, struct store_health *out, struct fail *why);
    /// Reads all of it. ERR_CORRUPT.
    enum err (*integrity)(void *self, struct fail *why);
    /// Makes room after ERR_FULL, so that the failed transaction can be tried once more: of the
    /// store's own log, or by giving up the reserve on the disk. ERR_FULL: there is nothing left.
    enum err (*make_room)(void *self, struct fail *why);
};
struct kiosk_store {
    const struct kiosk_store_ops *ops;
    void *self;
};
