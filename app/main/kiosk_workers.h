// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "kiosk_config.h"
#include "kiosk_content.h"
#include "kiosk_options.h"
#include "yimen/session/message.h"

/// The kiosk's worker threads and what goes between them.
///
/// Each worker owns its devices and runs one step module; messages are plain and copied into
/// bounded queues, what they point to changes owner with them:
///
///   UI -> store, print, sync, compute, ask   what the session asks (workers_ask)
///   store -> UI, sync     replies of the outbox to whoever asked
///   print -> UI, store    what became of a receipt, and that it be remembered
///   sync  -> store, UI    what to send next, what became of it
///   compute, ask -> UI    answers
///   devices -> UI         codes that were held up to the reader
///
/// What happens when a queue is full is written in kiosk_post.c. The UI thread never waits. A
/// worker waits for room only where the other always drains: print and sync for the store, all for
/// the UI. The place for an answer is kept before the question is asked, so that whoever answers
/// never waits, and no answer is lost.

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

/// To the worker whose kind it is; takes what the request points to. Never waits: where there is no
/// room, what was asked is refused (workers_take gives the refusal in the next round), and what was
/// told is kept until there is.
void workers_ask(struct workers *workers, struct session_request *request);
/// Packs that nothing needs any more; when the compute worker has no room, at the next start.
void workers_clean_packs(struct workers *workers, int64_t oldest_open_utc_ms);
/// The next message for the UI thread; false when there is none in this round. Never waits.
bool workers_take(struct workers *workers, struct session_input *out);
