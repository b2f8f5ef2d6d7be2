// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/port/district_correction.h"
#include "yimen/port/district_items.h"
#include "yimen/port/district_lookup.h"
#include "yimen/port/district_rows.h"
#include "yimen/port/rating.h"

/// Port: the district's durable memory: devices, sealed submissions as received, opened records
/// (ciphertext only), states, tracking, audit. Real driver: drivers/sqlite. One handle belongs to
/// one thread; several handles and processes may use the same database. Each call is one
/// transaction, durable when it returns (but see `commits_wait`). Strings and bytes given are
/// borrowed during the call.

struct district_store_ops {
    // ---- several calls, one commit
    /// From now on what a call writes may be durable only with the next `commit`; this handle sees
    /// it at once. Whoever promises something on it waits for that.
    void (*commits_wait)(void *self);
    /// Something was written since that is not durable yet.
    bool (*has_waiting)(void *self);
    /// All of it is durable, or none is and `why` says so.
    enum err (*commit)(void *self, struct fail *why);
    // ---- devices
    /// A one-time code (its SHA-256) for a counter.
    enum err (*code_put)(void *self, const uint8_t hash[CRYPTO_HASH], const char *counter,
                         int64_t until_utc_ms, struct fail *why);
    /// Counter of a code that is unused and in time. ERR_DENIED otherwise.
    enum err (*code_counter)(void *self, const uint8_t hash[CRYPTO_HASH], int64_t now_utc_ms,
                             char counter[4], struct fail *why);
    /// Incarnation digits of the counter's last nine devices, newest first. Returns how many.
    enum err (*incarnations)(void *self, const char *counter, int out[DISTRICT_INCARNATIONS],
                             size_t *count, struct fail *why);
    /// Uses up the code and files the device. ERR_DENIED: the code was used meanwhile.
    enum err (*device_add)(void *self, const uint8_t code_hash[CRYPTO_HASH],
                           const struct district_device *device, struct fail *why);
    enum err (*device_by_fingerprint)(void *self, const char *fingerprint,
                                      struct district_device *out, struct fail *why);
    enum err (*device_by_key)(void *self, const char *key_id, struct district_device *out,
                              struct fail *why);
    /// Public keys of all devices that were ever at a counter.
    enum err (*counter_keys)(void *self, const char *counter,
                             void (*each)(void *context, const struct district_key *key),
                             void *context, struct fail *why);
    /// Whether the device's last heartbeat named this receipt as one that it still had to send.
    enum err (*device_announced)(void *self, const char *device_id, const char *receipt,
                                 bool *announced, struct fail *why);
    /// From `from_utc_ms` on; an earlier date that is there stays. ERR_NOT_FOUND.
    enum err (*device_revoke)(void *self, const char *device_id, int64_t from_utc_ms,
                              struct fail *why);
    enum err (*device_contact)(void *self, const struct district_contact *contact,
                               struct fail *why);
    /// When the first case came from this device that its audit, as it was told, cannot know of; 0:
    /// none.
    enum err (*device_unaudited)(void *self, const char *device_id, int64_t *since_utc_ms,
                                 struct fail *why);
    /// A forked device is none any more; its next head begins another chain beside the old one's.
    /// ERR_NOT_FOUND: no such device is forked.
    enum err (*device_accept_audit)(void *self, const char *device_id, struct fail *why);
    /// Every device, by counter and enrolment, with what it stored on a day (YYMMDD).
    enum err (*device_each)(void *self, int day,
                            void (*each)(void *context, const struct district_device *device,
                                         const struct district_stored *stored),
                            void *context, struct fail *why);
    /// Every kept head, by counter, device and time.
    enum err (*head_each)(void *self, void (*each)(void *context, const struct district_head *head),
                          void *context, struct fail *why);
    // ---- forms
    /// ERR_CONFLICT: this id and version is there with other text.
    enum err (*form_put)(void *self, const struct district_form *form, const char *xml,
                         size_t length, int64_t now_utc_ms, struct fail *why);
    /// `out->xml` may be NULL. ERR_NOT_FOUND.
    enum err (*form_get)(void *self, const char *id, const char *version, struct district_form *out,
                         struct fail *why);
    /// The newest version of each, by id.
    enum err (*form_each)(void *self, void (*each)(void *context, const struct district_form *form),
                          void *context, struct fail *why);
    // ---- submissions
    /// Manifest and parts as received. Idempotent on instance and identical manifest: missing parts
    /// are added, also those that its sender has uploaded. When the last is there, the case opens
    /// with status 10. ERR_CONFLICT: the instance is here with another manifest.
    enum err (*submission_put)(void *self, const struct district_submission *submission,
                               const struct district_part *parts, size_t count,
                               struct district_put *out, struct fail *why);
    /// The digests that this case of this device still lacks.
    enum err (*parts_missing)(void *self, const char *instance, const char *device_id,
                              void (*each)(void *context, const uint8_t digest[CRYPTO_HASH]),
                              void *context, struct fail *why);
    // ---- parts that come in pieces
    /// ERR_NOT_FOUND: nothing of it is here.
    enum err (*upload_get)(void *self, const char *device_id, const uint8_t digest[CRYPTO_HASH],
                           struct district_upload *out, struct fail *why);
    /// Whether an urgent case of this device, whose manifest is here, lacks this part.
    enum err (*upload_is_urgent)(void *self, const char *device_id,
                                 const uint8_t digest[CRYPTO_HASH], bool *urgent, struct fail *why);
    /// The next bytes of a part; those at offset 0 begin it. `out`: how it stands then, also after
    /// ERR_CONFLICT: they are not the next ones, or it has another size. ERR_FULL: the quota.
    enum err (*upload_add)(void *self, const struct district_piece *piece,
                           struct district_upload *out, struct fail *why);
    /// Its bytes in order, as they came.
    enum err (*upload_read)(void *self, const char *device_id, const uint8_t digest[CRYPTO_HASH],
                            void (*each)(void *context, const void *data, size_t length),
                            void *context, struct fail *why);
    /// All of it is here: it is what its digest says, or it is thrown away.
    enum err (*upload_finish)(void *self, const char *device_id, const uint8_t digest[CRYPTO_HASH],
                              bool is_good, struct fail *why);
    /// Throws away what no case has claimed and nobody has touched since.
    enum err (*uploads_expire)(void *self, int64_t before_utc_ms, struct fail *why);
    enum err (*case_get)(void *self, const char *instance, struct district_case *out,
                         struct fail *why);
    /// The newest with this receipt number.
    enum err (*case_by_receipt)(void *self, const char *receipt, struct district_case *out,
                                struct fail *why);
    /// Urgent first, then oldest.
    enum err (*case_each)(void *self, void (*each)(void *context, const struct district_case *row),
                          void *context, struct fail *why);
    /// The manifest, appended, and each sealed part in order.
    enum err (*sealed_read)(void *self, const char *instance, struct strbuf *manifest,
                            district_each_part *each, void *context, struct fail *why);
    /// The next sealed case after `*cursor` (0 = first) that does not wait, by `opening_wait`, for
    /// a later time than now; the cursor moves on. ERR_NOT_FOUND: no more.
    enum err (*next_sealed)(void *self, int64_t *cursor, int64_t now_utc_ms,
                            char instance[LIMIT_INSTANCE_ID], struct fail *why);
    /// One opens at a time, in all programs: what belongs together would miss each other. Waits
    /// for whoever is at it; a program that ends lets go.
    enum err (*opening_begin)(void *self, struct fail *why);
    void (*opening_end)(void *self);
    /// Opening this one failed for now: one try more, not again before `due_utc_ms`. Gone with
    /// `opening_put` and `quarantine`. ERR_NOT_FOUND.
    enum err (*opening_wait)(void *self, const char *instance, const char *reason,
                             int64_t due_utc_ms, struct fail *why);
    enum err (*opening_put)(void *self, const struct district_opening *opening, struct fail *why);
    enum err (*quarantine)(void *self, const char *instance, const char *reason, struct fail *why);
    /// The wrapped key, appended, and each sealed file. ERR_NOT_FOUND: not opened yet.
    enum err (*opening_read)(void *self, const char *instance, struct strbuf *wrapped_key,
                             district_each_part *each, void *context, struct fail *why);
    /// Other cases that carry the same mark.
    enum err (*alike_each)(void *self, const char *instance,
                           void (*each)(void *context, const char *receipt, int kind),
                           void *context, struct fail *why);
    // ---- states
    /// ERR_CONFLICT: the case is no longer at event->from.
    enum err (*status_set)(void *self, const struct district_event *event, struct fail *why);
    /// Events of a counter's cases after a sequence, at most `limit`.
    enum err (*status_since)(void *self, const char *counter, int64_t sequence, int limit,
                             void (*each)(void *context, const struct district_event *event),
                             void *context, struct fail *why);
    /// What the public page may know of a token. ERR_NOT_FOUND.
    enum err (*track)(void *self, const uint8_t token_hash[CRYPTO_HASH],
                      char status[DISTRICT_STATUS], char receipt[LIMIT_RECEIPT_NUMBER],
                      struct fail *why);
    // ---- correction lists
    /// A new list, and the state of its case with it; in place of the one `row->replaces` names
    /// when that is not "". ERR_CONFLICT: the case is no longer at event->from, or that list is not
    /// open.
    enum err (*correction_put)(void *self, const struct district_correction *row, const char *json,
                               const struct district_event *event, struct fail *why);
    /// With its signed text appended to `json`, which may be NULL. ERR_NOT_FOUND.
    enum err (*correction_get)(void *self, const char *id, struct district_correction *out,
                               struct strbuf *json, struct fail *why);
    /// The open list of a case. ERR_NOT_FOUND: none is, or the case waits for nothing.
    enum err (*correction_open)(void *self, const char *instance, struct district_correction *out,
                                struct strbuf *json, struct fail *why);
    /// Every list of a case, oldest first.
    enum err (*correction_each)(void *self, const char *instance,
                                void (*each)(void *context, const struct district_correction *row,
                                             const char *json),
                                void *context, struct fail *why);
    /// A submission answers a list: it is flagged; the first one closes the list and moves its case
    /// (`event` NULL: it stays). The same again changes nothing. ERR_CONFLICT: the case is no
    /// longer at event->from.
    enum err (*correction_answer)(void *self, const struct district_correction_answer *answer,
                                  const struct district_event *event, struct fail *why);
    // ---- cases that their owners ask for
    /// The newest whose receipt has, or had, this token. ERR_NOT_FOUND.
    enum err (*case_by_token)(void *self, const uint8_t token_hash[CRYPTO_HASH],
                              struct district_case *out, struct fail *why);
    /// Every complete case that belongs to this one, oldest first.
    enum err (*linked_each)(void *self, const char *of_instance,
                            void (*each)(void *context, const struct district_case *row),
                            void *context, struct fail *why);
    /// What opening_put filed for its owner. ERR_NOT_FOUND. Appends.
    enum err (*lookup_get)(void *self, const char *instance, bool *has_factor,
                           uint8_t factor[CRYPTO_HASH], struct strbuf *facts, struct fail *why);
    /// Takes one try at a number, counted as wrong until `try_clear`; the last of `maximum` locks
    /// it for `lock_ms`. What is older than that is forgotten. ERR_DENIED: it is locked.
    enum err (*try_take)(void *self, const char *number, int64_t now_utc_ms, int maximum,
                         int64_t lock_ms, struct district_try *out, struct fail *why);
    enum err (*try_clear)(void *self, const char *number, struct fail *why);
    /// Filed once; the same again changes nothing.
    enum err (*token_put)(void *self, const struct district_token *token, struct fail *why);
    /// The highest print of a case's receipt, 1 when it was never printed again.
    enum err (*token_newest)(void *self, const char *instance, int *print, struct fail *why);
    /// Whether a newer receipt has taken this token's place.
    enum err (*token_renewed)(void *self, const uint8_t hash[CRYPTO_HASH], bool *renewed,
                              struct fail *why);
    // ---- items of a case that holds several
    /// In order. What is there already stays as it is.
    enum err (*items_put)(void *self, const char *instance, const struct district_item *items,
                          size_t count, struct fail *why);
    /// None: the case is of one service, or was not opened yet.
    enum err (*items_each)(void *self, const char *instance,
                           void (*each)(void *context, const struct district_item *item),
                           void *context, struct fail *why);
    /// ERR_CONFLICT: the item, or the case, is no longer where the move begins. Both or none. An
    /// event of the whole is written also when its state stays.
    enum err (*item_move)(void *self, const struct district_item_move *move, struct fail *why);
    // ---- ratings
    /// What a counter has counted so far; a lower count than the one that is here changes nothing.
    enum err (*ratings_put)(void *self, const char *counter, const struct rating *rows,
                            size_t count, struct fail *why);
    enum err (*ratings_each)(void *self,
                             void (*each)(void *context, const char *counter,
                                          const struct rating *row),
                             void *context, struct fail *why);
    // ---- audit chain of readings and decisions
    /// Sequence (0: none) and hash of the last entry.
    enum err (*audit_head)(void *self, int64_t *sequence, uint8_t hash[CRYPTO_HASH],
                           struct fail *why);
    /// ERR_CONFLICT: somebody was faster; read the head again.
    enum err (*audit_put)(void *self, int64_t sequence, const char *line,
                          const uint8_t hash[CRYPTO_HASH], struct fail *why);
    enum err (*audit_each)(void *self,
                           enum err (*each)(void *context, int64_t sequence, const char *line,
                                            const uint8_t hash[CRYPTO_HASH]),
                           void *context, struct fail *why);
    // ---- drafts
    /// Keeps this revision; the same again is fine. ERR_CONFLICT: it is not newer. ERR_DENIED: it
    /// is spent or has expired. ERR_FULL: beyond the quota. An expiry that is there is not
    /// prolonged.
    enum err (*draft_put)(void *self, const struct district_draft *draft,
                          const struct bytes *sealed, const struct district_draft_rules *rules,
                          struct fail *why);
    /// Hands it out, counted, when it is newer than `have` and may be (`is_newer`); appends. Else
    /// `out` says why not. ERR_NOT_FOUND.
    enum err (*draft_take)(void *self, const char *id, int64_t have,
                           const struct district_draft_rules *rules, struct district_draft *out,
                           struct strbuf *sealed, struct fail *why);
    // ---- backups, comparison
    /// Everything received before is inside a verified backup. The last one said counts, so that a
    /// restored database says what it said when the backup was made.
    enum err (*backup_put)(void *self, int64_t verified_utc_ms, struct fail *why);
    /// 0: none yet.
    enum err (*backup_last)(void *self, int64_t *verified_utc_ms, struct fail *why);
    /// Complete cases of a counter that were saved in [from, to), by instance.
    enum err (*counter_each)(void *self, const char *counter, int64_t from_utc_ms,
                             int64_t to_utc_ms,
                             void (*each)(void *context, const char *instance, const char *receipt),
                             void *context, struct fail *why);
};
struct district_store {
    const struct district_store_ops *ops;
    void *self;
};
