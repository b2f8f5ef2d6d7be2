// SPDX-License-Identifier: GPL-3.0-or-later
// One run: the world begins at midnight, lives its days, is put right, drains and is counted.
#include "simulate.h"
#include "yimen/driver/crypto_seed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { DRAIN_DAYS = 5, EVENING = 17 * SIM_HOUR + 30 * SIM_MINUTE, NIGHT = 15 * SIM_HOUR };

static const int64_t first_midnight = 1795449600000 - 8 * (int64_t)SIM_HOUR;

// Some kiosks are switched off over night, as they should be.
static void evening(struct sim_kiosk *kiosk)
{
    assert(kiosk);
    struct sim *sim = kiosk->sim;
    if (!sim->is_draining)
        (void)sim_kiosk_plan(kiosk, SIM_EVENING, SIM_DAY, 0);
    if (!kiosk->is_on || sim->is_draining)
        return;
    sim_check_kiosk(kiosk);
    if (sim_random_chance(&kiosk->random, 500))
        return;
    sim_trace(sim, kiosk->index, "switched off for the night");
    sim_kiosk_stop(kiosk);
    sim_clock_reboot(&kiosk->clock, TIME_RTC);
    (void)sim_kiosk_plan(kiosk, SIM_POWER_ON, NIGHT, 0);
}

static void deliver_late(struct sim_kiosk *kiosk)
{
    sim_network_deliver(&kiosk->network);
    int64_t wait = sim_random_wait(&kiosk->random, 10 * SIM_MINUTE);
    (void)sim_kiosk_plan(kiosk, SIM_DELIVER, wait, 0);
}

static void handle(struct sim *sim, struct sim_event *event)
{
    struct sim_kiosk *kiosk = event->kiosk >= 0 ? &sim->kiosks[event->kiosk] : NULL;
    switch (event->what) {
    case SIM_STORE:
    case SIM_SYNC:
    case SIM_PRINT:
    case SIM_SYNC_WAKE:
    case SIM_PRINT_WAKE: sim_kiosk_step(kiosk, event); break;
    case SIM_VISITOR:
    case SIM_TRY_AGAIN:
    case SIM_VISIT_END:
    case SIM_STAFF: sim_resident_step(kiosk, event); break;
    case SIM_FAULT:
    case SIM_FAULT_END: sim_fault_step(kiosk, event); break;
    case SIM_POWER_ON:
        assert(kiosk);
        if (!kiosk->is_on)
            sim_kiosk_start(kiosk);
        break;
    case SIM_EVENING: evening(kiosk); break;
    case SIM_DELIVER: deliver_late(kiosk); break;
    case SIM_DISTRICT_WORK:
    case SIM_DISTRICT_FAULT:
    case SIM_DISTRICT_ON:
    case SIM_DISTRICT_BACKUP: sim_district_step(sim, event); break;
    }
}

static void run_until(struct sim *sim, int64_t end_ms)
{
    struct sim_event event;
    while (!sim->violation[0] && sim->events.count > 0 && sim->events.heap[0].at_ms <= end_ms &&
           sim_events_take(&sim->events, &event)) {
        sim->now_ms = event.at_ms;
        handle(sim, &event);
        sim_event_clear(&event);
    }
    if (!sim->violation[0])
        sim->now_ms = end_ms;
}

static enum err begin(struct sim *sim, struct fail *why)
{
    enum err err = sim_district_begin(sim, why);
    for (int i = 0; !err && i < sim->plan.kiosks; i++) {
        struct sim_kiosk *kiosk = &sim->kiosks[i];
        err = sim_kiosk_begin(sim, i, why);
        if (err)
            break;
        sim_kiosk_weather(kiosk, false, false);
        sim_kiosk_start(kiosk);
        (void)sim_kiosk_plan(kiosk, SIM_VISITOR, 0, 0);
        (void)sim_kiosk_plan(kiosk, SIM_STAFF, sim_random_wait(&kiosk->random, SIM_HOUR), 0);
        (void)sim_kiosk_plan(kiosk, SIM_EVENING, EVENING, 0);
        (void)sim_kiosk_plan(kiosk, SIM_DELIVER, SIM_HOUR, 0);
        sim_fault_plan(kiosk);
    }
    return err;
}

// Everything that is broken is mended, nobody new comes, and what is queued goes out.
static void drain(struct sim *sim)
{
    sim->is_draining = true;
    sim_trace(sim, -1, "drain");
    sim_disk_plan(sim->district.disk, SIM_DISK_NO_FAULT, 0);
    sim_district_start(sim);
    for (int i = 0; i < sim->plan.kiosks; i++)
        sim_fault_heal(&sim->kiosks[i]);
    for (int hour = 0; hour < DRAIN_DAYS * 24 && !sim->violation[0]; hour++) {
        run_until(sim, sim->now_ms + SIM_HOUR);
        if (hour > 0 && sim_check_drained(sim))
            return;
    }
    sim_violate(sim, "not everything was received within %d days", DRAIN_DAYS);
}

static void end(struct sim *sim)
{
    sim_events_free(&sim->events);
    for (int i = 0; i < sim->plan.kiosks; i++)
        sim_kiosk_end(&sim->kiosks[i]);
    sim_district_end(sim);
    sim_ledger_free(&sim->ledger);
    free(sim->kiosks);
    free(sim->trace);
}

enum err sim_run(const struct sim_plan *plan, struct sim_kit *kit, struct sim_result *out,
                 struct fail *why)
{
    struct sim sim = {
        .plan = *plan, .kit = kit, .now_ms = first_midnight, .start_ms = first_midnight};
    *out = (struct sim_result){0};
    sim.end_ms = sim.start_ms + plan->days * (int64_t)SIM_DAY;
    sim.kiosks = calloc((size_t)plan->kiosks, sizeof *sim.kiosks);
    sim.trace = calloc(SIM_TRACE_LINES, sizeof *sim.trace);
    enum err err = sim.kiosks && sim.trace ? crypto_seed(plan->seed, why)
                                           : fail_set(why, ERR_RETRY, "no memory");
    if (!err)
        err = begin(&sim, why);
    if (!err) {
        run_until(&sim, sim.end_ms);
        drain(&sim);
        sim_check_end(&sim, out);
    }
    out->unbacked = sim.violation[0] && strstr(sim.violation, "not backed") ? 1 : 0;
    out->steps = sim.steps;
    out->power_cuts = sim.power_cuts;
    out->trace_hash = sim.trace_hash;
    if (!err && sim.violation[0]) {
        err = fail_set(why, ERR_CORRUPT, "%s", sim.violation);
        if (!plan->trace)
            sim_trace_print(&sim, stdout);
    }
    end(&sim);
    return err;
}
