// SPDX-License-Identifier: GPL-3.0-or-later
// One question, one connection, one bounded time.
#include "cups_internal.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

enum err endpoint_parse(const char *uri, struct endpoint *out, struct fail *why)
{
    char scheme[32], user[64];
    *out = (struct endpoint){0};
    if (httpSeparateURI(HTTP_URI_CODING_ALL, uri, scheme, sizeof scheme, user, sizeof user,
                        out->host, sizeof out->host, &out->port, out->resource,
                        sizeof out->resource) < HTTP_URI_STATUS_OK)
        return fail_set(why, ERR_INPUT, "\"%.80s\" is no printer address", uri);
    out->secure = text_equal(scheme, "ipps");
    if (!out->secure && !text_equal(scheme, "ipp"))
        return fail_set(why, ERR_INPUT, "\"%.80s\" is no ipp address", uri);
    // Options of the print system's own transport are nothing to the printer.
    out->resource[strcspn(out->resource, "?")] = '\0';
    (void)httpAssembleURI(HTTP_URI_CODING_ALL, out->uri, sizeof out->uri, scheme, NULL, out->host,
                          out->port, out->resource);
    out->known = true;
    return ERR_OK;
}

ipp_t *ipp_request(const struct endpoint *endpoint, ipp_op_t operation)
{
    ipp_t *request = ippNewRequest(operation);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, endpoint->uri);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, "yimen");
    return request;
}

// Nobody is there to type a password.
static const char *no_password(const char *prompt, http_t *http, const char *method,
                               const char *resource, void *context)
{
    (void)prompt, (void)http, (void)method, (void)resource, (void)context;
    return NULL;
}

static http_t *connect_to(const struct cups_printer *self, const struct endpoint *endpoint,
                          struct fail *why)
{
    cupsSetPasswordCB2(no_password, NULL);
    http_encryption_t encryption =
        endpoint->secure ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED;
    http_t *http = httpConnect2(endpoint->host, endpoint->port, NULL, AF_UNSPEC, encryption, 1,
                                self->connect_ms, NULL);
    if (!http) {
        (void)fail_set(why, ERR_RETRY, "%s:%d does not answer", endpoint->host, endpoint->port);
        return NULL;
    }
    httpSetTimeout(http, self->answer_s, NULL, NULL);
    return http;
}

static enum err outcome(ipp_status_t status, struct fail *why)
{
    if (status < IPP_STATUS_ERROR_BAD_REQUEST && status != IPP_STATUS_CUPS_INVALID &&
        status >= IPP_STATUS_OK)
        return ERR_OK;
    enum err err = ERR_TECHNICIAN;
    if (status == IPP_STATUS_ERROR_NOT_FOUND || status == IPP_STATUS_ERROR_GONE)
        err = ERR_NOT_FOUND;
    else if (status == IPP_STATUS_ERROR_NOT_POSSIBLE)
        err = ERR_CONFLICT;
    else if (status == IPP_STATUS_ERROR_BUSY || status == IPP_STATUS_ERROR_SERVICE_UNAVAILABLE ||
             status == IPP_STATUS_ERROR_TEMPORARY || status == IPP_STATUS_ERROR_TIMEOUT ||
             status == IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS || status == IPP_STATUS_ERROR_INTERNAL ||
             status < IPP_STATUS_OK)
        err = ERR_RETRY;
    return fail_set(why, err, "%s: %s", ippErrorString(status), cupsLastErrorString());
}

enum err ipp_ask(const struct cups_printer *self, const struct endpoint *endpoint, ipp_t *request,
                 ipp_t **response, struct fail *why)
{
    *response = NULL;
    http_t *http = connect_to(self, endpoint, why);
    if (!http) {
        ippDelete(request);
        return ERR_RETRY;
    }
    *response = cupsDoRequest(http, request, endpoint->resource);
    enum err err = *response ? outcome(ippGetStatusCode(*response), why)
                             : fail_set(why, ERR_RETRY, "%s", cupsLastErrorString());
    httpClose(http);
    if (err) {
        ippDelete(*response);
        *response = NULL;
    }
    return err;
}

enum err ipp_send(const struct cups_printer *self, ipp_t *request, const void *data, size_t length,
                  struct fail *why)
{
    http_t *http = connect_to(self, &self->target, why);
    if (!http) {
        ippDelete(request);
        return ERR_RETRY;
    }
    const char *resource = self->target.resource;
    http_status_t status = cupsSendRequest(http, request, resource, ippLength(request) + length);
    if (status == HTTP_STATUS_CONTINUE)
        status = cupsWriteRequestData(http, data, length);
    ippDelete(request);
    ipp_t *response = status == HTTP_STATUS_CONTINUE || status == HTTP_STATUS_OK
                          ? cupsGetResponse(http, resource)
                          : NULL;
    enum err err = response ? outcome(ippGetStatusCode(response), why)
                            : fail_set(why, ERR_RETRY, "%s", cupsLastErrorString());
    ippDelete(response);
    httpClose(http);
    return err;
}

void ipp_joined(ipp_t *response, const char *name, char *out, size_t room)
{
    out[0] = '\0';
    ipp_attribute_t *attribute = ippFindAttribute(response, name, IPP_TAG_ZERO);
    size_t used = 0;
    for (int i = 0; attribute && i < ippGetCount(attribute); i++) {
        const char *value = ippGetString(attribute, i, NULL);
        int wrote = snprintf(out + used, room - used, "%s%s", used ? "," : "", value ? value : "");
        if (wrote < 0 || (size_t)wrote >= room - used)
            return;
        used += (size_t)wrote;
    }
}

int ipp_number(ipp_t *response, const char *name, int otherwise)
{
    ipp_attribute_t *attribute = ippFindAttribute(response, name, IPP_TAG_ZERO);
    ipp_tag_t tag = attribute ? ippGetValueTag(attribute) : IPP_TAG_ZERO;
    if (tag != IPP_TAG_INTEGER && tag != IPP_TAG_ENUM)
        return otherwise;
    return ippGetInteger(attribute, 0);
}

bool ipp_lists(const char *joined, const char *keyword_prefix)
{
    for (const char *at = joined; at && *at; at = strchr(at, ',')) {
        at += *at == ',';
        if (text_starts(at, keyword_prefix))
            return true;
    }
    return false;
}
