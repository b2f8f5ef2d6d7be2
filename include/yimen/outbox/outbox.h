// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/outbox/message.h"
#include "yimen/port/clock.h"
#include "yimen/port/crypto.h"
#include "yimen/port/kiosk_store.h"
#include <stddef.h>

/// The queue on the kiosk: saves a case with its receipt in one transaction, says what is to be
/// sent next, keeps the true state of each.
///
/// A step module: `outbox_step` takes one request and answers through `emit`; it never waits for
/// anything but its own store. It runs on the store worker, which owns the kiosk_store; requests
/// come from the session, the print worker and the sync worker, routed by app/main, which sets
/// `from` and sends each reply back there.
///
/// Life cycle: `outbox_open` -> `outbox_step` with NULL once, then with each request ->
/// `outbox_close`. Every request has exactly one reply: its own kind, or OUTBOX_FAILED with `err`
/// and `why`. Fields that a kind does not name are zero.
///
/// Saved means: sealed, signed, committed and flushed, with receipt number, tracking token, audit
/// entry and print job, in one transaction.

/// Whose a case is: after "saved" the session has computed what opens it and hands that over
/// (OUTBOX_OWNER). Only the code on the receipt opens it, with the second factor; the kiosk erases
/// that code as soon as the receipt is known to be printed. What a stolen disk yields, of a receipt
/// that still waits, and of a store from before, stands in case/owner_lock.h.

/// Pages: a visit gives each scanned page to its case as soon as it has it (OUTBOX_PAGE). It is
/// sealed at once, with the envelope's own cipher, and held in the store; in memory stay the key
/// and a line about each page, in the outbox's locked arena. OUTBOX_SAVE with the same instance
/// makes them the case's first files, in the order they came, in its one transaction and without
/// moving their bytes. A page taken back (OUTBOX_PAGE_DROP) leaves no gap: the others are sealed
/// anew under a fresh key, because a file's place decides how it is sealed and no place is used
/// twice. OUTBOX_VISIT_ENDED without a save forgets the key and deletes the pages, and so does a
/// start. Pages are refused when the disk is 90 % full; the case itself is not.

struct outbox_options {
    struct kiosk_store *store;   ///< borrowed
    const struct crypto *crypto; ///< borrowed
    const struct clock *clock;   ///< borrowed
    const char *counter;         ///< "001"
    int incarnation;             ///< 0..9, given at enrolment: first digit of every serial
    const char *district_host;   ///< for the QR, at most 57 characters with port
    const void *sealing_key;     ///< district's current public sealing key (DER or PEM), borrowed;
                                 ///< length 0: a stand-in server, the form's own key is used
    size_t sealing_key_length;
    const char *sealing_key_id;
    const unsigned char *signing_secret; ///< device Ed25519 secret key (64 bytes), borrowed
    const char *device_key_id;
    const unsigned char *root_secret; ///< 32 bytes, borrowed
    int keep_days; ///< received cases are kept so long; never less than 35, which 0 means
};

struct outbox;
/// Readies the queue: what was being sent is to be sent again, receipts not printed wait for their
/// owner. What the options point to is borrowed until outbox_close. ERR_CORRUPT: damaged store.
/// Otherwise as the store's calls.
enum err outbox_open(const struct outbox_options *options, struct outbox **out,
                     struct fail *why) MUST_USE;
/// NULL-safe; the store stays open, it belongs to the caller.
void outbox_close(struct outbox *outbox);
/// Handles one request, NULL at the start for OUTBOX_READY; calls `emit` for each reply (ownership
/// of what it holds goes to the callee).
void outbox_step(struct outbox *outbox, struct outbox_request *request,
                 void (*emit)(void *context, struct outbox_reply *reply), void *context);
/// The time that somebody vouched for last, as OUTBOX_TIME_KNOWN stored it; ERR_NOT_FOUND: nobody
/// has. For whoever opens the clock, before there is a queue.
enum err outbox_known_time(const struct kiosk_store *store, struct when *out,
                           struct fail *why) MUST_USE;
/// Stores it without a queue: for an enrolment, whose answer told the time.
enum err outbox_set_known_time(const struct kiosk_store *store, const struct when *when,
                               struct fail *why) MUST_USE;
/// A number for a hand slip without a queue, beside a running kiosk or without one: for tools that
/// print a stock of slips. Of the options store, crypto, clock, counter, incarnation and
/// signing_secret are used. Logged under `staff`.
enum err outbox_number_slip(const struct outbox_options *options, const char *staff,
                            char out[LIMIT_RECEIPT_NUMBER], struct fail *why) MUST_USE;
