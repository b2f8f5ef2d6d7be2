// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/log.h"
#include "yimen/case/manifest.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/district/district.h"
#include "yimen/driver/sim_clock.h"
#include "yimen/driver/sim_disk.h"
#include "yimen/driver/sim_network.h"
#include "yimen/driver/sim_printer.h"
#include "yimen/driver/sim_random.h"
#include "yimen/outbox/outbox.h"
#include "yimen/receipt/print.h"
#include "yimen/sync/client.h"

#include <stdio.h>

/// The simulation: kiosks and one district, each with its real core, in one thread and in an order
/// that a seed fixes. By file: world (begin, run, drain, end), events (what happens when),
/// kiosk (one kiosk's machine: power, start, messages between its workers), resident (what people
/// do there), pages (what they scan), faults (what goes wrong), district, ledger (what must be
/// true), check (whether it is), form (what is filled in), trace.

enum { SIM_KIOSKS = 64, SIM_MINUTE = 60000, SIM_HOUR = 60 * SIM_MINUTE, SIM_DAY = 24 * SIM_HOUR };

struct sim_plan {
    uint64_t seed;
    int kiosks, days;
    int faults;    ///< 0 none ... 3 all the time
    bool restores; ///< the district may come back from a backup
    FILE *trace;   ///< every line as it happens; NULL: the last ones, when something is wrong
};

/// What outlives one run: keys that cost time to make, texts, the form.
struct sim_kit {
    const struct crypto *crypto;
    const struct texts *texts;
    const struct catalogue *catalogue;
    struct form *form;
    struct strbuf sealing_private, sealing_public;
};

// ---- what must be true

struct sim_case {
    char instance[LIMIT_INSTANCE_ID], number[LIMIT_RECEIPT_NUMBER];
    int kiosk;
    bool urgent;
    bool is_promised; ///< the resident was told "saved"
    bool is_durable;  ///< promised, or found after a start that cut off the answer
    bool was_sent;    ///< handed to sync at least once
    bool is_received; ///< the district has answered 201 for it
    int pages;        ///< held for it when it was handed in
    bool has_digest;
    uint8_t digest[CRYPTO_HASH]; ///< of its manifest, as first seen on the wire
};

struct sim_ledger {
    struct sim_case *cases;
    size_t count, room;
    int *by_instance, *by_number; ///< hash tables of indices + 1
    size_t slots;
};
struct sim_case *sim_ledger_find(struct sim_ledger *ledger, const char *instance);
struct sim_case *sim_ledger_by_number(struct sim_ledger *ledger, const char *number);
/// A visit tries to save: from here on this instance is known. Finds an earlier try of it.
struct sim_case *sim_ledger_try(struct sim_ledger *ledger, const char *instance, int kiosk);
/// The case is on the disk under this number. False: the number is another case's.
bool sim_ledger_saved(struct sim_ledger *ledger, struct sim_case *known, const char *number);
void sim_ledger_free(struct sim_ledger *ledger);

// ---- what happens when

enum sim_what {
    SIM_STORE, ///< payload: struct outbox_request
    SIM_SYNC,  ///< payload: struct outbox_reply
    SIM_PRINT, ///< payload: struct print_request
    SIM_SYNC_WAKE,
    SIM_PRINT_WAKE,
    SIM_VISITOR,
    SIM_TRY_AGAIN, ///< payload: struct case_draft
    SIM_VISIT_END,
    SIM_STAFF,
    SIM_FAULT,
    SIM_FAULT_END, ///< number: enum sim_fault
    SIM_POWER_ON,
    SIM_EVENING,
    SIM_DELIVER,
    SIM_DISTRICT_WORK,
    SIM_DISTRICT_FAULT,
    SIM_DISTRICT_ON,
    SIM_DISTRICT_BACKUP,
};

struct sim_event {
    int64_t at_ms;
    uint64_t order; ///< of two at one time the first planned is first
    enum sim_what what;
    int kiosk;
    unsigned life; ///< of the kiosk: messages die with its power
    int number;
    void *payload; ///< owned
};
struct sim_events {
    struct sim_event *heap;
    size_t count, room;
    uint64_t order;
};
/// Takes the payload. Returns the event's order.
uint64_t sim_events_add(struct sim_events *events, struct sim_event event);
/// False: nothing is planned.
bool sim_events_take(struct sim_events *events, struct sim_event *out);
void sim_event_clear(struct sim_event *event);
void sim_events_free(struct sim_events *events);

// ---- the parts

struct sim;
enum { SIM_STORE_QUEUE, SIM_SYNC_QUEUE, SIM_PRINT_QUEUE, SIM_QUEUES };

struct sim_kiosk {
    struct sim *sim;
    int index;
    char counter[4], disk_name[16], device_id[40], key_id[40], fingerprint[65];
    int incarnation;
    uint8_t public_key[CRYPTO_PUBLIC], secret_key[CRYPTO_SECRET], root[CRYPTO_KEY];
    struct sim_random random;
    struct sim_clock clock, printer_clock;
    struct sim_disk *disk;
    struct kiosk_store store;
    struct outbox *outbox;
    struct http_client network;
    struct sync *sync;
    struct printer printer;
    struct paper paper;
    struct files printed; ///< where the printer puts what came out
    struct print *print;
    unsigned life;
    bool is_on;
    int64_t queue_ms[SIM_QUEUES];   ///< when the last message planned for it is due
    uint64_t sync_wake, print_wake; ///< the event that counts; earlier ones are void
    enum outbox_from asked_by;
    int64_t open_calls; ///< promised and not closed
    int64_t known;      ///< cases that must be in its store
    bool in_visit;
    int tries, pages;
    char visit_instance[LIMIT_INSTANCE_ID];
    long visits;
};

struct sim_district {
    struct sim_disk *disk;
    struct sim_clock clock;
    struct sim_random random;
    struct district_store store;
    struct district *district;
    struct sim_disk_image *backup;
    uint8_t record_secret[CRYPTO_KEY];
    bool is_on;
    int restores;
};

enum { SIM_TRACE_LINES = 400, SIM_TRACE_LINE = 200 };

struct sim {
    struct sim_plan plan;
    struct sim_kit *kit;
    int64_t now_ms, start_ms, end_ms;
    bool is_draining;
    struct sim_random random;
    struct sim_events events;
    struct sim_ledger ledger;
    struct sim_kiosk *kiosks;
    struct sim_district district;
    long steps, printed, power_cuts;
    char violation[300]; ///< "": everything held so far
    uint64_t trace_hash;
    long trace_count;
    char (*trace)[SIM_TRACE_LINE];
};

struct sim_result {
    long submitted, received, lost, doubled, unbacked;
    long steps, power_cuts;
    uint64_t trace_hash;
};

/// One run from begin to end. ERR_CORRUPT: something that must hold did not; the trace is printed.
enum err sim_run(const struct sim_plan *plan, struct sim_kit *kit, struct sim_result *out,
                 struct fail *why) MUST_USE;

/// "kiosk 3 saved ...": no ciphertext, nothing personal. `kiosk` -1: the district.
void sim_trace(struct sim *sim, int kiosk, const char *format, ...) PRINTF_LIKE(3, 4);
void sim_trace_print(const struct sim *sim, FILE *out);
/// The first one counts.
void sim_violate(struct sim *sim, const char *format, ...) PRINTF_LIKE(2, 3);

enum err sim_form_load(struct sim_kit *kit, struct fail *why) MUST_USE;
/// What a resident hands over.
struct case_draft *sim_form_draft(struct sim_kiosk *kiosk, const char *instance, bool urgent);

/// Machine, keys, registration at the district. Off.
enum err sim_kiosk_begin(struct sim *sim, int index, struct fail *why) MUST_USE;
void sim_kiosk_end(struct sim_kiosk *kiosk);
/// Plans an event of this kiosk.
uint64_t sim_kiosk_plan(struct sim_kiosk *kiosk, enum sim_what what, int64_t in_ms, int number);
/// Starts it, or plans another try.
void sim_kiosk_start(struct sim_kiosk *kiosk);
/// The program ends, however it came to that: handles are closed, messages are gone.
void sim_kiosk_stop(struct sim_kiosk *kiosk);
/// Closes what a power cut left, and plans the next start. False: it is on.
bool sim_kiosk_fell(struct sim_kiosk *kiosk);
/// A request on its way to the store worker. Taken.
void sim_kiosk_ask(struct sim_kiosk *kiosk, const struct outbox_request *request);
void sim_kiosk_print(struct sim_kiosk *kiosk, const struct print_request *request);
/// One of its workers' events; the payload stays the event's.
void sim_kiosk_step(struct sim_kiosk *kiosk, struct sim_event *event);
void sim_kiosk_weather(struct sim_kiosk *kiosk, bool bad, bool down);

/// Visitors and staff.
void sim_resident_step(struct sim_kiosk *kiosk, struct sim_event *event);
/// What the outbox answers to the session; taken.
void sim_resident_answer(struct sim_kiosk *kiosk, struct outbox_reply *reply);

/// A visit scans papers, and now and then takes a page back.
void sim_pages_give(struct sim_kiosk *kiosk);
void sim_pages_answered(struct sim_kiosk *kiosk, const struct outbox_reply *reply);

void sim_fault_step(struct sim_kiosk *kiosk, struct sim_event *event);
/// Plans the next one; none at level 0 or while draining.
void sim_fault_plan(struct sim_kiosk *kiosk);
/// Everything that is out of order at a kiosk is put right.
void sim_fault_heal(struct sim_kiosk *kiosk);

enum err sim_district_begin(struct sim *sim, struct fail *why) MUST_USE;
void sim_district_end(struct sim *sim);
void sim_district_step(struct sim *sim, struct sim_event *event);
/// The listener's handler; `context` is the sim.
void sim_district_handle(void *context, struct http_exchange *exchange);
enum err sim_district_register(struct sim *sim, const struct sim_kiosk *kiosk,
                               struct fail *why) MUST_USE;
/// A start after a power cut or a stop, or NULL-ops when it did not come up.
void sim_district_start(struct sim *sim);

/// After each step of a kiosk; cheap.
void sim_check_step(struct sim_kiosk *kiosk);
/// Everything that its store holds against everything that was promised.
void sim_check_kiosk(struct sim_kiosk *kiosk);
/// Everything the district has answered for.
void sim_check_district(struct sim *sim);
/// At the end, when nothing is on its way: all of it, on both sides.
void sim_check_end(struct sim *sim, struct sim_result *out);
/// True when no kiosk has anything left to send.
bool sim_check_drained(struct sim *sim);
