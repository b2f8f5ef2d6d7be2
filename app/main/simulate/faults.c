// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong at a kiosk, and when it is put right.
#include "simulate.h"

enum sim_fault {
    FAULT_POWER_AT_WRITE, // twice as likely as any other: what all this is about
    FAULT_POWER_AT_WRITE_TOO,
    FAULT_POWER_NOW,
    FAULT_KILLED,
    FAULT_IO_ERROR,
    FAULT_DISK_FULL,
    FAULT_CLOCK,
    FAULT_PRINTER,
    FAULT_LINE_BAD,
    FAULT_LINE_DOWN,
    FAULTS
};

enum { CHANGES_AHEAD = 60, CLOCK_LEAP = 3 * SIM_DAY };

static int64_t mean_gap(const struct sim *sim)
{
    static const int64_t gaps[] = {0, 8 * SIM_HOUR, 3 * SIM_HOUR, SIM_HOUR};
    return gaps[sim->plan.faults];
}

void sim_fault_plan(struct sim_kiosk *kiosk)
{
    int64_t gap = mean_gap(kiosk->sim);
    if (gap > 0 && !kiosk->sim->is_draining)
        (void)sim_kiosk_plan(kiosk, SIM_FAULT, sim_random_wait(&kiosk->random, gap), 0);
}

void sim_kiosk_weather(struct sim_kiosk *kiosk, bool bad, bool down)
{
    struct sim_network_faults faults = {.is_down = down};
    int *const rates[] = {&faults.drop_request, &faults.drop_answer, &faults.delay,
                          &faults.duplicate,    &faults.cut_request, &faults.cut_answer,
                          &faults.server_error, &faults.portal};
    int64_t most = kiosk->sim->is_draining ? 0 : bad ? 120 : 4 * kiosk->sim->plan.faults;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
        *rates[i] = (int)sim_random_below(&kiosk->random, most + 1);
    sim_network_set(&kiosk->network, &faults);
}

static void plan_disk(struct sim_kiosk *kiosk, enum sim_disk_fault fault)
{
    long at = (long)sim_random_between(&kiosk->random, 1, CHANGES_AHEAD);
    sim_disk_plan(kiosk->disk, fault, at);
}

static void clock_fault(struct sim_kiosk *kiosk)
{
    int64_t by = sim_random_between(&kiosk->random, -CLOCK_LEAP, CLOCK_LEAP);
    sim_clock_jump(&kiosk->clock, by);
    sim_trace(kiosk->sim, kiosk->index, "clock leaps by %d s", (int)(by / 1000));
}

static void printer_fault(struct sim_kiosk *kiosk)
{
    int64_t fault = sim_random_between(&kiosk->random, SIM_PRINTER_PAPER_OUT, SIM_PRINTER_FORGETS);
    sim_printer_set(&kiosk->printer, (enum sim_printer_fault)fault);
}

static void strike(struct sim_kiosk *kiosk, enum sim_fault fault)
{
    switch (fault) {
    case FAULT_POWER_AT_WRITE:
    case FAULT_POWER_AT_WRITE_TOO: plan_disk(kiosk, SIM_DISK_POWER_CUT); break;
    case FAULT_POWER_NOW:
        sim_disk_cut(kiosk->disk);
        (void)sim_kiosk_fell(kiosk);
        break;
    case FAULT_KILLED:
        sim_disk_kill(kiosk->disk);
        (void)sim_kiosk_fell(kiosk);
        break;
    case FAULT_IO_ERROR: plan_disk(kiosk, SIM_DISK_ERROR_ONCE); break;
    case FAULT_DISK_FULL: plan_disk(kiosk, SIM_DISK_FULL); break;
    case FAULT_CLOCK: clock_fault(kiosk); break;
    case FAULT_PRINTER: printer_fault(kiosk); break;
    case FAULT_LINE_BAD: sim_kiosk_weather(kiosk, true, false); break;
    case FAULT_LINE_DOWN: sim_kiosk_weather(kiosk, false, true); break;
    case FAULTS: break;
    }
}

static void recover(struct sim_kiosk *kiosk, enum sim_fault fault)
{
    switch (fault) {
    case FAULT_DISK_FULL: sim_disk_plan(kiosk->disk, SIM_DISK_NO_FAULT, 0); break;
    case FAULT_CLOCK: sim_clock_correct(&kiosk->clock, TIME_RTC); break;
    case FAULT_PRINTER: sim_printer_set(&kiosk->printer, SIM_PRINTER_GOOD); break;
    case FAULT_LINE_BAD:
    case FAULT_LINE_DOWN: sim_kiosk_weather(kiosk, false, false); break;
    case FAULT_POWER_AT_WRITE:
    case FAULT_POWER_AT_WRITE_TOO:
    case FAULT_POWER_NOW:
    case FAULT_KILLED:
    case FAULT_IO_ERROR:
    case FAULTS: break;
    }
}

void sim_fault_heal(struct sim_kiosk *kiosk)
{
    sim_disk_plan(kiosk->disk, SIM_DISK_NO_FAULT, 0);
    for (int fault = 0; fault < FAULTS; fault++)
        recover(kiosk, (enum sim_fault)fault);
    if (!kiosk->is_on)
        sim_kiosk_start(kiosk);
}

void sim_fault_step(struct sim_kiosk *kiosk, struct sim_event *event)
{
    static const char *const names[FAULTS] = {
        "power cut at a write",
        "power cut at a write",
        "power cut",
        "killed",
        "I/O error",
        "disk full",
        "clock",
        "printer",
        "line is bad",
        "line is down",
    };
    if (kiosk->sim->is_draining)
        return;
    if (event->what == SIM_FAULT_END) {
        recover(kiosk, (enum sim_fault)event->number);
        return;
    }
    int fault = (int)sim_random_below(&kiosk->random, FAULTS);
    if (kiosk->is_on) {
        sim_trace(kiosk->sim, kiosk->index, "fault: %s", names[fault]);
        strike(kiosk, (enum sim_fault)fault);
        (void)sim_kiosk_plan(kiosk, SIM_FAULT_END, sim_random_wait(&kiosk->random, 40 * SIM_MINUTE),
                             fault);
    }
    sim_fault_plan(kiosk);
}
