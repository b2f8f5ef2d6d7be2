// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "fakes/failing_crypto.h"
#include "fakes/failing_store.h"
#include "fakes/fake_clock.h"
#include "fakes/quick_crypto.h"
#include "yimen/outbox/outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/// A kiosk's outbox on a real store and real crypto in a folder of its own, with a clock that is
/// moved by hand and faults on demand. `kiosk_set_up`/`kiosk_tear_down` fit cmocka.

struct kiosk {
    char folder[64], path[96];
    struct fake_clock clock;
    struct crypto crypto;
    struct quick_crypto quick;
    struct failing_crypto failing_crypto;
    struct kiosk_store store;
    struct failing_store failing_store;
    struct outbox *outbox;
    struct form *form;
    uint8_t public_key[CRYPTO_PUBLIC], secret_key[CRYPTO_SECRET], root[CRYPTO_KEY];
    struct strbuf sealing_private, sealing_public;
    struct outbox_reply reply; ///< to the last request
    int replies;
    struct kiosk_owned {
        char number[LIMIT_RECEIPT_NUMBER], instance[LIMIT_INSTANCE_ID], token[LIMIT_TOKEN_TEXT];
        char qr_text[LIMIT_QR_TEXT], job[64];
    } owned; ///< the receipt that was composed last
};

/// Set before a set-up by a test of the keys themselves: else Argon2id costs nothing.
extern bool kiosk_keys_are_slow;
int kiosk_set_up(void **state);
int kiosk_tear_down(void **state);
/// Closes the outbox and the store and opens them again, as a restart does.
void kiosk_restart(struct kiosk *kiosk);
/// The two halves of it, for what is done to the files in between.
void kiosk_close(struct kiosk *kiosk);
void kiosk_reopen(struct kiosk *kiosk);
/// A finished visit: instance ids differ by `number`.
struct case_draft *kiosk_draft(struct kiosk *kiosk, int number);
/// One request; its reply is in kiosk->reply (freed with the next).
void kiosk_ask(struct kiosk *kiosk, struct outbox_request *request);
/// Saves draft `number`; must succeed. Copies its receipt number out.
void kiosk_save(struct kiosk *kiosk, int number, bool urgent, char receipt[LIMIT_RECEIPT_NUMBER]);
/// Saves draft `number` of somebody whose second factor is this ("" = none), and keeps what opens
/// it.
void kiosk_save_owned(struct kiosk *kiosk, int number, const char *factor, const char *of);
/// Notes the receipt that the reply brought in `owned`.
void kiosk_note_owned(struct kiosk *kiosk);
/// What the compute worker does after "saved".
void kiosk_own(struct kiosk *kiosk, const char *factor);
/// Asks for the next item and says what came of it; must be an item. Copies its number out.
void kiosk_send(struct kiosk *kiosk, enum send_outcome outcome, char receipt[LIMIT_RECEIPT_NUMBER]);
/// The listed row of a receipt; fails when there is none.
struct outbox_row kiosk_row(struct kiosk *kiosk, const char *receipt);
/// How many cases are listed.
size_t kiosk_rows(struct kiosk *kiosk);
/// Number of audit entries with this event.
int kiosk_audit_count(struct kiosk *kiosk, const char *event);
