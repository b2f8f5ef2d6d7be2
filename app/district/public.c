// SPDX-License-Identifier: GPL-3.0-or-later
// GET /t/<token>: what the paper in somebody's hand may say, and nothing more: received, not yet
// here, something is wanted. A token that is not known here but was signed by one of our kiosks is
// "safe at counter X", never "not found".
#include "owner_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include "yimen/case/tracking.h"

#include <string.h>
#include <strings.h>

enum { LOOKS_A_MINUTE = 60, ASKS_A_MINUTE = 20, ASK_BYTES = 256 };

// No script, nothing from elsewhere; the form goes back to where the page came from.
static const char page_policy[] =
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

static bool speaks(const struct texts *texts, const char *language, size_t length, const char **out)
{
    for (const char *const *known = texts_languages(texts); *known; known++)
        if (strlen(*known) == length && strncasecmp(*known, language, length) == 0) {
            *out = *known;
            return true;
        }
    return false;
}

// ?lang= first, then the first language of Accept-Language that we speak, then Chinese.
static const char *choose_language(const struct texts *texts, const struct http_exchange *exchange)
{
    const char *asked = exchange->query(exchange, "lang");
    const char *accepted = exchange->header(exchange, "Accept-Language"), *found = NULL;
    if (asked && speaks(texts, asked, strlen(asked), &found))
        return found;
    while (accepted && *accepted) {
        accepted += strspn(accepted, " ,");
        if (speaks(texts, accepted, strcspn(accepted, "-;, "), &found))
            return found;
        accepted += strcspn(accepted, ",");
    }
    return texts_languages(texts)[0];
}

struct proof {
    struct district *district;
    const char *token, *number, *signature;
    int day; ///< of the number
    bool good;
    enum err err; ///< the store could not be asked
};

// Whoever has a revoked device's key can date a receipt as he likes: what the device had announced
// before counts, and what is older than its end.
static bool was_its_key(struct proof *proof, const struct district_key *key)
{
    const struct district_store *store = proof->district->options.store;
    bool announced = false;
    if (key->revoked_utc_ms == 0 || proof->day < receipt_day(key->revoked_utc_ms))
        return true;
    enum err err =
        store->ops->device_announced(store->self, key->device_id, proof->number, &announced, NULL);
    proof->err = proof->err ? proof->err : err;
    return !err && announced;
}

static void try_key(void *context, const struct district_key *key)
{
    struct proof *proof = context;
    if (!proof->good)
        proof->good = tracking_verify(proof->district->options.crypto, key->key, proof->token,
                                      proof->number, proof->signature, NULL) == ERR_OK &&
                      was_its_key(proof, key);
}

// Did a device of the counter in the number sign this token? Fills the counter. ERR_NOT_FOUND: none
// did.
static enum err is_signed(struct district *district, const char *token, const char *number,
                          const char *signature, char counter[4])
{
    const struct district_store *store = district->options.store;
    struct receipt_number parsed;
    if (!number || !signature || receipt_number_parse(number, &parsed, NULL) != ERR_OK)
        return ERR_NOT_FOUND;
    struct proof proof = {district, token, number, signature, parsed.day, false, ERR_OK};
    text_copy(counter, 4, parsed.counter);
    enum err err = store->ops->counter_keys(store->self, counter, try_key, &proof, NULL);
    err = err ? err : proof.good ? ERR_OK : proof.err;
    return err || proof.good ? err : ERR_NOT_FOUND;
}

struct looked {
    uint8_t hash[CRYPTO_HASH];
    char status[DISTRICT_STATUS], number[LIMIT_RECEIPT_NUMBER], counter[4];
    bool renewed;
};

// ERR_NOT_FOUND: no such token. Anything else is no word about it.
static enum err find(struct district *district, const char *token, struct looked *out)
{
    const struct district_options *options = &district->options;
    const struct district_store *store = options->store;
    char text[TRACKING_HASH_TEXT];
    struct strbuf hash;
    if (tracking_token_hash(options->crypto, token, text, NULL) != ERR_OK)
        return ERR_NOT_FOUND;
    strbuf_init(&hash, CRYPTO_HASH);
    bool found = options->crypto->ops->hex_decode(options->crypto->self, text, strlen(text),
                                                  &hash) == ERR_OK &&
                 hash.length == CRYPTO_HASH;
    if (found)
        memcpy(out->hash, hash.data, CRYPTO_HASH);
    strbuf_free(&hash);
    enum err err = found ? store->ops->track(store->self, out->hash, out->status, out->number, NULL)
                         : ERR_NOT_FOUND;
    return err ? err : store->ops->token_renewed(store->self, out->hash, &out->renewed, NULL);
}

// "factor=1234&x=1": what was typed, and whether an X comes behind it. False: it is not whole.
static bool read_factor(const struct http_exchange *exchange, char out[TRACK_FACTOR])
{
    char body[ASK_BYTES];
    bool good = false;
    if (exchange->length < sizeof body) {
        memcpy(body, exchange->body, exchange->length);
        body[exchange->length] = '\0';
        const char *typed = strstr(body, "factor="), *ticked = strstr(body, "&x=1");
        size_t length = typed ? strcspn(typed + 7, "&") : 0;
        if (typed && length < TRACK_FACTOR) {
            memcpy(out, typed + 7, length);
            out[length] = '\0';
            if (ticked && length == 3)
                memcpy(out + 3, "X", 2);
            if (length == 4 && out[3] == 'x')
                out[3] = 'X';
            good = track_factor_is_whole(out);
        }
    }
    memory_wipe(body, sizeof body);
    return good;
}

// What the owner typed goes to the internal process and nowhere else.
static void ask_owner(struct district *district, struct http_exchange *exchange,
                      const struct looked *looked, struct page *page, struct owner_answer *answer)
{
    const struct owner_desk *owners = district->options.owners;
    struct owner_question question = {0};
    struct fail why = {0};
    memcpy(question.token_hash, looked->hash, CRYPTO_HASH);
    page->owner = OWNER_ANSWERED;
    page->answer = answer;
    if (!read_factor(exchange, question.factor)) {
        page->owner = OWNER_INCOMPLETE;
    } else if (owners->ops->ask(owners->self, &question, answer, &why)) {
        log_fail(LOG_WARNING, "district", "owner-away", &why);
        page->owner = OWNER_AWAY;
        exchange->status = 503;
    }
    memory_wipe(&question, sizeof question);
}

// Of what was said or asked the paper alone tells that it is here, whatever came of it: a case of
// violence is one of these, and stays an enquiry to whoever finds its paper.
static bool tells_least(const char *number)
{
    struct receipt_number parsed;
    return receipt_number_parse(number, &parsed, NULL) != ERR_OK ||
           parsed.type == RECEIPT_TYPE_REPORT;
}

static void show_known(struct district *district, struct http_exchange *exchange,
                       const struct looked *looked, struct page *page, struct owner_answer *answer)
{
    const struct status *at = status_find(looked->status);
    bool wanted = at && at->wants_something && !tells_least(looked->number);
    page->state = looked->renewed ? PAGE_RENEWED : wanted ? PAGE_WANTED : PAGE_KNOWN;
    page->number = looked->number;
    if (!district->options.owners || looked->renewed)
        return;
    page->owner = OWNER_ASKS;
    if (!text_equal(exchange->method, "POST"))
        return;
    if (within_limit(district, exchange, "track-ask", ASKS_A_MINUTE))
        ask_owner(district, exchange, looked, page, answer);
    else
        page->state = PAGE_BUSY, page->owner = OWNER_NOBODY;
}

static enum err show_not_here(struct district *district, struct http_exchange *exchange,
                              struct looked *looked, struct page *page)
{
    const char *token = exchange->path + strlen("/t/");
    const char *number = exchange->query(exchange, "n"),
               *signature = exchange->query(exchange, "s");
    enum err err = is_signed(district, token, number, signature, looked->counter);
    if (err) {
        exchange->status = 404;
        return err;
    }
    page->state = PAGE_NOT_YET;
    page->number = number;
    page->signature = signature;
    return ERR_OK;
}

static void look_up(struct district *district, struct http_exchange *exchange)
{
    const char *token = exchange->path + strlen("/t/");
    struct looked looked = {0};
    struct owner_answer answer = {0};
    struct page page = {.state = PAGE_INVALID,
                        .language = choose_language(district->options.texts, exchange),
                        .number = "",
                        .counter = looked.counter,
                        .signature = ""};
    exchange->status = 200;
    bool may_look = within_limit(district, exchange, "track", LOOKS_A_MINUTE);
    enum err err = may_look ? find(district, token, &looked) : ERR_OK;
    if (!may_look)
        page.state = PAGE_BUSY;
    else if (!err)
        show_known(district, exchange, &looked, &page, &answer);
    else if (err == ERR_NOT_FOUND)
        err = show_not_here(district, exchange, &looked, &page);
    if (err && err != ERR_NOT_FOUND) {
        log_event(LOG_WARNING, "district", "page-not-looked-up", "err=%s", err_name(err));
        page.state = PAGE_PAUSE;
        exchange->status = 503;
    }
    page_write(district, &page, &exchange->reply);
    memory_wipe(&answer, sizeof answer);
}

void district_handle_public(void *context, struct http_exchange *exchange)
{
    struct district *district = context;
    bool is_asked = text_equal(exchange->method, "GET") || text_equal(exchange->method, "HEAD") ||
                    (text_equal(exchange->method, "POST") && district->options.owners);
    exchange->type = "text/html; charset=utf-8";
    if (!is_asked)
        exchange->status = 405;
    else if (text_starts(exchange->path, "/t/"))
        look_up(district, exchange);
    else
        exchange->status = 404;
    text_copy(exchange->reply_headers[0], sizeof exchange->reply_headers[0],
              "X-Robots-Tag: noindex, nofollow");
    text_copy(exchange->reply_headers[1], sizeof exchange->reply_headers[1], page_policy);
    if (exchange->status == 429 || exchange->status == 503)
        text_copy(exchange->reply_headers[2], sizeof exchange->reply_headers[2], "Retry-After: 60");
}
