// SPDX-License-Identifier: GPL-3.0-or-later
// One kiosk: its machine, and the messages between its workers, each of which takes a moment, so
// that they overtake those of the other queues as threads do.
#include "simulate.h"
#include "yimen/base/text.h"
#include "yimen/case/tracking.h"
#include "yimen/driver/sim_paper.h"
#include "yimen/driver/sqlite.h"

#include <stdlib.h>
#include <string.h>

enum { DISK_BYTES = 512 << 20, MESSAGE_MS = 40, PUBLIC_KEY_ID = 8 };

static const char host[] = "simulated.example";

uint64_t sim_kiosk_plan(struct sim_kiosk *kiosk, enum sim_what what, int64_t in_ms, int number)
{
    struct sim_event event = {.at_ms = kiosk->sim->now_ms + in_ms,
                              .what = what,
                              .kiosk = kiosk->index,
                              .life = kiosk->life,
                              .number = number};
    return sim_events_add(&kiosk->sim->events, event);
}

// First in, first out within one queue, any order between queues.
static void send(struct sim_kiosk *kiosk, int queue, enum sim_what what, const void *message,
                 size_t size)
{
    struct sim_event event = {
        .what = what, .kiosk = kiosk->index, .life = kiosk->life, .payload = malloc(size)};
    if (!event.payload)
        abort(); // a simulation without memory has nothing to say
    memcpy(event.payload, message, size);
    event.at_ms = kiosk->sim->now_ms + sim_random_below(&kiosk->random, MESSAGE_MS);
    if (event.at_ms < kiosk->queue_ms[queue])
        event.at_ms = kiosk->queue_ms[queue];
    kiosk->queue_ms[queue] = event.at_ms;
    (void)sim_events_add(&kiosk->sim->events, event);
}

void sim_kiosk_ask(struct sim_kiosk *kiosk, const struct outbox_request *request)
{
    send(kiosk, SIM_STORE_QUEUE, SIM_STORE, request, sizeof *request);
}

void sim_kiosk_print(struct sim_kiosk *kiosk, const struct print_request *request)
{
    send(kiosk, SIM_PRINT_QUEUE, SIM_PRINT, request, sizeof *request);
}

// ---- what comes out of the printer

static bool qr_of(const void *data, size_t length, char out[LIMIT_QR_TEXT])
{
    const char *line = memmem(data, length, "qr ", 3);
    if (!line)
        return false;
    size_t rest = length - (size_t)(line + 3 - (const char *)data);
    const char *end = memchr(line + 3, '\n', rest);
    (void)snprintf(out, LIMIT_QR_TEXT, "%.*s", (int)(end ? end - line - 3 : 0), line + 3);
    return true;
}

// Every receipt on paper is of a case that is on the disk, and its code is this kiosk's.
static enum err take_print(void *self, const char *path, const void *data, size_t length,
                           bool secret, struct fail *why)
{
    struct sim_kiosk *kiosk = self;
    struct sim *sim = kiosk->sim;
    char qr[LIMIT_QR_TEXT], number[LIMIT_RECEIPT_NUMBER] = "";
    struct tracking tracking;
    struct store_submission row;
    (void)path, (void)secret, (void)why;
    sim->printed++;
    if (!qr_of(data, length, qr) || tracking_parse(qr, &tracking, number, NULL) != ERR_OK ||
        tracking_verify(sim->kit->crypto, kiosk->public_key, tracking.token, number,
                        tracking.signature, NULL) != ERR_OK)
        sim_violate(sim, "a receipt with no good code came out of kiosk %d", kiosk->index + 1);
    const struct sim_case *known = sim_ledger_by_number(&sim->ledger, number);
    bool is_backed = known && known->is_durable && known->kiosk == kiosk->index;
    if (is_backed && kiosk->is_on && !sim_disk_is_off(kiosk->disk))
        is_backed =
            kiosk->store.ops->submission_get(kiosk->store.self, number, true, &row, NULL) == ERR_OK;
    if (!is_backed)
        sim_violate(sim, "receipt %s is printed and not backed by a case", number);
    sim_trace(sim, kiosk->index, "printed %s", number);
    return ERR_OK;
}

static const struct files_ops printed_ops = {.write = take_print};

// ---- life

static void make_keys(struct sim_kiosk *kiosk)
{
    const struct crypto *crypto = kiosk->sim->kit->crypto;
    uint8_t hash[CRYPTO_DIGEST_MAX];
    struct strbuf hex;
    crypto->ops->sign_keypair(crypto->self, kiosk->public_key, kiosk->secret_key);
    crypto->ops->random(crypto->self, kiosk->root, sizeof kiosk->root);
    size_t length =
        crypto->ops->digest(crypto->self, DIGEST_SHA256, kiosk->public_key, CRYPTO_PUBLIC, hash);
    strbuf_init(&hex, 2 * length);
    crypto->ops->hex_encode(crypto->self, hash, length, &hex);
    text_copy(kiosk->fingerprint, sizeof kiosk->fingerprint, strbuf_text(&hex));
    (void)snprintf(kiosk->key_id, sizeof kiosk->key_id, "%.*s", 2 * PUBLIC_KEY_ID,
                   strbuf_text(&hex));
    strbuf_free(&hex);
    (void)snprintf(kiosk->counter, sizeof kiosk->counter, "%03u",
                   (unsigned)(kiosk->index + 1) % 1000);
    (void)snprintf(kiosk->disk_name, sizeof kiosk->disk_name, "kiosk-%s", kiosk->counter);
    kiosk->incarnation = (int)sim_random_below(&kiosk->random, 10);
    (void)snprintf(kiosk->device_id, sizeof kiosk->device_id, "kiosk-%s-%d", kiosk->counter,
                   kiosk->incarnation);
}

enum err sim_kiosk_begin(struct sim *sim, int index, struct fail *why)
{
    struct sim_kiosk *kiosk = &sim->kiosks[index];
    uint32_t serial = (uint32_t)index + 1;
    *kiosk = (struct sim_kiosk){.sim = sim, .index = index};
    kiosk->random = sim_random_begin(sim->plan.seed, 100 + (uint64_t)index);
    sim_clock_begin(&kiosk->clock, &sim->now_ms, serial);
    sim_clock_begin(&kiosk->printer_clock, &sim->now_ms, serial + 1000);
    make_keys(kiosk);
    sim_paper_open(&kiosk->paper);
    kiosk->printed = (struct files){&printed_ops, kiosk};
    struct sim_network_options network = {
        .handle = sim_district_handle,
        .context = sim,
        .device = kiosk->device_id,
        .fingerprint = kiosk->fingerprint,
        .resumable_path = DISTRICT_RESUMABLE_PATH,
        .server_clock = &sim->district.clock.clock,
        .seed = sim_random_next(&kiosk->random),
    };
    struct sim_printer_options printer = {.clock = &kiosk->printer_clock.clock,
                                          .keep = &kiosk->printed};
    enum err err = sim_disk_open(kiosk->disk_name, sim_random_next(&kiosk->random), DISK_BYTES,
                                 &kiosk->disk, why);
    if (!err)
        err = sim_network_open(&network, &kiosk->network, why);
    if (!err)
        err = sim_printer_open(&printer, &kiosk->printer, why);
    return err ? err : sim_district_register(sim, kiosk, why);
}

void sim_kiosk_stop(struct sim_kiosk *kiosk)
{
    kiosk->life++;
    kiosk->is_on = kiosk->in_visit = false;
    print_close(kiosk->print);
    sync_close(kiosk->sync);
    outbox_close(kiosk->outbox);
    sqlite_kiosk_store_close(&kiosk->store);
    kiosk->print = NULL;
    kiosk->sync = NULL;
    kiosk->outbox = NULL;
}

void sim_kiosk_end(struct sim_kiosk *kiosk)
{
    if (!kiosk->sim)
        return;
    sim_kiosk_stop(kiosk);
    sim_printer_close(&kiosk->printer);
    sim_network_close(&kiosk->network);
    sim_disk_close(kiosk->disk);
}

static enum err open_core(struct sim_kiosk *kiosk, struct fail *why)
{
    const struct sim_kit *kit = kiosk->sim->kit;
    struct sqlite_kiosk_store_options store = {
        .path = "kiosk.db", .vfs = kiosk->disk_name, .crypto = kit->crypto};
    struct outbox_options outbox = {
        .store = &kiosk->store,
        .crypto = kit->crypto,
        .clock = &kiosk->clock.clock,
        .counter = kiosk->counter,
        .incarnation = kiosk->incarnation,
        .district_host = host,
        .sealing_key = kit->sealing_public.data,
        .sealing_key_length = kit->sealing_public.length,
        .sealing_key_id = "simulated",
        .signing_secret = kiosk->secret_key,
        .device_key_id = kiosk->key_id,
        .root_secret = kiosk->root,
    };
    struct sync_options sync = {
        .http = &kiosk->network,
        .crypto = kit->crypto,
        .clock = &kiosk->clock.clock,
        .server = "https://simulated.example",
        .device_id = kiosk->device_id,
        .counter = kiosk->counter,
        .incarnation = kiosk->incarnation,
    };
    struct print_options print = {
        .printer = &kiosk->printer,
        .paper = &kiosk->paper,
        .clock = &kiosk->clock.clock,
        .texts = kit->texts,
        .catalogue = kit->catalogue,
    };
    enum err err = sqlite_kiosk_store_open(&store, &kiosk->store, why);
    if (!err)
        err = outbox_open(&outbox, &kiosk->outbox, why);
    if (!err)
        err = sync_open(&sync, &kiosk->sync, why);
    return err ? err : print_open(&print, &kiosk->print, why);
}

void sim_kiosk_start(struct sim_kiosk *kiosk)
{
    struct fail why = {0};
    sim_disk_power_on(kiosk->disk);
    enum err err = open_core(kiosk, &why);
    sim_trace(kiosk->sim, kiosk->index, "started: %s", err ? why.text : "ok");
    if (err == ERR_CORRUPT)
        sim_violate(kiosk->sim, "kiosk %d does not start: %s", kiosk->index + 1, why.text);
    if (err || sim_disk_is_off(kiosk->disk)) {
        sim_kiosk_stop(kiosk);
        (void)sim_kiosk_plan(kiosk, SIM_POWER_ON, SIM_MINUTE, 0);
        return;
    }
    kiosk->is_on = true;
    kiosk->sync_wake = sim_kiosk_plan(kiosk, SIM_SYNC_WAKE, 0, 0);
    kiosk->print_wake = sim_kiosk_plan(kiosk, SIM_PRINT_WAKE, 0, 0);
    sim_check_kiosk(kiosk);
}

bool sim_kiosk_fell(struct sim_kiosk *kiosk)
{
    if (!kiosk->is_on || !sim_disk_is_off(kiosk->disk))
        return !kiosk->is_on;
    sim_trace(kiosk->sim, kiosk->index, "is off");
    kiosk->sim->power_cuts++;
    sim_kiosk_stop(kiosk);
    bool clock_lost = sim_random_chance(&kiosk->random, 200);
    sim_clock_reboot(&kiosk->clock, clock_lost ? TIME_UNKNOWN : TIME_RTC);
    int64_t wait = sim_random_wait(&kiosk->random, 5 * SIM_MINUTE);
    (void)sim_kiosk_plan(kiosk, SIM_POWER_ON, wait, 0);
    return true;
}

// ---- its workers

static void handed_out(struct sim_kiosk *kiosk, const struct outbox_item *item)
{
    struct sim *sim = kiosk->sim;
    struct sim_case *known = sim_ledger_find(&sim->ledger, item->instance);
    if (!known || !known->is_durable || !text_equal(known->number, item->number)) {
        sim_violate(sim, "case %s is sent and nobody saved it", item->instance);
        return;
    }
    for (size_t i = 0; !item->urgent && i < sim->ledger.count; i++) {
        const struct sim_case *other = &sim->ledger.cases[i];
        if (other->kiosk == kiosk->index && other->urgent && other->is_durable && !other->was_sent)
            sim_violate(sim, "urgent case %s waits behind %s", other->number, item->number);
    }
    known->was_sent = true;
    sim_trace(sim, kiosk->index, "sends %s, attempt %d", item->number, item->attempts);
}

static void emit(void *context, struct outbox_reply *reply)
{
    struct sim_kiosk *kiosk = context;
    if (sim_disk_is_off(kiosk->disk)) { // nobody is there any more to hear it
        outbox_reply_clear(reply);
        return;
    }
    switch (kiosk->asked_by) {
    case OUTBOX_FROM_SESSION: sim_resident_answer(kiosk, reply); break;
    case OUTBOX_FROM_SYNC:
        if (reply->kind == OUTBOX_ITEM)
            handed_out(kiosk, reply->item);
        send(kiosk, SIM_SYNC_QUEUE, SIM_SYNC, reply, sizeof *reply);
        break;
    case OUTBOX_FROM_PRINT: outbox_reply_clear(reply); break;
    }
}

static void sync_asks(void *context, struct outbox_request *request)
{
    request->from = OUTBOX_FROM_SYNC;
    if (request->kind == OUTBOX_SENT) {
        struct sim_kiosk *kiosk = context;
        sim_trace(kiosk->sim, kiosk->index, "sent %s: %d %s", request->receipt,
                  (int)request->outcome, request->detail);
    }
    sim_kiosk_ask(context, request);
}

static void sync_tells(void *context, const struct sync_event *event)
{
    struct sim_kiosk *kiosk = context;
    if (event->kind == SYNC_TIME)
        sim_clock_correct(&kiosk->clock, TIME_DISTRICT);
}

// An idle kiosk's heartbeat comes when it comes: a wake-up may be late, and a simulation of many
// days would be nothing but heartbeats.
static int64_t lateness(struct sim_kiosk *kiosk)
{
    struct store_counts counts;
    bool idle =
        kiosk->store.ops->counts(kiosk->store.self, &counts, NULL) == ERR_OK && counts.unsent == 0;
    return idle ? sim_random_between(&kiosk->random, 40 * SIM_MINUTE, 120 * SIM_MINUTE)
                : sim_random_below(&kiosk->random, 2 * SIM_MINUTE);
}

static void step_sync(struct sim_kiosk *kiosk, struct outbox_reply *reply)
{
    struct sync_output output = {kiosk, sync_asks, sync_tells};
    sync_step(kiosk->sync, reply, &output);
    int wait = sync_wait_ms(kiosk->sync);
    if (wait >= 0) {
        int64_t late = wait > 0 ? lateness(kiosk) : 0;
        kiosk->sync_wake = sim_kiosk_plan(kiosk, SIM_SYNC_WAKE, wait + late, 0);
    }
}

static void print_tells(void *context, const struct print_event *event)
{
    struct sim_kiosk *kiosk = context;
    struct outbox_request remember = {
        .kind = OUTBOX_PRINT_STATE, .from = OUTBOX_FROM_PRINT, .print_state = event->state};
    if (event->kind != PRINT_EVENT_JOB || !event->receipt[0])
        return;
    sim_trace(kiosk->sim, kiosk->index, "receipt %s: print state %d", event->receipt, event->state);
    text_copy(remember.job, sizeof remember.job, event->job);
    text_copy(remember.receipt, sizeof remember.receipt, event->receipt);
    text_copy(remember.detail, sizeof remember.detail, event->detail);
    sim_kiosk_ask(kiosk, &remember);
}

static void step_print(struct sim_kiosk *kiosk, struct print_request *request)
{
    print_step(kiosk->print, request, print_tells, kiosk);
    int wait = print_wait_ms(kiosk->print);
    if (wait >= 0)
        kiosk->print_wake = sim_kiosk_plan(kiosk, SIM_PRINT_WAKE, wait, 0);
}

static void step_store(struct sim_kiosk *kiosk, struct outbox_request *request)
{
    kiosk->asked_by = request->from;
    outbox_step(kiosk->outbox, request, emit, kiosk);
    if (!sim_kiosk_fell(kiosk))
        sim_check_step(kiosk);
}

void sim_kiosk_step(struct sim_kiosk *kiosk, struct sim_event *event)
{
    if (event->life != kiosk->life || !kiosk->is_on)
        return;
    if (event->what == SIM_STORE)
        step_store(kiosk, event->payload);
    else if (event->what == SIM_SYNC)
        step_sync(kiosk, event->payload);
    else if (event->what == SIM_PRINT)
        step_print(kiosk, event->payload);
    else if (event->what == SIM_SYNC_WAKE && event->order == kiosk->sync_wake)
        step_sync(kiosk, NULL);
    else if (event->what == SIM_PRINT_WAKE && event->order == kiosk->print_wake)
        step_print(kiosk, NULL);
}
