// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include <stdbool.h>
#include <stddef.h>

/// Port: the receipt printer. Real driver: drivers/cups (a CUPS queue or an IPP printer itself);
/// simulated: drivers/sim. All calls block with a bound (a few seconds) and are made by the print
/// worker alone. Source of the recipe: "accepted" is not "printed"; a job that may have printed is
/// never repeated by itself.

enum printer_job_state {
    PRINTER_JOB_PENDING, ///< taken, not begun
    PRINTER_JOB_PRINTING,
    PRINTER_JOB_PRINTED,     ///< the printer said so
    PRINTER_JOB_NOT_PRINTED, ///< surely not printed: may be tried again
    PRINTER_JOB_UNKNOWN,     ///< may have printed: only a person decides
};

enum {
    PRINTER_NO_PAPER = 1,
    PRINTER_COVER_OPEN = 2,
    PRINTER_JAM = 4,
    PRINTER_OFFLINE = 8,
    PRINTER_LOW_PAPER = 16,
    PRINTER_OTHER = 32
};

struct printer_status {
    unsigned reasons; ///< PRINTER_... bits; 0 = ready
    char detail[160]; ///< the printer's own words, for staff
};

/// Everything needed to ask about a job again after a restart. Plain text fields, kept in the
/// store.
struct printer_job {
    char name[64]; ///< receipt id + attempt, never used twice: the key for recovery
    char uuid[64];
    int id;                  ///< 0 = not created
    long up_time_at_start_s; ///< device uptime when it was sent: smaller later = it was switched
                             ///< off in between
};

struct printer_ops {
    /// Asks the device itself. ERR_OK with reasons, also when it is off (PRINTER_OFFLINE).
    enum err (*status)(void *self, struct printer_status *out, struct fail *why);
    /// Create-Job: fills id and uuid; nothing is printed yet. `job->name` is given.
    enum err (*create)(void *self, struct printer_job *job, const char *media, struct fail *why);
    /// Send-Document (last-document = true) of PWG raster bytes. ERR_OK = accepted by the print
    /// system.
    enum err (*send)(void *self, const struct printer_job *job, const void *pwg, size_t length,
                     struct fail *why);
    enum err (*job_state)(void *self, const struct printer_job *job, enum printer_job_state *state,
                          struct printer_status *status, struct fail *why);
    /// Takes the job back if the printer has not begun it. ERR_CONFLICT when it has. ERR_UNKNOWN:
    /// taken back, but it may have begun; ERR_RETRY: no answer, it may still print.
    enum err (*cancel)(void *self, const struct printer_job *job, struct fail *why);
    /// Cancels whatever job of ours the print system still holds (start-up, before any recovery),
    /// by name prefix.
    enum err (*cancel_all)(void *self, const char *name_prefix, struct fail *why);
};
struct printer {
    const struct printer_ops *ops;
    void *self;
};
