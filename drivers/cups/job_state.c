// SPDX-License-Identifier: GPL-3.0-or-later
// What became of a job. "Completed" of a queue is not proof: the printer is asked, and a printer
// that was switched off in between makes the outcome unknown.
#include "cups_internal.h"
#include "yimen/base/text.h"
#include <string.h>

enum { SHEETS_OF_A_RECEIPT = 1 };

static const char *const WANTED[] = {
    "job-id",
    "job-name",
    "job-uuid",
    "job-state",
    "job-state-reasons",
    "job-printer-state-message",
    "job-printer-state-reasons",
    "job-media-sheets-completed",
};

static void want(ipp_t *request)
{
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
                  sizeof WANTED / sizeof WANTED[0], NULL, WANTED);
}

enum err job_ask(const struct cups_printer *self, const struct endpoint *endpoint, int id,
                 struct job_says *says, struct fail *why)
{
    *says = (struct job_says){.id = id};
    ipp_t *request = ipp_request(endpoint, IPP_OP_GET_JOB_ATTRIBUTES);
    ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", id);
    want(request);
    ipp_t *response;
    enum err err = ipp_ask(self, endpoint, request, &response, why);
    if (err)
        return fail_prefix(why, err, "asking for print job %d", id);
    says->state = (ipp_jstate_t)ipp_number(response, "job-state", 0);
    says->sheets = ipp_number(response, "job-media-sheets-completed", 0);
    ipp_joined(response, "job-uuid", says->uuid, sizeof says->uuid);
    ipp_joined(response, "job-state-reasons", says->reasons, sizeof says->reasons);
    ipp_joined(response, "job-printer-state-message", says->message, sizeof says->message);
    ipp_joined(response, "job-printer-state-reasons", says->printer_reasons,
               sizeof says->printer_reasons);
    ippDelete(response);
    return ERR_OK;
}

static int newest_of_name(ipp_t *response, const char *name)
{
    int found = 0, id = 0;
    const char *called = NULL;
    for (ipp_attribute_t *at = ippFirstAttribute(response);; at = ippNextAttribute(response)) {
        bool same_job = at && ippGetGroupTag(at) == IPP_TAG_JOB && ippGetName(at);
        if (!same_job) { // a separator between jobs, or the end
            if (id > found && called && text_equal(called, name))
                found = id;
            id = 0;
            called = NULL;
            if (!at)
                return found;
        } else if (text_equal(ippGetName(at), "job-id"))
            id = ippGetInteger(at, 0);
        else if (text_equal(ippGetName(at), "job-name"))
            called = ippGetString(at, 0, NULL);
    }
}

enum err job_find(const struct cups_printer *self, const struct endpoint *endpoint,
                  const char *name, struct job_says *says, struct fail *why)
{
    static const char *const WHICH[] = {"not-completed", "completed"};
    for (size_t i = 0; i < sizeof WHICH / sizeof WHICH[0]; i++) {
        ipp_t *request = ipp_request(endpoint, IPP_OP_GET_JOBS);
        ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", NULL, WHICH[i]);
        want(request);
        ipp_t *response;
        enum err err = ipp_ask(self, endpoint, request, &response, why);
        if (err)
            return fail_prefix(why, err, "looking for a print job");
        int id = newest_of_name(response, name);
        ippDelete(response);
        if (id)
            return job_ask(self, endpoint, id, says, why);
    }
    return fail_set(why, ERR_NOT_FOUND, "the printer knows no such job");
}

static bool ended_well(const struct job_says *says)
{
    return says->state == IPP_JSTATE_COMPLETED &&
           !ipp_lists(says->reasons, "job-completed-with-errors") &&
           !ipp_lists(says->reasons, "job-canceled");
}

// A printer whose job ended and that was not switched off meanwhile printed it.
static enum printer_job_state completed(struct cups_printer *self, const struct printer_job *job,
                                        struct printer_status *status)
{
    struct printer_says says;
    if (self->is_queue) {
        if (printer_ask(self, &self->target, &says, NULL) == ERR_OK && says.missing_history &&
            !(self->history_job == job->id && self->history_missing)) {
            (void)text_copy(status->detail, sizeof status->detail, "the printer forgot the job");
            return PRINTER_JOB_UNKNOWN;
        }
        if (!self->device.known)
            return PRINTER_JOB_PRINTED;
    }
    const struct endpoint *device = self->is_queue ? &self->device : &self->target;
    if (printer_ask(self, device, &says, NULL) != ERR_OK ||
        says.up_time_s < job->up_time_at_start_s) {
        (void)text_copy(status->detail, sizeof status->detail, "the printer was switched off");
        return PRINTER_JOB_UNKNOWN;
    }
    return PRINTER_JOB_PRINTED;
}

// Aborted before the printer had anything of it.
static bool surely_not_printed(const struct job_says *says)
{
    return ipp_lists(says->reasons, "document-format-error") ||
           ipp_lists(says->reasons, "document-unprintable-error") ||
           ipp_lists(says->reasons, "submission-interrupted") ||
           strstr(says->message, "not responding") || strstr(says->message, "no files") ||
           strstr(says->message, "No files");
}

static enum printer_job_state judge(struct cups_printer *self, const struct printer_job *job,
                                    const struct job_says *says, struct printer_status *status)
{
    switch (says->state) {
    case IPP_JSTATE_PENDING:
    case IPP_JSTATE_HELD: return PRINTER_JOB_PENDING;
    case IPP_JSTATE_PROCESSING:
    case IPP_JSTATE_STOPPED: return PRINTER_JOB_PRINTING;
    case IPP_JSTATE_COMPLETED:
        if (!ended_well(says))
            return PRINTER_JOB_UNKNOWN;
        if (says->sheets > SHEETS_OF_A_RECEIPT)
            (void)text_copy(status->detail, sizeof status->detail, "may have printed twice");
        return completed(self, job, status);
    case IPP_JSTATE_ABORTED:
        return self->is_queue && surely_not_printed(says) ? PRINTER_JOB_NOT_PRINTED
                                                          : PRINTER_JOB_UNKNOWN;
    case IPP_JSTATE_CANCELED: return PRINTER_JOB_UNKNOWN;
    }
    return PRINTER_JOB_UNKNOWN;
}

// The printer behind the queue knows sooner, and knows better. False: the queue is to be believed.
static bool device_printed(struct cups_printer *self, const struct printer_job *job,
                           struct printer_status *status)
{
    struct job_says says = {0};
    if (!self->is_queue || !self->device.known ||
        job_find(self, &self->device, job->name, &says, NULL) != ERR_OK)
        return false;
    return ended_well(&says) && completed(self, job, status) == PRINTER_JOB_PRINTED;
}

// Why it does not go on: the printer's own words, or the queue's about it.
static void add_reasons(struct cups_printer *self, const struct job_says *says,
                        struct printer_status *status)
{
    struct printer_says printer;
    const struct endpoint *device = self->is_queue ? &self->device : &self->target;
    status->reasons |= reasons_bits(says->printer_reasons);
    if (!device->known) {
        (void)text_copy(status->detail, sizeof status->detail, says->printer_reasons);
        return;
    }
    struct fail unheard = {0};
    if (printer_ask(self, device, &printer, &unheard) == ERR_OK) {
        status->reasons |= printer.status.reasons;
        (void)text_copy(status->detail, sizeof status->detail, printer.status.detail);
    } else {
        status->reasons |= PRINTER_OFFLINE;
        (void)text_copy(status->detail, sizeof status->detail, unheard.text);
    }
}

enum err cups_job_state(void *context, const struct printer_job *job, enum printer_job_state *state,
                        struct printer_status *status, struct fail *why)
{
    struct cups_printer *self = context;
    *status = (struct printer_status){0};
    struct job_says says = {0};
    enum err err = job_ask(self, &self->target, job->id, &says, why);
    if (err == ERR_NOT_FOUND ||
        (!err && job->uuid[0] && says.uuid[0] && !text_equal(job->uuid, says.uuid))) {
        // Forgotten, or its number was given to another.
        (void)text_copy(status->detail, sizeof status->detail, "the job is not known any more");
        *state = PRINTER_JOB_UNKNOWN;
        return ERR_OK;
    }
    if (err)
        return err;
    if (says.state != IPP_JSTATE_CANCELED && device_printed(self, job, status)) {
        *state = PRINTER_JOB_PRINTED;
        return ERR_OK;
    }
    *state = judge(self, job, &says, status);
    if (*state == PRINTER_JOB_PENDING || *state == PRINTER_JOB_PRINTING)
        add_reasons(self, &says, status);
    else if (!status->detail[0])
        (void)text_copy(status->detail, sizeof status->detail,
                        says.message[0] ? says.message : says.reasons);
    return ERR_OK;
}
