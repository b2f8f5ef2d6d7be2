// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with the district beside sending, when nothing is waiting to be sent: tell the
// outbox what the heartbeat brought, read the states of our cases, look whether the forms have
// changed while a case is held, and once a day compare what was received. One request to the outbox
// at a time; in between it is asked for cases again.
#include "sync_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHORE_TIMEOUT_MS = 15000,
    COMPARE_EVERY_MS = 24 * 60 * 60 * 1000,
    NOTE_EVERY_MS = 24 * 60 * 60 * 1000,
    DAYS_AT_ONCE = 64,
};
static const int64_t day_ms = 86400000;

static void ask(struct sync *sync, struct outbox_request *request, const struct sync_output *output)
{
    request->from = OUTBOX_FROM_SYNC;
    sync->asked = true;
    output->request(output->context, request);
}

// GET, or POST of `body`. ERR_OK: 200, the answer is in sync->response.
static enum err call(struct sync *sync, const char *path, const char *body, struct fail *why)
{
    char url[700];
    snprintf(url, sizeof url, "%s%s", sync->options.server, path);
    struct http_request request = {.method = body ? "POST" : "GET",
                                   .url = url,
                                   .body = body,
                                   .length = body ? strlen(body) : 0,
                                   .type = body ? "application/json" : NULL,
                                   .timeout_ms = CHORE_TIMEOUT_MS};
    enum err err = upload_perform(sync, &request, why);
    if (!err && sync->response.status != 200)
        err = fail_set(why, ERR_RETRY, "%s answered %d", path, sync->response.status);
    return err;
}

static json_t *read_json(const struct sync *sync)
{
    const struct strbuf *body = &sync->response.body;
    return json_loadb(strbuf_text(body), body->length, JSON_REJECT_DUPLICATES, NULL);
}

static const char *name_of(enum chore chore)
{
    switch (chore) {
    case CHORE_CONTACT: return "contact";
    case CHORE_FORMS: return "forms";
    case CHORE_STATUS: return "status";
    case CHORE_COMPARE: return "compare";
    case CHORE_TOKENS: return "tokens";
    case CHORE_DRAFTS: return "drafts";
    }
    return "";
}

// Said when it begins, once a day while it lasts, and when it is over: never with every heartbeat.
void chores_note(struct sync *sync, enum chore chore, enum err err, const struct fail *why)
{
    int64_t now = clock_now(sync->options.clock).monotonic_ms;
    if (now >= sync->next_note_ms)
        sync->noted = 0;
    if (err && !(sync->noted & chore)) {
        sync->noted |= chore;
        sync->next_note_ms = now + NOTE_EVERY_MS;
        log_event(LOG_WARNING, "sync", "chore-fails", "chore=%s err=%s why=\"%s\"", name_of(chore),
                  err_name(err), why->text);
    }
    if (!err && sync->failing & chore)
        log_event(LOG_INFO, "sync", "chore-works-again", "chore=%s", name_of(chore));
    sync->failing = err ? sync->failing | chore : sync->failing & ~(unsigned)chore;
}

static struct outbox_news *make_news(size_t room)
{
    return calloc(1, sizeof(struct outbox_news) + room * sizeof(struct outbox_news_item));
}

static void do_contact(struct sync *sync, const struct sync_output *output)
{
    struct outbox_request request = {
        .kind = OUTBOX_CONTACT, .number = sync->backup_utc_ms, .exported = sync->exported};
    text_copy(request.text, sizeof request.text, sync->wants_enrolment ? "enrol" : "");
    ask(sync, &request, output);
}

static bool take_state(const json_t *event, struct outbox_news_item *out)
{
    const char *instance = json_string_value(json_object_get(event, "instance"));
    const char *status = json_string_value(json_object_get(event, "status"));
    out->utc_ms = json_integer_value(json_object_get(event, "utc_ms"));
    return instance && status && text_copy(out->instance, sizeof out->instance, instance) &&
           text_copy(out->status, sizeof out->status, status);
}

// `*news`: owned by the caller.
static enum err read_states(struct sync *sync, struct outbox_news **news, int64_t *cursor,
                            struct fail *why)
{
    json_t *answer = read_json(sync);
    const json_t *events = json_object_get(answer, "events"),
                 *next = json_object_get(answer, "next");
    bool good = json_is_array(events) && json_is_integer(next);
    *news = good ? make_news(json_array_size(events)) : NULL;
    for (size_t i = 0; *news && i < json_array_size(events); i++)
        (*news)->count += take_state(json_array_get(events, i), &(*news)->items[(*news)->count]);
    *cursor = json_integer_value(next);
    json_decref(answer);
    if (!good)
        return fail_set(why, ERR_INPUT, "not an answer of ours");
    return *news ? ERR_OK : fail_set(why, ERR_RETRY, "out of memory");
}

static void do_status(struct sync *sync, const struct sync_output *output)
{
    struct fail why = {0};
    struct outbox_news *news = NULL;
    char path[64];
    int64_t cursor = sync->status_cursor;
    snprintf(path, sizeof path, "/v1/status?since=%lld", (long long)cursor);
    enum err err = call(sync, path, NULL, &why);
    if (!err)
        err = read_states(sync, &news, &cursor, &why);
    chores_note(sync, CHORE_STATUS, err, &why);
    if (err || cursor == sync->status_cursor) {
        free(news);
        return;
    }
    if (cursor > sync->status_cursor)
        sync->due |= CHORE_STATUS; // there may be more
    sync->status_cursor = cursor;
    struct outbox_request request = {.kind = OUTBOX_STATUS, .number = cursor, .news = news};
    ask(sync, &request, output);
}

static void do_forms(struct sync *sync, const struct sync_output *output)
{
    struct fail why = {0};
    uint8_t digest[CRYPTO_DIGEST_MAX] = {0};
    enum err err = call(sync, "/formList", NULL, &why);
    chores_note(sync, CHORE_FORMS, err, &why);
    if (err)
        return;
    const struct strbuf *body = &sync->response.body;
    sync->options.crypto->ops->digest(sync->options.crypto->self, DIGEST_SHA256, strbuf_text(body),
                                      body->length, digest);
    bool changed = !memory_equal(digest, sync->forms_digest, sizeof sync->forms_digest);
    memcpy(sync->forms_digest, digest, sizeof sync->forms_digest);
    if (changed) {
        struct outbox_request request = {.kind = OUTBOX_RELEASE};
        ask(sync, &request, output);
    }
}

static void do_compare(struct sync *sync, const struct sync_output *output)
{
    struct outbox_request request = {.kind = OUTBOX_LEDGER};
    sync->next_compare_ms = clock_now(sync->options.clock).monotonic_ms + COMPARE_EVERY_MS;
    ask(sync, &request, output);
}

static void do_tokens(struct sync *sync, const struct sync_output *output)
{
    struct outbox_request request = {.kind = OUTBOX_TOKEN_NEXT};
    ask(sync, &request, output);
}

void chores_plan(struct sync *sync, const struct outbox_reply *listed)
{
    sync->due |= CHORE_CONTACT | CHORE_STATUS;
    sync->status_cursor = listed->status_cursor;
    // A district that does not say how far it has come took every head.
    bool is_there = sync->audit_after < 0 || sync->audit_after == listed->audit_head.sequence;
    sync->exported = is_there ? listed->audit_head : (struct audit_head){0};
    for (size_t i = 0; i < listed->row_count; i++)
        if (text_equal(listed->rows[i].state, "held"))
            sync->due |= CHORE_FORMS;
    if (clock_now(sync->options.clock).monotonic_ms >= sync->next_compare_ms)
        sync->due |= CHORE_COMPARE;
}

void chores_step(struct sync *sync, const struct sync_output *output)
{
    static const struct {
        unsigned chore;
        void (*work)(struct sync *sync, const struct sync_output *output);
    } table[] = {
        {CHORE_CONTACT, do_contact}, {CHORE_FORMS, do_forms},   {CHORE_STATUS, do_status},
        {CHORE_COMPARE, do_compare}, {CHORE_TOKENS, do_tokens},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0] && !sync->asked; i++)
        if (sync->due & table[i].chore) {
            sync->due &= ~table[i].chore;
            table[i].work(sync, output);
        }
}

// ------------------------------------------------------------------ the comparison

static int64_t day_of(const struct outbox_ledger_row *row)
{
    return row->saved_utc_ms / day_ms;
}

static int by_day_and_instance(const void *left, const void *right)
{
    const struct outbox_ledger_row *a = left, *b = right;
    if (day_of(a) != day_of(b))
        return day_of(a) < day_of(b) ? -1 : 1;
    return strcmp(a->instance, b->instance);
}

static size_t rows_of_day(const struct outbox_ledger_row *rows, size_t count)
{
    size_t same = 0;
    while (same < count && day_of(&rows[same]) == day_of(&rows[0]))
        same++;
    return same;
}

// {"day", "count", "digest"} of rows of one day; the digest is over "instance receipt\n" of each.
static json_t *describe_day(const struct sync *sync, const struct outbox_ledger_row *rows,
                            size_t count)
{
    const struct crypto *crypto = sync->options.crypto;
    uint8_t digest[CRYPTO_DIGEST_MAX];
    struct strbuf text, hex;
    strbuf_init(&text, count * (sizeof rows->instance + sizeof rows->number) + 1);
    strbuf_init(&hex, (size_t)2 * CRYPTO_HASH);
    for (size_t i = 0; i < count; i++)
        strbuf_addf(&text, "%s %s\n", rows[i].instance, rows[i].number);
    crypto->ops->digest(crypto->self, DIGEST_SHA256, strbuf_text(&text), text.length, digest);
    crypto->ops->hex_encode(crypto->self, digest, CRYPTO_HASH, &hex);
    json_t *day = json_pack("{s:I, s:I, s:s}", "day", (json_int_t)day_of(rows), "count",
                            (json_int_t)count, "digest", strbuf_text(&hex));
    strbuf_free(&text);
    strbuf_free(&hex);
    return day;
}

// POSTs `body` (taken); the answer, or NULL.
static json_t *post(struct sync *sync, json_t *body)
{
    struct fail why = {0};
    json_t *answer = NULL;
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    enum err err =
        text ? call(sync, "/v1/reconcile", text, &why) : fail_set(&why, ERR_RETRY, "out of memory");
    if (!err && !(answer = read_json(sync)))
        err = fail_set(&why, ERR_INPUT, "not an answer of ours");
    chores_note(sync, CHORE_COMPARE, err, &why);
    free(text);
    return answer;
}

static bool lists(const json_t *days, int64_t day)
{
    for (size_t i = 0; i < json_array_size(days); i++)
        if (json_integer_value(json_array_get(days, i)) == day)
            return true;
    return false;
}

static bool names(const json_t *instances, const char *instance)
{
    for (size_t i = 0; i < json_array_size(instances); i++) {
        const char *name = json_string_value(json_array_get(instances, i));
        if (name && text_equal(name, instance))
            return true;
    }
    return false;
}

// Asks for the names that the district lacks of one day; what it lists must be ours.
// So `news`, which has room for every row, is never too small.
static void ask_names(struct sync *sync, const struct outbox_ledger_row *rows, size_t count,
                      struct outbox_news *news)
{
    int failed = 0;
    json_t *instances = json_array();
    for (size_t i = 0; i < count; i++)
        failed |= json_array_append_new(instances, json_string(rows[i].instance));
    if (failed) { // the list would not be whole: the day is compared again tomorrow
        json_decref(instances);
        return;
    }
    json_t *answer = post(
        sync, json_pack("{s:I, s:o}", "day", (json_int_t)day_of(rows), "instances", instances));
    const json_t *missing = json_object_get(answer, "missing");
    for (size_t i = 0; i < count; i++)
        if (names(missing, rows[i].instance))
            text_copy(news->items[news->count++].instance, LIMIT_INSTANCE_ID, rows[i].instance);
    json_decref(answer);
}

void chores_compare(struct sync *sync, struct outbox_reply *reply, const struct sync_output *output)
{
    struct outbox_ledger_row *rows = reply->ledger;
    size_t count = reply->ledger_count;
    if (count == 0)
        return;
    qsort(rows, count, sizeof *rows, by_day_and_instance);
    json_t *days = json_array();
    for (size_t at = 0, told = 0; at < count && told < DAYS_AT_ONCE; told++) {
        size_t same = rows_of_day(rows + at, count - at);
        (void)json_array_append_new(days, describe_day(sync, rows + at, same)); // less is no lie
        at += same;
    }
    json_t *answer = post(sync, json_pack("{s:o}", "days", days));
    const json_t *differ = json_object_get(answer, "differ");
    struct outbox_news *news = json_array_size(differ) > 0 ? make_news(count) : NULL;
    for (size_t at = 0; news && at < count;) {
        size_t same = rows_of_day(rows + at, count - at);
        if (lists(differ, day_of(rows + at)))
            ask_names(sync, rows + at, same, news);
        at += same;
    }
    if (!answer)
        sync->next_compare_ms = 0; // with the next heartbeat
    json_decref(answer);
    if (!news || news->count == 0) {
        free(news);
        return;
    }
    struct outbox_request request = {.kind = OUTBOX_REPAIR, .news = news};
    ask(sync, &request, output);
}
