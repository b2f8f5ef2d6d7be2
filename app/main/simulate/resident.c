// SPDX-License-Identifier: GPL-3.0-or-later
// People at a kiosk: residents who hand in, try again and leave; staff who look at the queue.
#include "simulate.h"
#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    OPENS = 9 * SIM_HOUR,
    CLOSES = 17 * SIM_HOUR,
    BETWEEN_VISITS = 80 * SIM_MINUTE,
    URGENT = 100, // of 1,000 visits
    SCANS = 50,   // likewise
    TRIES = 3,
};

static const char clerk[] = "1001";

static void plan_visitor(struct sim_kiosk *kiosk)
{
    const struct sim *sim = kiosk->sim;
    if (sim->is_draining)
        return;
    int64_t wait = sim_random_wait(&kiosk->random, BETWEEN_VISITS);
    int64_t hour = (sim->now_ms + wait - sim->start_ms) % SIM_DAY;
    if (hour < OPENS)
        wait += OPENS - hour;
    else if (hour >= CLOSES)
        wait += SIM_DAY - hour + OPENS;
    (void)sim_kiosk_plan(kiosk, SIM_VISITOR, wait, 0);
}

static void begin_visit(struct sim_kiosk *kiosk)
{
    uint64_t high = sim_random_next(&kiosk->random), low = sim_random_next(&kiosk->random);
    bool urgent = sim_random_chance(&kiosk->random, URGENT);
    kiosk->in_visit = true;
    kiosk->tries = kiosk->pages = 0;
    kiosk->visits++;
    (void)snprintf(kiosk->visit_instance, sizeof kiosk->visit_instance,
                   "uuid:%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(high >> 32),
                   (unsigned)(high & 0xFFFF), (unsigned)(high >> 16 & 0xFFF), (unsigned)(low >> 52),
                   (unsigned long long)(low & 0xFFFFFFFFFFFF));
    sim_trace(kiosk->sim, kiosk->index, "visitor %s%s", kiosk->visit_instance,
              urgent ? ", urgent" : "");
    if (urgent) {
        struct outbox_request open = {.kind = OUTBOX_URGENT_OPEN,
                                      .when = clock_now(&kiosk->clock.clock)};
        text_copy(open.text, sizeof open.text, "counter");
        sim_kiosk_ask(kiosk, &open);
    }
    if (!urgent && sim_random_chance(&kiosk->random, SCANS))
        sim_pages_give(kiosk);
    struct sim_event hand_in = {.at_ms = kiosk->sim->now_ms +
                                         sim_random_between(&kiosk->random, 30000, 5 * SIM_MINUTE),
                                .what = SIM_TRY_AGAIN,
                                .kiosk = kiosk->index,
                                .life = kiosk->life,
                                .payload = sim_form_draft(kiosk, kiosk->visit_instance, urgent)};
    (void)sim_events_add(&kiosk->sim->events, hand_in);
}

static void hand_in(struct sim_kiosk *kiosk, struct case_draft *draft)
{
    struct sim_case *known = sim_ledger_try(&kiosk->sim->ledger, draft->instance_id, kiosk->index);
    struct outbox_request save = {.kind = OUTBOX_SAVE, .draft = draft};
    known->urgent = draft->urgent;
    known->pages = kiosk->pages;
    kiosk->tries++;
    sim_kiosk_ask(kiosk, &save);
}

static void end_visit(struct sim_kiosk *kiosk)
{
    struct outbox_request ended = {.kind = OUTBOX_VISIT_ENDED};
    struct print_request take_back = {.kind = PRINT_VISIT_ENDED};
    text_copy(ended.instance, sizeof ended.instance, kiosk->visit_instance);
    sim_kiosk_ask(kiosk, &ended);
    sim_kiosk_print(kiosk, &take_back);
    kiosk->in_visit = false;
}

// ---- what the outbox says

static void print(struct sim_kiosk *kiosk, struct outbox_reply *reply)
{
    struct print_request request = {.kind = PRINT_RECEIPT, .facts = reply->facts};
    reply->facts = NULL;
    text_copy(request.job, sizeof request.job, reply->job);
    sim_kiosk_print(kiosk, &request);
}

static void saved(struct sim_kiosk *kiosk, struct outbox_reply *reply)
{
    struct sim *sim = kiosk->sim;
    struct sim_case *known = sim_ledger_find(&sim->ledger, kiosk->visit_instance);
    sim_trace(sim, kiosk->index, "saved %s as %s", kiosk->visit_instance, reply->facts->number);
    if (!known || known->is_promised ||
        !sim_ledger_saved(&sim->ledger, known, reply->facts->number))
        sim_violate(sim, "receipt number %s was given twice", reply->facts->number);
    else
        known->is_promised = true;
    kiosk->known++;
    print(kiosk, reply);
    kiosk->sync_wake = sim_kiosk_plan(kiosk, SIM_SYNC_WAKE, 1, 0);
    int64_t stays = sim_random_wait(&kiosk->random, 5000);
    (void)sim_kiosk_plan(kiosk, SIM_VISIT_END, stays, 0);
}

static void not_saved(struct sim_kiosk *kiosk, struct outbox_reply *reply)
{
    sim_trace(kiosk->sim, kiosk->index, "not saved: %s", reply->why);
    if (reply->err == ERR_CORRUPT || reply->err == ERR_BUG || reply->err == ERR_INPUT)
        sim_violate(kiosk->sim, "saving failed for a reason nobody caused: %s", reply->why);
    if (kiosk->tries >= TRIES) { // leaves, without a receipt and without a promise
        (void)sim_kiosk_plan(kiosk, SIM_VISIT_END, 1, 0);
        return;
    }
    struct sim_event again = {.at_ms = kiosk->sim->now_ms +
                                       sim_random_between(&kiosk->random, 3000, SIM_MINUTE),
                              .what = SIM_TRY_AGAIN,
                              .kiosk = kiosk->index,
                              .life = kiosk->life,
                              .payload = reply->draft};
    reply->draft = NULL;
    (void)sim_events_add(&kiosk->sim->events, again);
}

static void look_at_queue(struct sim_kiosk *kiosk, const struct outbox_reply *listed)
{
    for (size_t i = 0; i < listed->row_count; i++) {
        const struct outbox_row *row = &listed->rows[i];
        if (!text_equal(row->state, "quarantined") && !text_equal(row->state, "held"))
            continue;
        struct outbox_request retry = {.kind = OUTBOX_RETRY};
        text_copy(retry.receipt, sizeof retry.receipt, row->number);
        text_copy(retry.staff, sizeof retry.staff, clerk);
        sim_trace(kiosk->sim, kiosk->index, "staff retries %s (%s)", row->number, row->reason);
        sim_kiosk_ask(kiosk, &retry);
    }
}

void sim_resident_answer(struct sim_kiosk *kiosk, struct outbox_reply *reply)
{
    if (reply->kind == OUTBOX_SAVED)
        saved(kiosk, reply);
    else if (reply->kind == OUTBOX_SAVE_FAILED)
        not_saved(kiosk, reply);
    else if (reply->kind == OUTBOX_URGENT_OPENED)
        kiosk->open_calls++;
    else if (reply->kind == OUTBOX_LISTED)
        look_at_queue(kiosk, reply);
    else if (reply->kind == OUTBOX_RECEIPT_READY)
        print(kiosk, reply);
    else if (reply->kind == OUTBOX_SELF_TESTED && !(reply->database_good && reply->audit_good))
        sim_violate(kiosk->sim, "the self-test of kiosk %d finds %s", kiosk->index + 1,
                    reply->database_good ? "a broken audit chain" : "a damaged database");
    else if (reply->kind == OUTBOX_PAGE_HELD || reply->kind == OUTBOX_PAGE_REFUSED)
        sim_pages_answered(kiosk, reply);
    else if (reply->kind == OUTBOX_FAILED)
        sim_trace(kiosk->sim, kiosk->index, "failed: %s", reply->why);
    outbox_reply_clear(reply);
}

// ---- staff

// Any case of this kiosk that a resident holds a receipt of.
static const struct sim_case *any_case(struct sim_kiosk *kiosk)
{
    const struct sim_ledger *ledger = &kiosk->sim->ledger;
    if (ledger->count == 0)
        return NULL;
    size_t from = (size_t)sim_random_below(&kiosk->random, (int64_t)ledger->count);
    for (size_t i = 0; i < ledger->count; i++) {
        const struct sim_case *known = &ledger->cases[(from + i) % ledger->count];
        if (known->kiosk == kiosk->index && known->is_promised)
            return known;
    }
    return NULL;
}

static void staff_act(struct sim_kiosk *kiosk)
{
    struct outbox_request request = {.kind = OUTBOX_LIST};
    text_copy(request.staff, sizeof request.staff, clerk);
    int64_t chance = kiosk->sim->is_draining ? 0 : sim_random_below(&kiosk->random, 6);
    const struct sim_case *known = chance == 1 || chance == 2 ? any_case(kiosk) : NULL;
    if (known) {
        request.kind = chance == 1 ? OUTBOX_RECEIPT : OUTBOX_RETRY;
        text_copy(request.receipt, sizeof request.receipt, known->number);
        sim_trace(kiosk->sim, kiosk->index, "staff: %s %s", chance == 1 ? "reprint" : "retry",
                  known->number);
    } else if (chance == 3) {
        request.kind = OUTBOX_URGENT_CLOSE;
        text_copy(request.text, sizeof request.text, "helped");
        kiosk->open_calls = 0; // may be done although the answer is "failed"
    } else if (chance == 4) {
        request.kind = OUTBOX_SELF_TEST;
    }
    sim_kiosk_ask(kiosk, &request);
}

void sim_resident_step(struct sim_kiosk *kiosk, struct sim_event *event)
{
    bool is_alive = kiosk->is_on && event->life == kiosk->life;
    if (event->what == SIM_VISITOR) {
        if (kiosk->is_on && !kiosk->in_visit && !kiosk->sim->is_draining)
            begin_visit(kiosk);
        plan_visitor(kiosk);
    } else if (event->what == SIM_STAFF) {
        if (kiosk->is_on)
            staff_act(kiosk);
        (void)sim_kiosk_plan(kiosk, SIM_STAFF, sim_random_wait(&kiosk->random, 3 * SIM_HOUR), 0);
    } else if (event->what == SIM_TRY_AGAIN && is_alive) {
        hand_in(kiosk, event->payload);
        event->payload = NULL;
    } else if (event->what == SIM_VISIT_END && is_alive) {
        end_visit(kiosk);
    }
}
