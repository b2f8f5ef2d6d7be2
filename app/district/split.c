// SPDX-License-Identifier: GPL-3.0-or-later
// A case of several items (一件事): each item has its own state and limits, and a record of what
// its own form asks and nothing else. The state of the whole follows from theirs.
#include "split.h"

#include "yimen/base/text.h"
#include "yimen/record/record.h"
#include "yimen/weave/compose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BEFORE = DISTRICT_STATUS };

// ------------------------------------------------------------------ which items

static enum err read_form(struct district *district, const char *id, const char *version,
                          struct strbuf *xml, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct district_form form = {.xml = xml};
    return store->ops->form_get(store->self, id, version, &form, why);
}

static void describe_item(struct district *district, const struct form_sub *sub,
                          int64_t saved_utc_ms, int64_t now_utc_ms, struct district_item *out)
{
    const struct catalogue *catalogue = district->options.catalogue;
    const struct service *service = catalogue ? catalogue_service(catalogue, sub->item) : NULL;
    const struct service_limit *limit = service ? service_limit_on(service, saved_utc_ms) : NULL;
    *out = (struct district_item){.status = "10",
                                  .status_utc_ms = now_utc_ms,
                                  .legal_days = limit ? limit->legal_days : 0,
                                  .promised_days = limit ? limit->promised_days : 0};
    text_copy(out->item, sizeof out->item, sub->item);
    text_copy(out->form_id, sizeof out->form_id, sub->form);
    text_copy(out->version, sizeof out->version, sub->version);
}

enum err split_begin(struct district *district, const struct manifest *manifest, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct form_sub subs[FORM_ITEMS];
    struct district_item items[DISTRICT_ITEMS];
    size_t count = 0;
    struct strbuf xml;
    if (!text_starts(manifest->form_id, FORM_ONE_VISIT))
        return ERR_OK;
    strbuf_init(&xml, LIMIT_FORM_BYTES);
    enum err err = read_form(district, manifest->form_id, manifest->version, &xml, why);
    if (!err)
        err = form_split_items(strbuf_text(&xml), xml.length, subs, &count, why);
    strbuf_free(&xml);
    int64_t now = clock_now(district->options.clock).utc_ms;
    for (size_t i = 0; !err && i < count; i++)
        describe_item(district, &subs[i], manifest->seal.saved_utc_ms, now, &items[i]);
    return err ? err : store->ops->items_put(store->self, manifest->instance_id, items, count, why);
}

void split_first(const struct manifest *manifest, char out[FORM_ITEM_ID])
{
    char items[FORM_ITEMS][FORM_ITEM_ID];
    text_copy(out, FORM_ITEM_ID,
              form_compose_items(manifest->form_id, items) ? items[0] : manifest->seal.service);
}

static void collect(void *context, const struct district_item *item)
{
    struct split_items *items = context;
    if (items->count < DISTRICT_ITEMS)
        items->items[items->count++] = *item;
}

enum err split_items(struct district *district, const char *instance, struct split_items *out,
                     struct fail *why)
{
    const struct district_store *store = district->options.store;
    out->count = 0;
    return store->ops->items_each(store->self, instance, collect, out, why);
}

// ------------------------------------------------------------------ one item's record

// A list of the content, as the item's form asks for it.
static enum err content_list(void *context, const char *uri, struct strbuf *out, struct fail *why)
{
    const struct files *content = context;
    const char *name = strrchr(uri, '/');
    char path[160];
    if (!content || !text_starts(uri, "jr://file-csv/") || !name || strchr(name, '.') == name + 1)
        return fail_set(why, ERR_NOT_FOUND, "%s", uri);
    (void)snprintf(path, sizeof path, "divisions%s", name);
    return content->ops->read(content->self, path, out, why);
}

// What the form computes from "today" is as it was when the case was saved.
static struct when at_saving(void *self)
{
    const struct district_submission *submission = self;
    return (struct when){.utc_ms = submission->saved_utc_ms, .quality = submission->saved_quality};
}

// Through the item's own form: what does not concern it falls away, and what is wrong shows.
static enum err judge(struct district *district, const struct district_submission *submission,
                      const struct strbuf *own, const struct strbuf *raw, struct split_record *out,
                      struct fail *why)
{
    static const struct clock_ops saving = {.now = at_saving};
    const struct clock clock = {&saving, (void *)(uintptr_t)submission};
    const struct form_source source = {.name = "item",
                                       .text = strbuf_text(own),
                                       .length = own->length,
                                       .resource = content_list,
                                       .context = (void *)(uintptr_t)district->options.content,
                                       .crypto = district->options.crypto};
    const struct record_options options = {.clock = &clock,
                                           .crypto = district->options.crypto,
                                           .time_zone = "Asia/Shanghai",
                                           .edit = strbuf_text(raw)};
    struct form *form = NULL;
    struct record *record = NULL;
    enum err err = form_load(&source, NULL, NULL, &form, why);
    if (!err)
        err = record_new(form, &options, &record, why);
    if (!err) {
        const char *wrong = record_first_violation(record, NULL);
        text_copy(out->violation, sizeof out->violation, wrong ? wrong : "");
        err = record_submission(record, true, &out->xml, why);
    }
    record_free(record);
    form_free(form);
    return err;
}

static enum err split_with(struct district *district, const struct district_submission *submission,
                           const struct attachment *record, const struct district_item *item,
                           struct strbuf texts[3], struct split_record *out, struct fail *why)
{
    enum err err = read_form(district, submission->form_id, submission->version, &texts[0], why);
    if (!err)
        err = read_form(district, item->form_id, item->version, &texts[1], why);
    const struct form_split split = {.composed = strbuf_text(&texts[0]),
                                     .composed_length = texts[0].length,
                                     .record = record->data,
                                     .record_length = record->length,
                                     .item = item->item,
                                     .own = strbuf_text(&texts[1]),
                                     .own_length = texts[1].length};
    if (!err)
        err = form_split_record(&split, &texts[2], why);
    return err ? err : judge(district, submission, &texts[1], &texts[2], out, why);
}

enum err split_record(struct district *district, const struct district_submission *submission,
                      const struct attachment *record, const struct district_item *item,
                      struct split_record *out, struct fail *why)
{
    struct strbuf texts[3];
    strbuf_init(&texts[0], LIMIT_FORM_BYTES);
    strbuf_init(&texts[1], LIMIT_FORM_BYTES);
    strbuf_init(&texts[2], LIMIT_SUBMISSION_XML);
    strbuf_init(&out->xml, LIMIT_SUBMISSION_XML);
    out->violation[0] = '\0';
    enum err err = split_with(district, submission, record, item, texts, out, why);
    for (size_t i = 0; i < 3; i++)
        strbuf_free(&texts[i]);
    return err ? fail_prefix(why, err, "the record of %s", item->item) : ERR_OK;
}

// ------------------------------------------------------------------ states

const char *split_whole(const struct split_items *items)
{
    const struct status *least = NULL, *last = NULL;
    for (size_t i = 0; i < items->count; i++) {
        const struct status *at = status_find(items->items[i].status);
        if (!at)
            continue;
        if (at->wants_something)
            return at->code;
        if (at->next[0] && (!least || strcmp(at->code, least->code) < 0))
            least = at;
        if (!last || strcmp(at->code, last->code) > 0)
            last = at;
    }
    return least ? least->code : last ? last->code : "10";
}

// A correction list that is open keeps the whole waiting, whatever its items do meanwhile.
static bool waits_itself(struct district *district, const char *instance)
{
    const struct district_store *store = district->options.store;
    struct district_correction open;
    return store->ops->correction_open(store->self, instance, &open, NULL, NULL) == ERR_OK;
}

static enum err move_one(struct district *district, struct split_items *items, size_t index,
                         char whole[BEFORE], const struct district_decision *decision,
                         struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct district_item *item = &items->items[index];
    char from[DISTRICT_STATUS], subject[96], detail[200];
    text_copy(from, sizeof from, item->status);
    text_copy(item->status, sizeof item->status, decision->status);
    const char *after =
        !decision->item || !waits_itself(district, items->instance) ? split_whole(items) : whole;
    const struct district_item_move move = {.instance = items->instance,
                                            .item = item->item,
                                            .from = from,
                                            .status = decision->status,
                                            .whole_from = whole,
                                            .whole_status = after,
                                            .reason = decision->reason,
                                            .actor = decision->actor,
                                            .utc_ms = clock_now(district->options.clock).utc_ms};
    enum err err = store->ops->item_move(store->self, &move, why);
    if (err)
        return err;
    if (after != whole)
        text_copy(whole, BEFORE, after);
    (void)snprintf(subject, sizeof subject, "%s %s", decision->receipt, item->item);
    (void)snprintf(detail, sizeof detail, "%s -> %s: %.150s", from, decision->status,
                   decision->reason);
    return chain_add(district, "case.status", subject, decision->actor, detail, why);
}

enum err split_decide(struct district *district, const struct district_case *at,
                      struct split_items *items, const struct district_decision *decision,
                      struct fail *why)
{
    char whole[BEFORE];
    size_t named = 0, moved = 0;
    enum err err = ERR_OK;
    text_copy(whole, sizeof whole, at->status);
    text_copy(items->instance, sizeof items->instance, at->submission.instance);
    for (size_t i = 0; !err && i < items->count; i++) {
        const struct status *now = status_find(items->items[i].status);
        if (decision->item && !text_equal(decision->item, items->items[i].item))
            continue;
        named++;
        if (!now || !status_may_follow(now, decision->status))
            continue;
        err = move_one(district, items, i, whole, decision, why);
        moved++;
    }
    if (err)
        return err;
    if (!named)
        return fail_set(why, ERR_INPUT, "the case has no item %s", decision->item);
    return moved ? ERR_OK
                 : fail_set(why, ERR_INPUT, "%s may not follow where %s", decision->status,
                            decision->item ? "that item is" : "its items are");
}
