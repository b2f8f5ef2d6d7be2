// SPDX-License-Identifier: GPL-3.0-or-later
// Create-Job, then Send-Document: the job's id is known before the first byte of its document.
#include "cups_internal.h"
#include "yimen/base/text.h"
#include <string.h>

// A printer itself takes the size; the print system takes its name.
static enum err add_media(const struct cups_printer *self, ipp_t *request, const char *media,
                          struct fail *why)
{
    if (self->is_queue) {
        ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "media", NULL, media);
        return ERR_OK;
    }
    pwg_media_t *size = pwgMediaForPWG(media);
    if (!size)
        return fail_set(why, ERR_BUG, "\"%s\" is no media name", media);
    ipp_t *dimensions = ippNew(), *column = ippNew();
    ippAddInteger(dimensions, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension", size->width);
    ippAddInteger(dimensions, IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension", size->length);
    ippAddCollection(column, IPP_TAG_ZERO, "media-size", dimensions);
    ippAddCollection(request, IPP_TAG_JOB, "media-col", column);
    ippDelete(dimensions);
    ippDelete(column);
    return ERR_OK;
}

// How long the printer has been on, and whether its queue has already seen it forget a job.
static enum err note_before(struct cups_printer *self, struct printer_job *job, struct fail *why)
{
    struct printer_says says;
    enum err err = printer_ask(self, &self->target, &says, why);
    if (err)
        return err;
    device_learn(self, &says);
    self->history_missing = says.missing_history;
    if (self->is_queue && self->device.known) {
        err = printer_ask(self, &self->device, &says, why);
        if (err)
            return err;
    }
    job->up_time_at_start_s = self->device.known || !self->is_queue ? says.up_time_s : 0;
    return ERR_OK;
}

enum err cups_create(void *context, struct printer_job *job, const char *media, struct fail *why)
{
    struct cups_printer *self = context;
    job->id = 0;
    job->uuid[0] = '\0';
    enum err err = note_before(self, job, why);
    if (err)
        return fail_prefix(why, err, "creating a print job");
    ipp_t *request = ipp_request(&self->target, IPP_OP_CREATE_JOB);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, job->name);
    err = add_media(self, request, media, why);
    if (err) {
        ippDelete(request);
        return err;
    }
    ipp_t *response;
    err = ipp_ask(self, &self->target, request, &response, why);
    if (err)
        return fail_prefix(why, err, "creating a print job");
    job->id = ipp_number(response, "job-id", 0);
    ipp_joined(response, "job-uuid", job->uuid, sizeof job->uuid);
    ippDelete(response);
    self->history_job = job->id;
    if (job->id <= 0)
        return fail_set(why, ERR_RETRY, "a print job without a number");
    struct job_says says;
    if (!job->uuid[0] && job_ask(self, &self->target, job->id, &says, NULL) == ERR_OK)
        (void)text_copy(job->uuid, sizeof job->uuid, says.uuid);
    return ERR_OK;
}

// The document went astray on the way: was it taken? A job still waiting for its document is taken
// back, and has surely not printed.
static enum err after_failure(struct cups_printer *self, const struct printer_job *job,
                              struct fail *why)
{
    struct job_says says;
    bool waiting = job_ask(self, &self->target, job->id, &says, NULL) == ERR_OK &&
                   (says.state == IPP_JSTATE_HELD || says.state == IPP_JSTATE_PENDING) &&
                   ipp_lists(says.reasons, "job-incoming");
    bool dead = false;
    if (waiting && job_cancel(self, &self->target, job->id, NULL) == ERR_OK)
        dead = job_ask(self, &self->target, job->id, &says, NULL) == ERR_OK &&
               (says.state == IPP_JSTATE_CANCELED || says.state == IPP_JSTATE_ABORTED);
    return fail_prefix(why, dead ? ERR_RETRY : ERR_UNKNOWN, "sending the document");
}

enum err cups_send(void *context, const struct printer_job *job, const void *pwg, size_t length,
                   struct fail *why)
{
    struct cups_printer *self = context;
    ipp_t *request = ipp_request(&self->target, IPP_OP_SEND_DOCUMENT);
    ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job->id);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL,
                 "image/pwg-raster");
    ippAddBoolean(request, IPP_TAG_OPERATION, "last-document", 1);
    enum err err = ipp_send(self, request, pwg, length, why);
    return err ? after_failure(self, job, why) : ERR_OK;
}
