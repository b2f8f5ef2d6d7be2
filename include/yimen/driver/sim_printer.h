// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/strbuf.h"
#include "yimen/port/clock.h"
#include "yimen/port/files.h"
#include "yimen/port/printer.h"

/// The printer port without a printer: keeps what it printed, and fails when told to. Ships with
/// the product so that a person may try every fault on any machine; runs on the given clock, so
/// the whole kiosk can be simulated.
///
/// Life cycle: `sim_printer_open` -> port calls and faults -> `sim_printer_close`. One thread at a
/// time.

enum sim_printer_fault {
    SIM_PRINTER_GOOD,
    SIM_PRINTER_PAPER_OUT,  ///< jobs wait; they print after the refill
    SIM_PRINTER_COVER_OPEN, ///< likewise
    SIM_PRINTER_JAM,        ///< the job that is printing stops; nobody can tell what came out
    SIM_PRINTER_OFFLINE,    ///< no answer; what it held is lost
    SIM_PRINTER_SLOW,       ///< twenty times the time for each job
    SIM_PRINTER_FORGETS,    ///< loses the job it is printing, and says nothing about it
};

struct sim_printer_options {
    const struct clock *clock; ///< borrowed
    int print_ms;              ///< 0 = 300
    /// What happens when, in ms since it was opened: "5000 paper-out, 20000 good"; NULL: nothing.
    /// Words: good paper-out cover-open jam offline slow forgets.
    const char *script;
    const struct files
        *keep; ///< also writes each print as 001.pwg, 002.pwg, ...; NULL: memory only
};

/// ERR_INPUT: the script has an unknown word.
enum err sim_printer_open(const struct sim_printer_options *options, struct printer *out,
                          struct fail *why) MUST_USE;
/// NULL-safe, also for one never opened.
void sim_printer_close(struct printer *printer);
/// In force from now on, until the script says otherwise.
void sim_printer_set(struct printer *printer, enum sim_printer_fault fault);
/// How many receipts came out by now; the last one is in `*last` unless it is NULL (borrowed until
/// the next call).
int sim_printer_count(struct printer *printer, const struct strbuf **last);
