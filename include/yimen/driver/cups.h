// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/printer.h"

/// The printer port on IPP: a queue of the print system (CUPS), or an IPP printer itself.
///
/// Own IPP operations on own connections with bounded times: the convenience calls of libcups can
/// block for minutes and lose the job id. Behind a queue the printer itself is asked too where it
/// speaks IPP, because the queue says "completed" also for a printer that was switched off halfway.
/// Life cycle: `cups_printer_open` (no connection yet) -> calls -> `cups_printer_close`. Thread:
/// one at a time.

struct cups_printer_options {
    /// Name of a queue ("receipt") of the print system that CUPS_SERVER or client.conf name, or an
    /// address: ipp://host:port/printers/name (a queue), ipp://host:port/ipp/print (a printer).
    const char *printer;
    int connect_ms; ///< 0 = 3000
    int answer_ms;  ///< 0 = 5000
};

/// ERR_INPUT: not a name nor an address. The printer may be off: `status` tells.
enum err cups_printer_open(const struct cups_printer_options *options, struct printer *out,
                           struct fail *why) MUST_USE;
/// NULL-safe, also for one never opened.
void cups_printer_close(struct printer *printer);
