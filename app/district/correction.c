// SPDX-License-Identifier: GPL-3.0-or-later
// Asking for what a case still needs: checked against the form and the record of that very case,
// signed, and published together with the short form that answers it.
#include "yimen/district/correction.h"

#include "district_internal.h"
#include "yimen/base/text.h"
#include "yimen/weave/compose.h"
#include "yimen/weave/subset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATE_WANTED "14"

enum { ID_BYTES = 8 };

struct asking {
    const struct district_correction_order *order;
    struct district_case at;
    struct district_correction row;
    struct correction_list list;
    struct opened opened;
};

// ------------------------------------------------------------------ may it be asked?

// The list that is open now may only be replaced, by who made it, with a reason.
static enum err check_open_list(struct district *district, struct asking *asking, struct fail *why)
{
    const struct district_store *store = district->options.store;
    const struct district_correction_order *order = asking->order;
    struct district_correction open;
    enum err err =
        store->ops->correction_open(store->self, asking->at.submission.instance, &open, NULL, why);
    text_copy(asking->row.came_from, sizeof asking->row.came_from, "10");
    if (err == ERR_NOT_FOUND) // put to this state by hand
        return order->replaces_why[0] ? fail_set(why, ERR_INPUT, "no list is open") : ERR_OK;
    if (err)
        return err;
    text_copy(asking->row.came_from, sizeof asking->row.came_from, open.came_from);
    if (!order->replaces_why[0])
        return fail_set(why, ERR_CONFLICT,
                        "list %s is open: everything is asked at once; to replace it give a reason",
                        open.id);
    if (!text_equal(open.actor, order->actor))
        return fail_set(why, ERR_DENIED, "list %s is of desk %s, which alone may replace it",
                        open.id, open.actor);
    text_copy(asking->row.replaces, sizeof asking->row.replaces, open.id);
    text_copy(asking->row.replaced_why, sizeof asking->row.replaced_why, order->replaces_why);
    return ERR_OK;
}

static enum err check_state(struct district *district, struct asking *asking, struct fail *why)
{
    const struct status *now = status_find(asking->at.status);
    if (correction_is_form(asking->at.submission.form_id))
        return fail_set(why, ERR_INPUT, "this is itself an answer: ask for the case it is of");
    if (text_equal(asking->at.status, STATE_WANTED))
        return check_open_list(district, asking, why);
    if (!now || !status_may_follow(now, STATE_WANTED))
        return fail_set(why, ERR_INPUT, "nothing can be asked of a case at %s", asking->at.status);
    if (asking->order->replaces_why[0])
        return fail_set(why, ERR_INPUT, "no list is open");
    text_copy(asking->row.came_from, sizeof asking->row.came_from, asking->at.status);
    return ERR_OK;
}

static bool asks_paper(const struct district *district, const char *service, const char *paper)
{
    const struct service *about = catalogue_service(district->options.catalogue, service);
    for (size_t i = 0; about && i < about->paper_count; i++)
        if (text_equal(about->papers[i].id, paper))
            return true;
    return false;
}

// Of its service, or of one of those that were applied for in one visit.
static enum err check_paper(const struct district *district, const struct correction_list *list,
                            const char *paper, struct fail *why)
{
    char items[FORM_ITEMS][FORM_ITEM_ID];
    size_t count = form_compose_items(list->form_id, items);
    bool good = asks_paper(district, list->service, paper);
    for (size_t i = 0; !good && i < count; i++)
        good = asks_paper(district, items[i], paper);
    return good ? ERR_OK
                : fail_set(why, ERR_INPUT, "\"%.40s\" is no paper of %s", paper, list->service);
}

// An instance that the record does not have cannot be asked again.
static enum err check_instance(const struct asking *asking, const char *ref, struct fail *why)
{
    const char *bracket = strrchr(ref, ']');
    char path[CORRECTION_REF], value[8];
    if (!bracket)
        return ERR_OK;
    snprintf(path, sizeof path, "%.*s", (int)(bracket - ref) + 1, ref);
    enum err err = opened_value(&asking->opened.files[asking->opened.count - 1], path, value,
                                sizeof value, NULL);
    return err == ERR_NOT_FOUND ? fail_set(why, ERR_INPUT, "the case has no %s", path) : ERR_OK;
}

static enum err take_items(struct district *district, struct asking *asking, struct fail *why)
{
    const struct district_correction_order *order = asking->order;
    struct correction_list *list = &asking->list;
    if (order->count == 0 || order->count > CORRECTION_ITEMS)
        return fail_set(why, ERR_INPUT, "a list has 1 to %d fields and papers", CORRECTION_ITEMS);
    for (size_t i = 0; i < order->count; i++) {
        const struct district_wanted *wanted = &order->wanted[i];
        struct correction_item *item = &list->items[list->count++];
        item->kind = wanted->kind;
        if (!text_copy(item->ref, sizeof item->ref, wanted->ref))
            return fail_set(why, ERR_INPUT, "\"%.40s...\" is no ref", wanted->ref);
        if (!text_copy(item->reason, sizeof item->reason, wanted->reason) || !wanted->reason[0])
            return fail_set(why, ERR_INPUT, "%s: a reason of 1 to %d bytes is wanted", wanted->ref,
                            CORRECTION_REASON - 1);
        enum err err = item->kind == CORRECTION_PAPER ? check_paper(district, list, item->ref, why)
                                                      : check_instance(asking, item->ref, why);
        for (size_t k = 0; !err && k < i; k++)
            if (list->items[k].kind == item->kind && text_equal(list->items[k].ref, item->ref))
                err = fail_set(why, ERR_INPUT, "%s is wanted twice", item->ref);
        if (err)
            return err;
    }
    return ERR_OK;
}

// ------------------------------------------------------------------ the list

static enum err set_times(struct district *district, struct asking *asking, struct fail *why)
{
    struct correction_list *list = &asking->list;
    int64_t now = clock_now(district->options.clock).utc_ms;
    const struct service_limit *limit =
        service_limit_on(catalogue_correction(district->options.catalogue), now);
    int days = asking->order->days ? asking->order->days : limit ? limit->legal_days : 0;
    if (days < 1 || days > 365)
        return fail_set(why, ERR_INPUT, "by when? The content sets no days: give 1 to 365");
    list->issued_utc_ms = now;
    list->due_utc_ms = correction_due(now, days);
    return ERR_OK;
}

static enum err make_list(struct district *district, struct asking *asking, struct fail *why)
{
    const struct crypto *crypto = district->options.crypto;
    const struct district_submission *of = &asking->at.submission;
    struct correction_list *list = &asking->list;
    uint8_t random[ID_BYTES];
    struct strbuf hex;
    crypto->ops->random(crypto->self, random, sizeof random);
    strbuf_init(&hex, (size_t)2 * ID_BYTES);
    crypto->ops->hex_encode(crypto->self, random, sizeof random, &hex);
    snprintf(list->id, sizeof list->id, "c%s", strbuf_text(&hex));
    strbuf_free(&hex);
    text_copy(list->instance, sizeof list->instance, of->instance);
    text_copy(list->receipt, sizeof list->receipt, of->receipt);
    text_copy(list->service, sizeof list->service, of->service);
    text_copy(list->form_id, sizeof list->form_id, of->form_id);
    text_copy(list->version, sizeof list->version, of->version);
    enum err err = set_times(district, asking, why);
    if (!err)
        err = take_items(district, asking, why);
    return err ? err : correction_sign(crypto, district->options.signing_secret, list, why);
}

static enum err publish_short_form(struct district *district, const struct asking *asking,
                                   struct fail *why)
{
    const struct district_store *store = district->options.store;
    const struct correction_list *list = &asking->list;
    struct form_wanted wanted[CORRECTION_ITEMS];
    struct strbuf whole, text;
    struct district_form form = {.xml = &whole};
    struct form_subset subset = {.version = list->id, .wanted = wanted};
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == CORRECTION_FIELD)
            wanted[subset.count++] =
                (struct form_wanted){list->items[i].ref, list->items[i].reason};
    strbuf_init(&whole, LIMIT_FORM_BYTES);
    strbuf_init(&text, LIMIT_FORM_BYTES);
    enum err err = store->ops->form_get(store->self, list->form_id, list->version, &form, why);
    if (!err) {
        subset.text = strbuf_text(&whole);
        subset.length = whole.length;
        err = form_subset(&subset, &text, why);
    }
    if (!err)
        err = district_publish_form(district, strbuf_text(&text), text.length, why);
    strbuf_free(&whole);
    strbuf_free(&text);
    return err;
}

static enum err file_list(struct district *district, struct asking *asking, struct fail *why)
{
    const struct district_store *store = district->options.store;
    const struct correction_list *list = &asking->list;
    struct district_correction *row = &asking->row;
    struct district_event event = {.utc_ms = list->issued_utc_ms, .status = STATE_WANTED};
    struct strbuf json;
    text_copy(row->id, sizeof row->id, list->id);
    text_copy(row->instance, sizeof row->instance, list->instance);
    text_copy(row->actor, sizeof row->actor, asking->order->actor);
    row->issued_utc_ms = list->issued_utc_ms;
    row->due_utc_ms = list->due_utc_ms;
    text_copy(event.instance, sizeof event.instance, list->instance);
    text_copy(event.from, sizeof event.from, asking->at.status);
    text_copy(event.actor, sizeof event.actor, asking->order->actor);
    snprintf(event.reason, sizeof event.reason, "correction list %s", list->id);
    strbuf_init(&json, CORRECTION_BYTES);
    enum err err = correction_write(list, &json, why);
    if (!err)
        err = store->ops->correction_put(store->self, row, strbuf_text(&json), &event, why);
    strbuf_free(&json);
    return err;
}

static enum err read_case(struct district *district, struct asking *asking, struct fail *why)
{
    const struct district_correction_order *order = asking->order;
    enum err err = chain_add(district, "case.read", order->receipt, order->actor,
                             "to ask for what it needs", why);
    if (!err)
        err = opened_fetch(district, order->receipt, &asking->at, &asking->opened, why);
    return err;
}

static enum err ask(struct district *district, struct asking *asking, struct fail *why)
{
    char detail[120];
    enum err err = read_case(district, asking, why);
    if (!err)
        err = check_state(district, asking, why);
    if (!err)
        err = make_list(district, asking, why);
    if (!err)
        err = publish_short_form(district, asking, why);
    if (!err)
        err = file_list(district, asking, why);
    if (err)
        return err;
    snprintf(detail, sizeof detail, "list=%s wanted=%zu replaces=%s", asking->list.id,
             asking->list.count, asking->row.replaces);
    return chain_add(district, "case.correction", asking->order->receipt, asking->order->actor,
                     detail, why);
}

enum err district_correct(struct district *district, const struct district_correction_order *order,
                          char id[CORRECTION_ID], struct fail *why)
{
    if (!district->options.signing_secret || !district->options.catalogue)
        return fail_set(why, ERR_UNSUPPORTED, "this process holds no key to sign a list with");
    struct asking *asking = calloc(1, sizeof *asking);
    if (!asking)
        return fail_set(why, ERR_RETRY, "out of memory");
    asking->order = order;
    enum err err = ask(district, asking, why);
    if (!err)
        text_copy(id, CORRECTION_ID, asking->list.id);
    opened_clear(&asking->opened);
    free(asking);
    return err;
}
