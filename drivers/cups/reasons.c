// SPDX-License-Identifier: GPL-3.0-or-later
// How the printer is. Keywords come with the printer's state as suffix (-report, -warning, -error):
// only their beginning tells.
#include "cups_internal.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

struct meaning {
    const char *keyword;
    unsigned bit;
};

static const struct meaning MEANINGS[] = {
    {"media-empty", PRINTER_NO_PAPER},
    {"media-needed", PRINTER_NO_PAPER},
    {"media-jam", PRINTER_JAM},
    {"media-low", PRINTER_LOW_PAPER},
    {"cover-open", PRINTER_COVER_OPEN},
    {"door-open", PRINTER_COVER_OPEN},
    {"interlock-open", PRINTER_COVER_OPEN},
    {"input-tray-missing", PRINTER_NO_PAPER},
    {"offline", PRINTER_OFFLINE},
    {"shutdown", PRINTER_OFFLINE},
    {"timed-out", PRINTER_OFFLINE},
    {"connecting-to-device", PRINTER_OFFLINE},
    {"paused", PRINTER_OTHER},
    {"moving-to-paused", PRINTER_OTHER},
    {"stopped", PRINTER_OTHER},
};

static bool ends_in_error(const char *keyword, size_t length)
{
    return length > 6 && strncmp(keyword + length - 6, "-error", 6) == 0;
}

static unsigned bit_of(const char *keyword, size_t length)
{
    for (size_t i = 0; i < sizeof MEANINGS / sizeof MEANINGS[0]; i++) {
        size_t known = strlen(MEANINGS[i].keyword);
        if (length >= known && strncmp(keyword, MEANINGS[i].keyword, known) == 0)
            return MEANINGS[i].bit;
    }
    return ends_in_error(keyword, length) ? PRINTER_OTHER : 0;
}

unsigned reasons_bits(const char *joined)
{
    unsigned bits = 0;
    while (*joined) {
        size_t length = strcspn(joined, ",");
        bits |= bit_of(joined, length);
        joined += length;
        joined += *joined == ',';
    }
    return bits;
}

enum err printer_ask(const struct cups_printer *self, const struct endpoint *endpoint,
                     struct printer_says *says, struct fail *why)
{
    static const char *const WANTED[] = {
        "printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "printer-up-time",
        "device-uri",
    };
    *says = (struct printer_says){0};
    ipp_t *request = ipp_request(endpoint, IPP_OP_GET_PRINTER_ATTRIBUTES);
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
                  sizeof WANTED / sizeof WANTED[0], NULL, WANTED);
    ipp_t *response;
    enum err err = ipp_ask(self, endpoint, request, &response, why);
    if (err)
        return fail_prefix(why, err, "asking %s how it is", endpoint->uri);
    says->state = (ipp_pstate_t)ipp_number(response, "printer-state", IPP_PSTATE_IDLE);
    says->up_time_s = ipp_number(response, "printer-up-time", 0);
    ipp_attribute_t *accepting =
        ippFindAttribute(response, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);
    says->accepting = !accepting || ippGetBoolean(accepting, 0);
    char reasons[512];
    ipp_joined(response, "printer-state-reasons", reasons, sizeof reasons);
    says->missing_history = ipp_lists(reasons, "cups-ipp-missing-job-history");
    says->status.reasons = reasons_bits(reasons);
    (void)text_copy(says->status.detail, sizeof says->status.detail, reasons);
    ipp_joined(response, "device-uri", says->device_uri, sizeof says->device_uri);
    ippDelete(response);
    return ERR_OK;
}

void device_learn(struct cups_printer *self, const struct printer_says *says)
{
    if (!self->is_queue)
        return;
    struct endpoint device;
    // A printer behind usb, a serial line or a spooler of its own: the queue speaks for it.
    if (endpoint_parse(says->device_uri, &device, NULL) == ERR_OK)
        self->device = device;
    else
        self->device.known = false;
}

static void set_status(struct printer_status *out, unsigned reasons, const char *detail)
{
    out->reasons |= reasons;
    (void)text_copy(out->detail, sizeof out->detail, detail);
}

enum err cups_status(void *context, struct printer_status *out, struct fail *why)
{
    struct cups_printer *self = context;
    struct printer_says says;
    *out = (struct printer_status){0};
    struct fail unheard = {0};
    enum err err = printer_ask(self, &self->target, &says, &unheard);
    if (err) {
        set_status(out, err == ERR_RETRY ? PRINTER_OFFLINE : PRINTER_OTHER, unheard.text);
        return ERR_OK;
    }
    device_learn(self, &says);
    bool refuses = !says.accepting || (self->is_queue && says.state == IPP_PSTATE_STOPPED);
    if (refuses)
        set_status(out, PRINTER_OTHER, "the queue is stopped");
    if (self->is_queue && self->device.known) {
        err = printer_ask(self, &self->device, &says, &unheard);
        if (err) {
            set_status(out, PRINTER_OFFLINE, unheard.text);
            return ERR_OK;
        }
    }
    out->reasons |= says.status.reasons;
    if (!refuses)
        (void)text_copy(out->detail, sizeof out->detail, says.status.detail);
    (void)why;
    return ERR_OK;
}
