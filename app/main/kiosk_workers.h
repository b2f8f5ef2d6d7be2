// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "kiosk_config.h"
#include "kiosk_content.h"
#include "kiosk_options.h"
#include "yimen/case/correction.h"
#include "yimen/case/ticket.h"
#include "yimen/outbox/outbox.h"
#include "yimen/port/call.h"
#include "yimen/port/code_reader.h"
#include "yimen/receipt/print.h"
#include "yimen/sync/client.h"

/// The kiosk's worker threads and what goes between them.
///
/// Each worker owns its devices and runs one step module; messages are plain and copied into
/// bounded queues, what they point to changes owner with them:
///
///   UI -> store, print, sync, compute        workers_store, ... : false when the queue is full
///   store -> UI, sync     replies of the outbox to whoever asked
///   print -> UI, store    what became of a receipt, and that it be remembered
///   sync  -> store, UI    what to send next, what became of it
///   compute -> UI         forms, content packs, keys of tickets
///   devices -> UI         codes that were held up to the reader
///   UI -> ask -> UI       a case that somebody asks about, and what the district says of it
///
/// The UI thread never waits: a full queue is an ordinary answer. A worker waits for room, because
/// the others always drain.

enum ui_message_kind {
    UI_OUTBOX,
    UI_PRINT,
    UI_SYNC,
    UI_FORM,
    UI_PACK,
    UI_CODE,
    UI_TRACKED,
    UI_KEY,
    UI_DRAFT,
};
struct ui_message {
    enum ui_message_kind kind;
    struct outbox_reply outbox;
    struct print_event print;
    struct sync_event sync;
    struct form *form;
    char service[LIMIT_FORM_ID]; ///< or the id of a form of several
    char code[CODE_TEXT]; ///< CODE: may be a ticket, which is a key; err INPUT: it was refused
    struct track_case *tracked;
    uint64_t serial;      ///< KEY
    uint8_t key[CRYPTO_KEY];
    struct ticket ticket; ///< KEY: with id and key
    struct sync_draft_answer draft; ///< DRAFT
    enum err err;
    char why[480];
};

struct workers;
struct workers_options {
    const struct kiosk_config *config;
    const struct kiosk_options *options;
    const struct kiosk_content *content;
    const struct crypto *crypto;
    struct clock *clock;
};

/// Opens the devices each in its own thread and waits until all are ready: the print worker has
/// then taken back what an earlier run left in the print system. Options are borrowed.
enum err workers_start(const struct workers_options *options, struct workers **out,
                       struct fail *why) MUST_USE;
/// The print worker alone: for a kiosk that may save nothing, and still hands out a slip.
enum err workers_start_paper(const struct workers_options *options, struct workers **out,
                             struct fail *why) MUST_USE;
/// Everything that is queued is still done; then the threads end, in reverse order. NULL-safe.
void workers_stop(struct workers *workers);

/// False when full: the caller keeps what the request points to.
bool workers_store(struct workers *workers, const struct outbox_request *request);
bool workers_print(struct workers *workers, const struct print_request *request);
bool workers_load_form(struct workers *workers, const char *service);
bool workers_track(struct workers *workers, const struct track_question *question);
bool workers_load_earlier(struct workers *workers, const char *service, const char *version);
bool workers_load_correction(struct workers *workers, const struct correction_list *list);
bool workers_install_pack(struct workers *workers);
bool workers_clean_packs(struct workers *workers, int64_t oldest_open_utc_ms);
bool workers_nudge_sync(struct workers *workers);
bool workers_test_district(struct workers *workers);
bool workers_derive_key(struct workers *workers, const struct ticket *ticket, const char *code,
                        uint64_t serial);
bool workers_fetch_draft(struct workers *workers, const char *id, int64_t have);
/// The next message for the UI thread; false when there is none. Never waits.
bool workers_take(struct workers *workers, struct ui_message *out);
