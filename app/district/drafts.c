// SPDX-License-Identifier: GPL-3.0-or-later
// PUT and GET /v1/drafts/<id>: sealed drafts of resume tickets, from any kiosk for any kiosk. The
// district cannot open them and cannot tell a right code from a wrong one; what it can do is hand
// one out five times only, until a newer revision shows that somebody had the code.
#include "district_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/ticket.h"

#include <string.h>

enum {
    SEALED_EXTRA = 64,
    QUOTA = 500,  ///< drafts of one kiosk that are not spent: a week of full days
    RELEASES = 5, ///< as many as there are tries at a kiosk
    LOCK_MS = 24 * 60 * 60 * 1000,
    PUTS_A_MINUTE = 240,
};
static const int64_t lifetime_ms = (TICKET_DAYS + 1) * 24LL * 60 * 60 * 1000;

static struct district_draft_rules rules_now(const struct district *district)
{
    return (struct district_draft_rules){.now_utc_ms = clock_now(district->options.clock).utc_ms,
                                         .quota = QUOTA,
                                         .lifetime_ms = lifetime_ms,
                                         .releases = RELEASES,
                                         .lock_ms = LOCK_MS};
}

// The last step of the path; NULL: no id.
static const char *id_of(const struct http_exchange *exchange)
{
    static const char folder[] = "/v1/drafts/";
    const char *id =
        text_starts(exchange->path, folder) ? exchange->path + sizeof folder - 1 : exchange->path;
    return ticket_id_is_good(id) ? id : NULL;
}

static bool number_of(const struct http_exchange *exchange, const char *name, int64_t *out)
{
    const char *text = exchange->query(exchange, name);
    return text && text_to_int64(text, out) && *out >= 0;
}

static int status_of(enum err err)
{
    switch (err) {
    case ERR_OK: return 200;
    case ERR_CONFLICT: return 409;
    case ERR_DENIED: return 410;
    case ERR_FULL: return 413;
    case ERR_NOT_FOUND: return 404;
    case ERR_RETRY:
    case ERR_INPUT:
    case ERR_UNKNOWN:
    case ERR_TECHNICIAN:
    case ERR_CORRUPT:
    case ERR_UNSUPPORTED:
    case ERR_BUG: break;
    }
    return 503;
}

void drafts_put(struct district *district, const struct district_device *device,
                struct http_exchange *exchange)
{
    const struct district_store *store = district->options.store;
    const char *id = id_of(exchange), *spent = exchange->query(exchange, "spent");
    struct district_draft draft = {.spent = spent && text_equal(spent, "1")};
    struct bytes sealed = {exchange->body, exchange->length};
    struct district_draft_rules rules = rules_now(district);
    struct fail why = {0};
    if (!within_limit(district, exchange, "draft", PUTS_A_MINUTE))
        return;
    if (!id || !number_of(exchange, "revision", &draft.revision) || draft.revision == 0 ||
        !number_of(exchange, "expires", &draft.expires_utc_ms) ||
        draft.spent != (exchange->length == 0)) {
        exchange->status = 400;
        return;
    }
    if (exchange->length > LIMIT_DRAFT_BYTES + SEALED_EXTRA) {
        exchange->status = 413;
        return;
    }
    text_copy(draft.id, sizeof draft.id, id);
    text_copy(draft.device_id, sizeof draft.device_id, device->id);
    enum err err = store->ops->draft_put(store->self, &draft, &sealed, &rules, &why);
    if (err && status_of(err) == 503)
        log_fail(LOG_ERROR, "district", "draft-not-kept", &why);
    exchange->status = status_of(err);
}

static void answer(const struct district *district, const struct district_draft *draft,
                   const struct strbuf *sealed, struct http_exchange *exchange)
{
    const struct crypto *crypto = district->options.crypto;
    struct strbuf text;
    if (draft->spent || draft->expired) {
        bool expired = draft->expired;
        json_answer(exchange, 410, json_pack("{s:b}", "expired", expired));
        return;
    }
    if (draft->wait_ms) {
        json_answer(exchange, 423,
                    json_pack("{s:I}", "wait_s", (json_int_t)((draft->wait_ms + 999) / 1000)));
        return;
    }
    if (!draft->is_newer) {
        exchange->status = 204;
        return;
    }
    strbuf_init(&text, 2 * (LIMIT_DRAFT_BYTES + SEALED_EXTRA));
    crypto->ops->base64_encode(crypto->self, sealed->data, sealed->length, true, &text);
    json_answer(exchange, 200,
                json_pack("{s:I, s:I, s:s}", "revision", (json_int_t)draft->revision,
                          "expires_utc_ms", (json_int_t)draft->expires_utc_ms, "sealed",
                          strbuf_text(&text)));
    strbuf_free(&text);
}

void drafts_get(struct district *district, const struct district_device *device,
                struct http_exchange *exchange)
{
    const struct district_store *store = district->options.store;
    const char *id = id_of(exchange);
    struct district_draft_rules rules = rules_now(district);
    struct district_draft draft = {0};
    struct strbuf sealed;
    struct fail why = {0};
    int64_t have = 0;
    (void)device;
    if (!id || (exchange->query(exchange, "have") && !number_of(exchange, "have", &have))) {
        exchange->status = 400;
        return;
    }
    strbuf_init(&sealed, LIMIT_DRAFT_BYTES + SEALED_EXTRA);
    enum err err = store->ops->draft_take(store->self, id, have, &rules, &draft, &sealed, &why);
    if (err && status_of(err) == 503)
        log_fail(LOG_ERROR, "district", "draft-not-read", &why);
    exchange->status = status_of(err);
    if (!err)
        answer(district, &draft, &sealed, exchange);
    strbuf_free(&sealed);
}
