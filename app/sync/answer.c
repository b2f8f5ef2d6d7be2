// SPDX-License-Identifier: GPL-3.0-or-later
// What a server's answer means. Only 201 with an OpenRosa envelope is "received": a captive portal,
// a proxy or a half-set-up server answers 200, 204 or a redirect to anything.
#include "sync_internal.h"

#include "yimen/base/text.h"
#include "yimen/xml/read.h"

#include <stdio.h>
#include <string.h>

static const char envelope_namespace[] = "http://openrosa.org/http/response";

// Reads the envelope's message, for staff. False when the body is no envelope.
static bool read_envelope(const struct strbuf *body, char *message, size_t room)
{
    struct xml_document *document = NULL;
    message[0] = '\0';
    if (xml_parse(strbuf_text(body), body->length, LIMIT_HTTP_REPLY, &document, NULL) != ERR_OK)
        return false;
    const struct xml_element *root = xml_root(document);
    bool is_envelope = text_equal(xml_name(root), "OpenRosaResponse") &&
                       text_equal(xml_namespace(root), envelope_namespace);
    char whole[1024];
    if (is_envelope && xml_text(xml_find(root, "message"), whole, sizeof whole, NULL) == ERR_OK)
        text_copy(message, room, whole);
    xml_free(document);
    return is_envelope;
}

// A server that is busy, or has had enough of us for today, says when to come again.
static enum send_outcome outcome_of(const struct http_response *response)
{
    int status = response->status;
    static const struct {
        int status;
        enum send_outcome outcome;
    } known[] = {
        {400, SEND_QUARANTINED}, {401, SEND_STOPPED},     {403, SEND_STOPPED},
        {404, SEND_HELD},        {405, SEND_QUARANTINED}, {409, SEND_QUARANTINED},
        {410, SEND_HELD},        {413, SEND_QUARANTINED}, {415, SEND_QUARANTINED},
        {422, SEND_QUARANTINED}, {507, SEND_RETRY},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].status == status)
            return known[i].outcome;
    bool is_busy = status == 429 || status == 503;
    return is_busy && response->retry_after_s > 0 ? SEND_LATER : SEND_RETRY;
}

// ODK Central says 409 of a record that differs from the one it has under this id, and also while a
// form is closed for a day: then nothing is wrong with the case.
static bool is_closed_form(const char *message)
{
    static const char *const said[] = {"not currently accepting submissions",
                                       "not accepting submissions"};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        if (strcasestr(message, said[i]))
            return true;
    return false;
}

// No answer at all, or none that can be trusted.
static struct verdict no_answer(enum err err, const struct fail *why)
{
    struct verdict verdict = {.outcome = SEND_RETRY, .offline = true};
    verdict.alarm = err == ERR_DENIED || err == ERR_TECHNICIAN;
    text_copy(verdict.detail, sizeof verdict.detail, why->text);
    return verdict;
}

struct verdict answer_to_post(const struct sync *sync, enum err err, const struct fail *why)
{
    if (err)
        return no_answer(err, why);
    int status = sync->response.status;
    char message[120];
    bool is_envelope = read_envelope(&sync->response.body, message, sizeof message);
    struct verdict verdict = {.outcome = outcome_of(&sync->response),
                              .wait_s = sync->response.retry_after_s};
    if (is_envelope && (status == 201 || (status == 202 && sync->options.openrosa_only)))
        verdict.outcome = sync->options.openrosa_only ? SEND_UNVERIFIED : SEND_RECEIVED;
    if (is_envelope && status == 409 && is_closed_form(message))
        verdict.outcome = SEND_HELD;
    verdict.alarm = verdict.outcome == SEND_STOPPED || verdict.outcome == SEND_HELD;
    snprintf(verdict.detail, sizeof verdict.detail, "%d %s", status,
             is_envelope    ? message
             : status < 400 ? "not an OpenRosa answer (captive portal or proxy?)"
                            : "");
    return verdict;
}

struct verdict answer_by_status(const struct sync *sync, enum err err, const struct fail *why)
{
    if (err)
        return no_answer(err, why);
    int status = sync->response.status;
    struct verdict verdict = {.outcome = outcome_of(&sync->response),
                              .wait_s = sync->response.retry_after_s};
    verdict.alarm = verdict.outcome == SEND_STOPPED;
    snprintf(verdict.detail, sizeof verdict.detail, "a part was answered with %d", status);
    return verdict;
}

struct verdict answer_to_head(const struct sync *sync, enum err err, const struct fail *why)
{
    if (err)
        return no_answer(err, why);
    int status = sync->response.status;
    struct verdict verdict = {.outcome = SEND_RETRY};
    if (status == 204 && sync->response.openrosa_version[0]) {
        verdict.outcome = SEND_RECEIVED;
    } else if (status == 401 || status == 403) {
        verdict.outcome = SEND_STOPPED;
        verdict.alarm = true;
    } else if (outcome_of(&sync->response) == SEND_LATER) {
        verdict.outcome = SEND_LATER;
        verdict.wait_s = sync->response.retry_after_s;
    }
    snprintf(verdict.detail, sizeof verdict.detail, "HEAD answered %d%s", status,
             status < 400 && verdict.outcome == SEND_RETRY
                 ? ", not an OpenRosa server (captive portal or proxy?)"
                 : "");
    return verdict;
}
