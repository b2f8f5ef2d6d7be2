// SPDX-License-Identifier: GPL-3.0-or-later
// The device listener: who may ask what. Everything but an enrolment needs the certificate of a
// device that is filed here and not revoked.
#include "district_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ERR_DENIED: no device of ours. Anything else: the store could not be asked, which is no word
// about the device and must not sound like one.
static enum err find_sender(struct district *district, struct http_exchange *exchange,
                            struct district_device *out)
{
    const struct district_store *store = district->options.store;
    struct fail why = {0};
    if (!exchange->peer_fingerprint)
        return ERR_DENIED;
    enum err err =
        store->ops->device_by_fingerprint(store->self, exchange->peer_fingerprint, out, &why);
    if (err && err != ERR_NOT_FOUND) {
        log_fail(LOG_ERROR, "district", "device-not-looked-up", &why);
        return err;
    }
    if (err || out->revoked_utc_ms != 0 || !text_equal(out->id, exchange->peer_device)) {
        log_event(LOG_WARNING, "district", "device-refused", "device=%s reason=%s",
                  exchange->peer_device, err ? "unknown" : "revoked");
        return ERR_DENIED;
    }
    return ERR_OK;
}

static void head_submission(struct district *district, const struct district_device *device,
                            struct http_exchange *exchange)
{
    (void)district;
    (void)device;
    openrosa_headers(exchange);
    exchange->status = 204;
}

static void list_forms(struct district *district, const struct district_device *device,
                       struct http_exchange *exchange)
{
    (void)device;
    openrosa_form_list(district, exchange);
}

static void get_form(struct district *district, const struct district_device *device,
                     struct http_exchange *exchange)
{
    (void)device;
    openrosa_form(district, exchange);
}

struct route {
    const char *method, *path;
    bool is_folder;
    void (*handle)(struct district *, const struct district_device *, struct http_exchange *);
};

static const struct route routes[] = {
    {"HEAD", "/submission", false, head_submission},
    {"POST", "/submission", false, ingest_submission},
    {"HEAD", "/v1/parts/", true, parts_head},
    {"PUT", "/v1/parts/", true, parts_put},
    {"GET", "/formList", false, list_forms},
    {"GET", "/forms/", true, get_form},
    {"PUT", "/v1/drafts/", true, drafts_put},
    {"GET", "/v1/drafts/", true, drafts_get},
    {"POST", "/v1/heartbeat", false, contact_heartbeat},
    {"GET", "/v1/status", false, contact_status},
    {"POST", "/v1/reconcile", false, reconcile_handle},
    {"POST", "/v1/lookup", false, lookup_handle},
    {"POST", "/v1/reprint", false, lookup_reprint},
    {"POST", "/v1/token", false, lookup_token},
};

static bool matches(const struct route *route, const char *path)
{
    return route->is_folder ? text_starts(path, route->path) : text_equal(path, route->path);
}

static void dispatch(struct district *district, struct http_exchange *exchange)
{
    struct district_device device;
    exchange->status = 404;
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (!matches(&routes[i], exchange->path))
            continue;
        exchange->status = 405;
        if (!text_equal(routes[i].method, exchange->method))
            continue;
        enum err err = find_sender(district, exchange, &device);
        if (!err)
            routes[i].handle(district, &device, exchange);
        else if (err != ERR_DENIED)
            openrosa_answer(exchange, 503, "submit_failure", "not now");
        else
            openrosa_answer(exchange, 403, "submit_failure", "this device is not registered here");
        return;
    }
}

// That nothing of a part is here yet is what its HEAD asks.
static bool is_refused(const struct http_exchange *exchange)
{
    bool is_told = exchange->status == 404 && text_equal(exchange->method, "HEAD");
    return exchange->status >= 400 && exchange->status < 500 && !is_told;
}

void district_handle_device(void *context, struct http_exchange *exchange)
{
    struct district *district = context;
    int64_t begun_ms = clock_now(district->options.clock).monotonic_ms;
    composed_collect(district);
    if (!fair_take(district, exchange)) {
        fair_refuse(exchange);
        return;
    }
    if (text_equal(exchange->path, "/v1/enroll") && text_equal(exchange->method, "POST"))
        enroll_handle(district, exchange);
    else
        dispatch(district, exchange);
    fair_charge(district, exchange, begun_ms, is_refused(exchange));
    turn_add(district, exchange);
    log_event(LOG_INFO, "district", "answered", "method=%s path=%s status=%d device=%s",
              exchange->method, exchange->path, exchange->status,
              exchange->peer_device ? exchange->peer_device : "");
}
