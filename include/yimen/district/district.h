// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/limits.h"
#include "yimen/base/strbuf.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/port/certificates.h"
#include "yimen/port/clock.h"
#include "yimen/port/crypto.h"
#include "yimen/port/district_store.h"
#include "yimen/port/files.h"
#include "yimen/port/http_server.h"

struct composing;  // district/composing.h
struct owner_desk; // district/owner.h

/// The back office: receives what kiosks send, opens it, keeps its states, tells the public page.
///
/// Life cycle: `district_open` -> handlers and calls -> `district_close`. A handle belongs to one
/// thread, with a store handle of its own; a listener's thread has one, the opener has one, a tool
/// has one. What a role may not do it has no key for: ingest checks, files and answers without any
/// private sealing key; public knows token hashes, states and device public keys.

/// A large case comes part by part: `HEAD /v1/parts/<sha256>` says in Upload-Offset how many bytes
/// of a part are here (404: none), `PUT` with that offset and `?size=` of the whole part adds the
/// next ones, durable before 200; 409 says where it goes on, 422 that all of it was here and was
/// not what its digest says, 507 that too much of this device waits for its case, 429 (like POST)
/// that it has stored its share of the day. Then POST
/// /submission with the manifest alone: 201, or 202 with the digests that are missing. Parts are
/// the sender's own, and go when no case has claimed them within a week.
enum {
    DISTRICT_ACCEPT_LENGTH = 40 << 20,
    DISTRICT_PIECE_MAXIMUM = LIMIT_PIECE_BYTES, ///< of a part in one PUT: what others wait for
    DISTRICT_CODE = 160
};
/// Where the listener hands over what came of a PUT that was cut (http_server_config).
#define DISTRICT_RESUMABLE_PATH "/v1/parts/"

struct district_options {
    const struct district_store *store;
    const struct crypto *crypto;
    const struct clock *clock;
    // ingest
    const struct certificates *certificates; ///< enrolment; NULL: none here
    struct bytes ca_certificate, ca_key;     ///< PEM of the device CA
    struct bytes sealing_public;             ///< PEM, told to a kiosk at its enrolment
    const char *sealing_key_id;
    const uint8_t *content_public; ///< CRYPTO_PUBLIC bytes, who signs content
    const uint8_t *signing_public; ///< the same: who signs correction lists
    int64_t device_bytes_a_day;    ///< that one device may store; 0: as many as it likes
    const char *public_host;       ///< for receipts: "host:port", at most 57 characters
    // opener
    /// PEM, the present key first, those before it behind; length 0: this one opens nothing.
    struct bytes sealing_private;
    // opener and desk
    const uint8_t *record_secret; ///< 32 bytes: keys of the cases and of the blind index
    // desk
    const uint8_t *signing_secret; ///< CRYPTO_SECRET bytes: signs correction lists; NULL: not here
    const struct catalogue *catalogue;
    // ingest, opener and desk
    const uint8_t *lookup_key;   ///< CRYPTO_KEY bytes: of what owners are told; NULL: nothing is
    const struct files *content; ///< its lists, for the records of a case's items; may be NULL
    /// ingest: where the forms wait that are composed of several services' ("one-visit:a+b"), see
    /// composing.h; NULL: cases of such forms are refused here.
    struct composing *composing;
    /// The composing worker: the text of such a form in that very version, appended. ERR_NOT_FOUND.
    enum err (*compose)(void *context, const char *form_id, const char *version, struct strbuf *out,
                        struct fail *why);
    void *compose_context;
    // public
    const struct texts *texts;
    const struct files *web; ///< track.html
    /// Who tells owners of their cases; NULL: the page says only what the paper alone may say.
    const struct owner_desk *owners;
};

struct district;
/// Everything in the options is borrowed until district_close.
enum err district_open(const struct district_options *options, struct district **out,
                       struct fail *why) MUST_USE;
/// NULL-safe.
void district_close(struct district *district);

/// Handlers of the device listener (OpenRosa and /v1) and of the public one (/t); `context` is the
/// district.
void district_handle_device(void *context, struct http_exchange *exchange);
/// For a device listener whose store's commits wait: what its requests have filed is durable now,
/// and their answers may go. False: nothing of it is.
bool district_end_turn(void *context);
void district_handle_public(void *context, struct http_exchange *exchange);

/// Opens every case that waits sealed. What cannot be opened, or whose record is not what its seal
/// says, is quarantined with the reason. `*opened` counts; ERR_RETRY: the store was busy.
enum err district_open_waiting(struct district *district, int *opened, struct fail *why) MUST_USE;
/// Tries now to open one case, also one that waits or is in quarantine. In the audit chain.
/// ERR_NOT_FOUND; else why it cannot be opened.
enum err district_open_again(struct district *district, const char *receipt, const char *actor,
                             struct fail *why) MUST_USE;
/// Takes a case that cannot be opened out of the opener's way until it is opened again by hand. In
/// the audit chain. ERR_NOT_FOUND. ERR_CONFLICT: it is opened already.
enum err district_quarantine(struct district *district, const char *receipt, const char *actor,
                             const char *reason, struct fail *why) MUST_USE;

/// Puts a form in force here: what is sent for an unpublished form or version is refused with 404.
enum err district_publish_form(struct district *district, const char *xml, size_t length,
                               struct fail *why) MUST_USE;
/// A one-time code for a counter: what a technician types at the kiosk.
enum err district_make_code(struct district *district, const char *counter, int minutes,
                            char code[DISTRICT_CODE], struct fail *why) MUST_USE;

/// From now on: the device is refused, and what it saved later is flagged; earlier receipts stay
/// valid. Logged. ERR_NOT_FOUND.
enum err district_revoke(struct district *district, const char *device_id, const char *actor,
                         const char *reason, struct fail *why) MUST_USE;

/// The audit of a device told another history than before (it is "forked": a copied or restored
/// disk, or somebody with its key), and staff know why, as when a store was lost and made anew: the
/// mark goes, and its next head begins another chain; the heads of the old one stay. The kiosk
/// still takes no ordinary visits until it is enrolled again, for numbers could repeat. In the
/// audit chain. ERR_NOT_FOUND: no such device is forked. ERR_INPUT: no reason.
enum err district_accept_audit(struct district *district, const char *device_id, const char *actor,
                               const char *reason, struct fail *why) MUST_USE;

/// A backup was read back and holds everything received before `utc_ms`: kiosks may let go of that
/// after their keep time. Logged. ERR_INPUT: in the future.
enum err district_backup_verified(struct district *district, int64_t utc_ms, const char *actor,
                                  struct fail *why) MUST_USE;

struct district_decision {
    const char *receipt, *status, *reason, *actor;
    const char *item; ///< of a case of several items, this one; NULL: all that may move
};
/// ERR_NOT_FOUND: no such case. ERR_INPUT: no such state, or it may not follow the present one.
/// ERR_CONFLICT: somebody else moved it meanwhile. Logged in the audit chain.
enum err district_set_status(struct district *district, const struct district_decision *decision,
                             struct fail *why) MUST_USE;
/// The whole case with its opened record, JSON. Each reading is logged with its reason first.
enum err district_show(struct district *district, const char *receipt, const char *actor,
                       const char *reason, struct strbuf *out, struct fail *why) MUST_USE;
struct district_reader {
    const char *actor, *reason;
};
/// One item of a case of several: its state, its limits, and of the record what its own form asks.
/// ERR_NOT_FOUND: the case has no such item. Logged likewise.
enum err district_show_item(struct district *district, const char *receipt, const char *item,
                            const struct district_reader *reader, struct strbuf *out,
                            struct fail *why) MUST_USE;
/// One opened file of the case ("submission.xml", "signature.svg"), as it was. Logged likewise.
enum err district_show_file(struct district *district, const char *receipt, const char *name,
                            const char *actor, struct strbuf *out, struct fail *why) MUST_USE;
/// How satisfied residents were, by counter and service: JSON array.
enum err district_ratings(struct district *district, struct strbuf *out, struct fail *why) MUST_USE;
/// Every case without any answer, urgent first, JSON array.
enum err district_list(struct district *district, struct strbuf *out, struct fail *why) MUST_USE;
/// Every kiosk: where it is, when it was heard of last, how far its audit is, what it has stored
/// today, and what staff must look at. JSON array.
enum err district_devices(struct district *district, struct strbuf *out, struct fail *why) MUST_USE;
/// The signed heads of the kiosks' audit chains, the last of each day, a line of counter,
/// device and time, then the head as `yimenctl audit verify --head` takes it.
enum err district_heads(struct district *district, struct strbuf *out, struct fail *why) MUST_USE;
/// Walks the audit chain. ERR_CORRUPT names the first entry that does not follow.
enum err district_audit_verify(struct district *district, int64_t *entries,
                               struct fail *why) MUST_USE;
