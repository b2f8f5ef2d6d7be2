// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/driver/cups.h"
#include <cups/cups.h>

// One IPP address: a queue of the print system, or a printer.
struct endpoint {
    char host[128];
    char resource[192];
    char uri[384];
    int port;
    bool secure;
    bool known;
};

struct cups_printer {
    struct endpoint target; // where jobs go
    struct endpoint device; // the printer itself; unknown where it does not speak IPP
    bool is_queue;
    int connect_ms;
    double answer_s;
    int history_job; // the job for which `history_missing` was noted
    bool history_missing;
};

// What a queue or a printer says about itself.
struct printer_says {
    ipp_pstate_t state;
    bool accepting;
    bool missing_history; // the queue saw its printer forget a job, at some time
    long up_time_s;
    struct printer_status status;
    char device_uri[384];
};

// What it says about a job.
struct job_says {
    int id;
    ipp_jstate_t state;
    char uuid[64];
    char reasons[256];         // job-state-reasons, joined by ','
    char message[160];         // job-printer-state-message
    char printer_reasons[256]; // job-printer-state-reasons
    int sheets;                // 0 = not said
};

// ipp.c
enum err endpoint_parse(const char *uri, struct endpoint *out, struct fail *why);
ipp_t *ipp_request(const struct endpoint *endpoint, ipp_op_t operation);
// `request` is taken. Free `*response`. ERR_NOT_FOUND: no such job or queue; ERR_RETRY: no answer;
// ERR_CONFLICT: not possible now; ERR_TECHNICIAN: refused.
enum err ipp_ask(const struct cups_printer *self, const struct endpoint *endpoint, ipp_t *request,
                 ipp_t **response, struct fail *why);
enum err ipp_send(const struct cups_printer *self, ipp_t *request, const void *data, size_t length,
                  struct fail *why);
void ipp_joined(ipp_t *response, const char *name, char *out, size_t room);
int ipp_number(ipp_t *response, const char *name, int otherwise);
bool ipp_lists(const char *joined, const char *keyword_prefix);
// reasons.c
unsigned reasons_bits(const char *joined);
enum err printer_ask(const struct cups_printer *self, const struct endpoint *endpoint,
                     struct printer_says *says, struct fail *why);
void device_learn(struct cups_printer *self, const struct printer_says *says);
enum err cups_status(void *self, struct printer_status *out, struct fail *why);
// submit.c
enum err cups_create(void *self, struct printer_job *job, const char *media, struct fail *why);
enum err cups_send(void *self, const struct printer_job *job, const void *pwg, size_t length,
                   struct fail *why);
// job_state.c
enum err job_ask(const struct cups_printer *self, const struct endpoint *endpoint, int id,
                 struct job_says *says, struct fail *why);
// By name, the newest; ERR_NOT_FOUND.
enum err job_find(const struct cups_printer *self, const struct endpoint *endpoint,
                  const char *name, struct job_says *says, struct fail *why);
enum err cups_job_state(void *self, const struct printer_job *job, enum printer_job_state *state,
                        struct printer_status *status, struct fail *why);
// cancel.c
enum err job_cancel(const struct cups_printer *self, const struct endpoint *endpoint, int id,
                    struct fail *why);
enum err cups_cancel(void *self, const struct printer_job *job, struct fail *why);
enum err cups_cancel_all(void *self, const char *name_prefix, struct fail *why);
