// SPDX-License-Identifier: GPL-3.0-or-later
// POST /v1/reconcile: a kiosk compares what it believes to be here with what is here. First each
// day's count and digest; then, of a day that differs, the names. That something is missing is
// in the chain, once for each asking, and the kiosk sends it again; nothing is ever deleted.
//
// A day is UTC, counted from 1970. Its digest is SHA-256 over "instance receipt\n" of each case,
// ordered by instance.
#include "district_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A counter has a thousand receipt numbers a day.
enum {
    DAYS_AT_ONCE = 64,
    CASES_A_DAY = 1000,
    DAY_TEXT_BYTES = 4 << 20,
    ASKS_A_MINUTE =
        120, // after a backup was put back every day differs: all of them, and once more
};
static const int64_t day_ms = 86400000;

struct day {
    struct strbuf text; ///< what the digest is over
    int64_t count;
};

static void add_case(void *context, const char *instance, const char *receipt)
{
    struct day *day = context;
    day->count++;
    strbuf_addf(&day->text, "%s %s\n", instance, receipt);
}

static enum err read_day(struct district *district, const char *counter, int64_t number,
                         struct day *out)
{
    const struct district_store *store = district->options.store;
    out->count = 0;
    strbuf_init(&out->text, DAY_TEXT_BYTES);
    enum err err = store->ops->counter_each(store->self, counter, number * day_ms,
                                            (number + 1) * day_ms, add_case, out, NULL);
    return err ? err : strbuf_result(&out->text, NULL);
}

static bool same_digest(const struct crypto *crypto, const struct day *day, const char *claimed)
{
    uint8_t digest[CRYPTO_DIGEST_MAX];
    struct strbuf hex;
    strbuf_init(&hex, (size_t)2 * CRYPTO_HASH);
    crypto->ops->digest(crypto->self, DIGEST_SHA256, strbuf_text(&day->text), day->text.length,
                        digest);
    crypto->ops->hex_encode(crypto->self, digest, CRYPTO_HASH, &hex);
    bool same = claimed && text_equal(strbuf_text(&hex), claimed);
    strbuf_free(&hex);
    return same;
}

static bool good_day(const json_t *number)
{
    return json_is_integer(number) && json_integer_value(number) >= 0 &&
           json_integer_value(number) < 100000;
}

static void compare_days(struct district *district, const struct district_device *device,
                         const json_t *days, struct http_exchange *exchange)
{
    json_t *differ = json_array();
    exchange->status = json_array_size(days) > DAYS_AT_ONCE ? 400 : 200;
    for (size_t i = 0; exchange->status == 200 && i < json_array_size(days); i++) {
        const json_t *claim = json_array_get(days, i), *number = json_object_get(claim, "day");
        struct day day;
        if (!good_day(number)) {
            exchange->status = 400;
            break;
        }
        if (read_day(district, device->counter, json_integer_value(number), &day) != ERR_OK)
            exchange->status = 503;
        else if (json_integer_value(json_object_get(claim, "count")) != day.count ||
                 !same_digest(district->options.crypto, &day,
                              json_string_value(json_object_get(claim, "digest"))))
            json_array_append_new(differ, json_integer(json_integer_value(number)));
        strbuf_free(&day.text);
    }
    if (exchange->status == 200)
        json_answer(exchange, 200, json_pack("{s:O}", "differ", differ));
    json_decref(differ);
}

struct comparison {
    json_t *here;    ///< the day's instances as the keys of an object: found at once
    json_t *missing; ///< names, as given
    int64_t found;
};

static void note_here(void *context, const char *instance, const char *receipt)
{
    (void)receipt;
    json_object_set_new(context, instance, json_true());
}

static void compare_name(struct comparison *comparison, const char *instance)
{
    if (!instance || strlen(instance) >= LIMIT_INSTANCE_ID)
        return;
    if (json_object_get(comparison->here, instance))
        comparison->found++;
    else
        json_array_append_new(comparison->missing, json_string(instance));
}

// One entry, however many names a kiosk makes up.
static enum err name_difference(struct district *district, const struct district_device *device,
                                const json_t *missing)
{
    size_t count = json_array_size(missing);
    char detail[96];
    if (count == 0)
        return ERR_OK;
    const char *one = json_string_value(json_array_get(missing, 0));
    log_event(LOG_WARNING, "district", "missing", "device=%s cases=%zu instance=%s", device->id,
              count, one);
    snprintf(detail, sizeof detail, "cases=%zu", count);
    return chain_add(district, "reconcile.missing", one, device->id, detail, NULL);
}

static void compare_names(struct district *district, const struct district_device *device,
                          const json_t *request, struct http_exchange *exchange)
{
    const struct district_store *store = district->options.store;
    const json_t *number = json_object_get(request, "day"),
                 *instances = json_object_get(request, "instances");
    if (!good_day(number) || json_array_size(instances) > CASES_A_DAY) {
        exchange->status = 400;
        return;
    }
    struct comparison comparison = {.here = json_object(), .missing = json_array()};
    int64_t day = json_integer_value(number);
    enum err err = store->ops->counter_each(store->self, device->counter, day * day_ms,
                                            (day + 1) * day_ms, note_here, comparison.here, NULL);
    for (size_t i = 0; !err && i < json_array_size(instances); i++)
        compare_name(&comparison, json_string_value(json_array_get(instances, i)));
    if (!err)
        err = name_difference(district, device, comparison.missing);
    int64_t others = (int64_t)json_object_size(comparison.here) - comparison.found;
    if (err)
        exchange->status = 503;
    else
        json_answer(
            exchange, 200,
            json_pack("{s:O, s:I}", "missing", comparison.missing, "others", (json_int_t)others));
    json_decref(comparison.missing);
    json_decref(comparison.here);
}

void reconcile_handle(struct district *district, const struct district_device *device,
                      struct http_exchange *exchange)
{
    if (!within_limit(district, exchange, "reconcile", ASKS_A_MINUTE)) {
        answer_header(exchange, "Retry-After: 60");
        return;
    }
    json_t *request = json_loadb(exchange->body, exchange->length, JSON_REJECT_DUPLICATES, NULL);
    const json_t *days = json_object_get(request, "days");
    if (json_is_array(days))
        compare_days(district, device, days, exchange);
    else if (json_is_array(json_object_get(request, "instances")))
        compare_names(district, device, request, exchange);
    else
        exchange->status = 400;
    json_decref(request);
}

enum err district_backup_verified(struct district *district, int64_t utc_ms, const char *actor,
                                  struct fail *why)
{
    const struct district_store *store = district->options.store;
    char detail[32];
    if (utc_ms <= 0 || utc_ms > clock_now(district->options.clock).utc_ms)
        return fail_set(why, ERR_INPUT, "a backup cannot hold what is still to come");
    snprintf(detail, sizeof detail, "%lld", (long long)utc_ms);
    enum err err = chain_add(district, "backup.verified", "", actor, detail, why);
    return err ? err : store->ops->backup_put(store->self, utc_ms, why);
}
