// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/audit/log.h"
#include "yimen/base/arena.h"
#include "yimen/case/envelope.h"
#include "yimen/outbox/outbox.h"
#include "yimen/staff/staff.h"

/// What the verbs of the queue share: its state, transactions, replies, counters, numbers, what is
/// kept of a receipt and of its owner, the pages of a visit. Nothing here knows a verb; of these
/// files token uses owner, owner uses facts, and all use transaction, reply and log.

enum { PAGE_VISITS = 4 }; ///< the present one, one kept beside it, two parked

/// What is known of a page that is sealed in the store.
struct held_page {
    struct envelope_file file;
    char type[48], sha256[65];
    int64_t plain, sealed; ///< bytes
};
/// A visit that has given pages.
struct page_visit {
    char instance[LIMIT_INSTANCE_ID]; ///< "": free
    int64_t used_ms;                  ///< monotonic, when it gave its last page
    uint8_t key[CRYPTO_KEY];
    struct envelope_cipher cipher; ///< stands behind the last page
    size_t count;
    struct held_page pages[LIMIT_PAGES];
};

struct outbox {
    struct arena *arena; ///< this lies in it: it holds keys
    struct outbox_options options;
    struct staff staff;
    uint8_t receipt_key[CRYPTO_KEY];
    int64_t powered_ms, powered_from_ms; ///< powered-on time when this began, and when that was
    int64_t powered_written_ms;
    int soft;                 ///< transactions since the last that was flushed for their sake
    bool sending;             ///< an item was handed out and its outcome is not stored yet
    bool stopped;             ///< the district refused us: nothing is sent
    int64_t stopped_until_ms; ///< monotonic
    char just_saved[LIMIT_RECEIPT_NUMBER];
    struct page_visit visits[PAGE_VISITS];
    char sent_instance[LIMIT_INSTANCE_ID]; ///< the large case on its way, and how far it is
    int64_t sent_bytes;
};

/// Where the answers to one request go.
struct outbox_answer {
    struct outbox_request *request; ///< NULL: the start
    void (*emit)(void *context, struct outbox_reply *reply);
    void *context;
};

/// A reply to the request, all else zero.
struct outbox_reply outbox_reply_to(const struct outbox_answer *answer,
                                    enum outbox_reply_kind kind);
void outbox_emit(const struct outbox_answer *answer, struct outbox_reply *reply);
/// OUTBOX_DONE, or OUTBOX_FAILED with the reason, which is logged.
void outbox_emit_done(const struct outbox_answer *answer, enum err err, const struct fail *why);

/// Runs `work` in one transaction. When the disk is full the reserve is given up and it runs once
/// more, so it must be able to run twice.
enum err outbox_transaction(struct outbox *outbox,
                            enum err (*work)(struct outbox *outbox, void *context,
                                             struct fail *why),
                            void *context, struct fail *why) MUST_USE;
/// A transaction that a power cut may forget (store: begin_soft): that a case is being sent, or was
/// received. Forgotten, it is sent again, and the district says again that it has it.
enum err outbox_transaction_soft(struct outbox *outbox,
                                 enum err (*work)(struct outbox *outbox, void *context,
                                                  struct fail *why),
                                 void *context, struct fail *why) MUST_USE;
/// What was committed softly is durable now. Before anything of it is told to others.
enum err outbox_settle(struct outbox *outbox, struct fail *why) MUST_USE;

/// The same without giving up the reserve: for what may be refused.
enum err outbox_transaction_once(struct outbox *outbox,
                                 enum err (*work)(struct outbox *outbox, void *context,
                                                  struct fail *why),
                                 void *context, struct fail *why) MUST_USE;

struct audit_log outbox_log(const struct outbox *outbox);
/// Inside a transaction: one more entry. `actor` "" is the kiosk itself.
enum err outbox_audit(struct outbox *outbox, const char *event, const char *subject,
                      const char *actor, const char *detail, struct fail *why) MUST_USE;
/// Inside a transaction: a counter among the settings, one higher than before.
enum err outbox_count_up(struct outbox *outbox, const char *key, int64_t *out,
                         struct fail *why) MUST_USE;
/// Inside a transaction: a number among the settings.
enum err outbox_set_number(struct outbox *outbox, const char *key, int64_t value,
                           struct fail *why) MUST_USE;
/// The counter's value, 0 before the first.
enum err outbox_counter(struct outbox *outbox, const char *key, int64_t *out,
                        struct fail *why) MUST_USE;

/// Inside a transaction: the next receipt number of a type, used up with the commit.
enum err outbox_take_number(struct outbox *outbox, const struct when *now, int type,
                            char out[LIMIT_RECEIPT_NUMBER], struct fail *why) MUST_USE;

/// The facts under the receipt key, bound to the instance.
enum err outbox_seal_facts(struct outbox *outbox, const char *instance,
                           const struct receipt_facts *facts, struct strbuf *out,
                           struct fail *why) MUST_USE;
enum err outbox_open_facts(struct outbox *outbox, const char *instance, struct receipt_facts *out,
                           struct fail *why) MUST_USE;
/// Name of a print job: receipt number and attempt.
void outbox_job_name(const char *number, int print_count, char out[64]);

/// The pages that a visit has given; NULL: none.
struct page_visit *outbox_pages_of(struct outbox *outbox, const char *instance);
/// Forgets the key and what is known of the pages.
void outbox_pages_forget(struct page_visit *visit);
/// Inside a transaction: deletes the pages of a visit that no case has taken.
enum err outbox_pages_delete(struct outbox *outbox, const char *instance,
                             struct fail *why) MUST_USE;

/// Manifest and parts of a case that is to be sent. ERR_CORRUPT: damaged on the disk.
enum err outbox_load_item(struct outbox *outbox, const struct store_submission *row,
                          struct outbox_item *item, struct fail *why) MUST_USE;

/// When to try again after `attempts` failures in a row: doubling, bounded, with jitter.
int64_t outbox_backoff_ms(const struct crypto *crypto, int attempts);
void outbox_try_after(struct store_submission *row, const struct when *now, int64_t delay_ms);

/// When the district last answered, UTC ms: a counter among the settings.
#define OUTBOX_HEARD_KEY "contact.heard"
/// Whether the district wants this kiosk enrolled again; how far its news were read; the grades.
#define OUTBOX_ENROL_KEY "contact.enrol"
#define OUTBOX_CURSOR_KEY "status.cursor"
#define OUTBOX_RATINGS_KEY "ratings"
/// How long the kiosk has been powered on in all; a power cut loses ten minutes of it at most.
int64_t outbox_powered_ms(const struct outbox *outbox);
enum err outbox_powered_begin(struct outbox *outbox, struct fail *why) MUST_USE;
/// Inside a transaction: writes it down.
enum err outbox_powered_write(struct outbox *outbox, struct fail *why) MUST_USE;
/// The same now and then.
enum err outbox_powered_keep(struct outbox *outbox, struct fail *why) MUST_USE;
/// The token of a receipt that is not known to be printed; "" when it is erased.
void outbox_token_of(const struct receipt_facts *facts, char out[LIMIT_TOKEN_TEXT]);
/// Inside a transaction: the row of a case, also of one that has none yet.
enum err outbox_owner_row(struct outbox *outbox, const char *instance, struct store_owner *out,
                          struct fail *why) MUST_USE;
/// Inside a transaction: the box of a case, for its token in force.
enum err outbox_owner_close(struct outbox *outbox, struct store_owner *row, const char *token,
                            const struct owner_lock *lock, struct fail *why) MUST_USE;
/// Inside a transaction: print number `print` of a receipt came out. Erases its token, if that is
/// the one it bore; `*erased` then: store->tidy is wanted after the commit.
enum err outbox_token_erase(struct outbox *outbox, const char *instance, int print, bool *erased,
                            struct fail *why) MUST_USE;
/// Inside a transaction: a new token for a receipt, in `facts` and in the store, and the message
/// about it. Its box is made of the factor that `question` carries, or, without one, of what the
/// old token opens; where neither is there the case has none any more.
enum err outbox_renew_token(struct outbox *outbox, const char *instance,
                            const struct track_question *question, struct receipt_facts *facts,
                            struct fail *why) MUST_USE;
/// Whether there is a new token that the district was not told.
int outbox_tokens_waiting(struct outbox *outbox);

/// Fills `frozen` and `warning`.
enum err outbox_gates(struct outbox *outbox, struct outbox_reply *reply, struct fail *why) MUST_USE;
enum err outbox_status_cursor(struct outbox *outbox, int64_t *out, struct fail *why) MUST_USE;

/// The counts of grades so far, appended; nothing before the first.
enum err outbox_ratings(struct outbox *outbox, struct strbuf *out, struct fail *why) MUST_USE;

/// Bits of `enum print_state` for print_jobs_move: surely not printed, or taken back in time.
enum {
    OUTBOX_NOT_PRINTED =
        1 << PRINT_COMPOSED | 1 << PRINT_ACCEPTED | 1 << PRINT_FAILED | 1 << PRINT_CANCELLED,
};
