// SPDX-License-Identifier: GPL-3.0-or-later
// Pages of a visit that is not saved yet: sealed as they come, held in the store. What stays in
// memory is the key, in the locked arena, and a line about each page.
#include "verb.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/manifest.h"

#include <stdlib.h>
#include <string.h>

enum { SEALED_ROOM = LIMIT_PART_BYTES + 64, LEFT_OVER_MS = 2 * 60 * 60 * 1000 };

static void fresh_key(struct outbox *outbox, struct page_visit *visit)
{
    const struct crypto *crypto = outbox->options.crypto;
    crypto->ops->random(crypto->self, visit->key, sizeof visit->key);
    envelope_cipher_begin(&visit->cipher, crypto, visit->instance, visit->key);
}

static enum err delete_work(struct outbox *outbox, void *context, struct fail *why)
{
    return outbox_pages_delete(outbox, context, why);
}

// No visit lasts so long, parked or not: its end never got here.
static bool is_left_over(const struct outbox *outbox, const struct page_visit *visit)
{
    return clock_now(outbox->options.clock).monotonic_ms - visit->used_ms > LEFT_OVER_MS;
}

// A place for a visit that gives its first page. NULL: none is free, or can be made free.
static struct page_visit *begin_visit(struct outbox *outbox, const char *instance, struct fail *why)
{
    struct page_visit *place = NULL;
    for (size_t at = 0; at < PAGE_VISITS && !place; at++)
        if (!outbox->visits[at].instance[0] || is_left_over(outbox, &outbox->visits[at]))
            place = &outbox->visits[at];
    if (!place) {
        fail_set(why, ERR_RETRY, "%d visits hold pages", PAGE_VISITS);
        return NULL;
    }
    if (place->instance[0] &&
        outbox_transaction_once(outbox, delete_work, place->instance, why) != ERR_OK)
        return NULL;
    outbox_pages_forget(place);
    text_copy(place->instance, sizeof place->instance, instance);
    fresh_key(outbox, place);
    return place;
}

static int64_t plain_bytes(const struct page_visit *visit)
{
    int64_t total = 0;
    for (size_t at = 0; at < visit->count; at++)
        total += visit->pages[at].plain;
    return total;
}

static size_t find_page(const struct page_visit *visit, const char *name)
{
    size_t at = 0;
    while (at < visit->count && !text_equal(visit->pages[at].file.name, name))
        at++;
    return at;
}

// "" or why not, in one word. Nine tenths full is for text.
static const char *objection(struct outbox *outbox, const struct page_visit *visit,
                             const struct attachment *page, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct store_health health;
    if (!visit)
        return "store";
    if (page->length > LIMIT_PART_BYTES || page->length == 0)
        return fail_set(why, ERR_INPUT, "a page of %zu bytes", page->length), "page";
    if (visit->count == LIMIT_PAGES ||
        plain_bytes(visit) + (int64_t)page->length > LIMIT_CASE_BYTES)
        return fail_set(why, ERR_INPUT, "the case has %zu pages", visit->count), "case";
    if (page->name[0] == '\0' || page->name[0] == '.' || strpbrk(page->name, "/\\") ||
        text_equal(page->name, ENVELOPE_RECORD) || find_page(visit, page->name) < visit->count)
        return fail_set(why, ERR_INPUT, "a page's name is taken, or no plain name"), "page";
    if (store->ops->health(store->self, &health, why) != ERR_OK)
        return "store";
    if (health.disk_free - (int64_t)page->length < health.disk_total / 10)
        return fail_set(why, ERR_FULL, "the disk is 90 %% full: no room for a page"), "disk";
    return "";
}

static enum err describe(struct outbox *outbox, const struct attachment *page,
                         struct held_page *out, struct fail *why)
{
    *out = (struct held_page){.plain = (int64_t)page->length};
    if (!text_copy(out->type, sizeof out->type, page->type))
        return fail_set(why, ERR_INPUT, "the type of a page is too long");
    return envelope_describe(outbox->options.crypto, page, &out->file, why);
}

static void describe_sealed(struct outbox *outbox, const struct strbuf *sealed,
                            struct held_page *page)
{
    struct seal_part part;
    seal_describe_part(outbox->options.crypto, "", sealed->data, sealed->length, &part);
    memcpy(page->sha256, part.sha256, sizeof page->sha256);
    page->sealed = part.size;
}

struct holding {
    const char *instance;
    int number;
    const struct strbuf *sealed;
};

static enum err hold_work(struct outbox *outbox, void *context, struct fail *why)
{
    const struct holding *holding = context;
    const struct kiosk_store *store = outbox->options.store;
    struct bytes sealed = {holding->sealed->data, holding->sealed->length};
    return store->ops->page_put(store->self, holding->instance, holding->number, &sealed, why);
}

// Whatever fails, a place in the order of sealing is used once: the cipher stands where it stood
// only when nothing came of it.
static enum err hold(struct outbox *outbox, struct page_visit *visit, const struct attachment *page,
                     struct fail *why)
{
    struct held_page held;
    struct strbuf sealed;
    struct envelope_cipher before = visit->cipher;
    strbuf_init(&sealed, SEALED_ROOM);
    enum err err = describe(outbox, page, &held, why);
    if (!err)
        err = envelope_cipher_encrypt(&visit->cipher, page->data, page->length, &sealed, why);
    if (!err) {
        struct holding holding = {visit->instance, (int)visit->count, &sealed};
        describe_sealed(outbox, &sealed, &held);
        err = outbox_transaction_once(outbox, hold_work, &holding, why);
    }
    if (!err)
        visit->pages[visit->count++] = held;
    else
        visit->cipher = before;
    memory_wipe(&before, sizeof before);
    strbuf_free(&sealed);
    return err;
}

static void answer_held(struct outbox *outbox, const struct page_visit *visit,
                        const struct outbox_answer *answer)
{
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_PAGE_HELD);
    (void)outbox;
    if (visit) {
        reply.number = (long long)visit->count;
        reply.bytes = plain_bytes(visit);
    }
    outbox_emit(answer, &reply);
}

static void take_page(struct outbox *outbox, const struct outbox_request *request,
                      const struct outbox_answer *answer)
{
    struct fail why = {0};
    struct page_visit *visit = outbox_pages_of(outbox, request->instance);
    if (!visit)
        visit = begin_visit(outbox, request->instance, &why);
    if (visit)
        visit->used_ms = clock_now(outbox->options.clock).monotonic_ms;
    const char *refused = objection(outbox, visit, request->page, &why);
    enum err err = refused[0] ? why.err : hold(outbox, visit, request->page, &why);
    if (!err) {
        answer_held(outbox, visit, answer);
        return;
    }
    struct outbox_reply reply = outbox_reply_to(answer, OUTBOX_PAGE_REFUSED);
    reply.err = err;
    text_copy(reply.why, sizeof reply.why, why.text);
    text_copy(reply.refused, sizeof reply.refused,
              refused[0]        ? refused
              : err == ERR_FULL ? "disk"
                                : "store");
    log_fail(LOG_WARNING, "outbox", "page-refused", &why);
    outbox_emit(answer, &reply);
}

void outbox_page(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct outbox_request *request = answer->request;
    struct fail why = {0};
    if (request->page && request->instance[0])
        take_page(outbox, request, answer);
    else
        outbox_emit_done(answer, fail_set(&why, ERR_BUG, "no page, or of no visit"), &why);
    if (request->page)
        attachments_clear(request->page, 1);
    free(request->page);
    request->page = NULL;
}

struct resealing {
    const struct page_visit *from;
    struct page_visit *to; ///< what is true when it succeeds
    size_t without;
};

// One page from its old place to its new one; never more than this one is in memory.
static enum err reseal_page(struct outbox *outbox, struct envelope_cipher *old, size_t at,
                            struct page_visit *to, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct strbuf sealed, plain;
    strbuf_init(&sealed, SEALED_ROOM);
    strbuf_init(&plain, SEALED_ROOM);
    enum err err = store->ops->page_get(store->self, to->instance, (int)at, &sealed, why);
    if (!err)
        err = envelope_cipher_decrypt(old, sealed.data, sealed.length, &plain, why);
    if (!err) {
        strbuf_clear(&sealed);
        err = envelope_cipher_encrypt(&to->cipher, plain.data, plain.length, &sealed, why);
    }
    if (!err) {
        struct bytes bytes = {sealed.data, sealed.length};
        err = store->ops->page_put(store->self, to->instance, (int)to->count, &bytes, why);
        describe_sealed(outbox, &sealed, &to->pages[to->count++]);
    }
    strbuf_free(&sealed);
    strbuf_free(&plain);
    return err;
}

static enum err reseal_work(struct outbox *outbox, void *context, struct fail *why)
{
    struct resealing *resealing = context;
    const struct page_visit *from = resealing->from;
    struct page_visit *to = resealing->to;
    struct envelope_cipher old;
    enum err err = ERR_OK;
    *to = *from;
    to->count = 0;
    fresh_key(outbox, to);
    envelope_cipher_begin(&old, outbox->options.crypto, from->instance, from->key);
    for (size_t at = 0; !err && at < from->count; at++) {
        if (at == resealing->without) {
            envelope_cipher_skip(&old);
            continue;
        }
        to->pages[to->count] = from->pages[at];
        err = reseal_page(outbox, &old, at, to, why);
    }
    memory_wipe(&old, sizeof old);
    const struct kiosk_store *store = outbox->options.store;
    return err ? err : store->ops->pages_drop(store->self, from->instance, (int)to->count, why);
}

void outbox_page_drop(struct outbox *outbox, const struct outbox_answer *answer)
{
    const struct outbox_request *request = answer->request;
    struct page_visit *visit = outbox_pages_of(outbox, request->instance);
    size_t at = visit ? find_page(visit, request->text) : 0;
    struct fail why = {0};
    enum err err = ERR_OK;
    if (visit && at < visit->count) {
        struct arena *arena = arena_new_locked(0);
        struct resealing resealing = {visit, ARENA_NEW(arena, struct page_visit), at};
        err = outbox_transaction_once(outbox, reseal_work, &resealing, &why);
        if (!err)
            *visit = *resealing.to;
        arena_free(arena);
    }
    if (err)
        outbox_emit_done(answer, err, &why);
    else
        answer_held(outbox, visit, answer);
}
