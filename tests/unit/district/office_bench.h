// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "fakes/fake_clock.h"
#include "yimen/case/manifest.h"
#include "yimen/district/composing.h"
#include "yimen/district/district.h"
#include "yimen/district/owner.h"

/// A district on a database of its own, with one registered kiosk, and submissions as that kiosk
/// would make them.

enum { BENCH_FIELDS = 16 };

struct bench {
    char folder[64], database[96];
    struct crypto crypto;
    struct fake_clock clock;
    struct certificates certificates;
    struct district_store store;
    struct files assets, web;
    struct texts *texts;
    struct catalogue *catalogue;
    struct district *district;
    struct owner_desk owners; ///< whom the public page asks: this district itself
    struct strbuf sealing_private, sealing_public, ca, ca_key;
    uint8_t lookup_key[CRYPTO_KEY];
    uint8_t record_secret[CRYPTO_KEY], content_public[CRYPTO_PUBLIC];
    uint8_t signing_public[CRYPTO_PUBLIC], signing_secret[CRYPTO_SECRET];
    char form_version[64]; ///< of urgent-relief, which is published
    struct district_device device;
    uint8_t device_secret[CRYPTO_SECRET];
    struct composing *composing;
    int64_t bytes_a_day; ///< district_options.device_bytes_a_day; set before bench_restart
    /// district_options.compose, with the bench as its context; set before bench_restart.
    enum err (*compose)(void *context, const char *form_id, const char *version, struct strbuf *out,
                        struct fail *why);
    bool is_opener, is_desk; ///< with the keys of that role alone, from the next bench_restart on
    bool is_read_only;       ///< the store, from the next bench_restart on
    const char *visitor;     ///< whose bench_look it is; NULL: 127.0.0.1
};

struct bench_submission {
    struct manifest manifest;
    struct envelope envelope;
    struct strbuf xml;
    struct tracking tracking;
};

/// What a record says; NULL is left as a good one has it.
struct outbox_item;
struct bench_record {
    const char *instance, *receipt, *record_receipt, *record_key_id, *name, *id_number, *phone;
    const char *form_id, *version, *service, *of_instance;
    const char *record_of;   ///< what the record says it is of
    const char *chosen_code; ///< four digits of the owner's own
    const char *of_proof;    ///< that its owner asks: token and factor
    const char *papers;      ///< what the visit notes of them
    const char *answers;     ///< XML, in place of applicant, contact and members
    int64_t saved_after_ms;  ///< later than the bench's start
};

struct bench_answer {
    int status;
    char *body; ///< freed by the next call
    char headers[8][256];
    bool after_turn; ///< it is told when the turn's commit is done
};

void bench_open(struct bench *bench);
void bench_close(struct bench *bench);
/// Another handle on the same database, for another thread.
void bench_second(struct bench *bench, struct district_store *store, struct district **district);
/// Closes and opens the store and the district, as a restart does.
void bench_restart(struct bench *bench);
void bench_submission(struct bench *bench, const struct bench_record *record,
                      struct bench_submission *out);
void bench_submission_free(struct bench_submission *submission);
/// Writes the manifest anew after it was changed, sealed again unless told not to.
void bench_rewrite(struct bench *bench, struct bench_submission *submission, bool sign);
/// POST /submission with the parts `first` .. `first + count`, by the registered kiosk.
struct bench_answer *bench_post(struct bench *bench, const struct bench_submission *submission,
                                size_t first, size_t count);
/// POST /submission with everything that a kiosk's queue has of a case.
struct bench_answer *bench_post_item(struct bench *bench, const struct outbox_item *item);
/// Any request to the device listener, or to the public one. `query` is "name=value" pairs,
/// NULL-terminated.
struct bench_answer *bench_ask(struct bench *bench, const char *method, const char *path,
                               const char *body, const char *const *query);
struct bench_answer *bench_look(struct bench *bench, const char *path, const char *const *query,
                                const char *accept_language);
/// The same page, after the owner typed something: POST with this body.
struct bench_answer *bench_type(struct bench *bench, const char *path, const char *body,
                                const char *accept_language);
int bench_rows(struct bench *bench);
