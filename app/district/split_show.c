// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of the items of a case, and reading one of them: whoever works on one item sees what
// that item's form asks, not the rest of the household's life.
#include "split.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *item_name(const struct district *district, const char *item)
{
    char key[80];
    if (!district->options.texts)
        return "";
    (void)snprintf(key, sizeof key, "service.%s.name", item);
    return texts_get(district->options.texts, texts_languages(district->options.texts)[0], key);
}

static json_t *describe_item(const struct district *district, const struct district_item *item)
{
    char since[32];
    when_format_utc(item->status_utc_ms, since);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:i}", "item", item->item, "name",
                     item_name(district, item->item), "status", item->status, "status_name",
                     status_name(district, item->status), "since", since, "legal_days",
                     item->legal_days, "promised_days", item->promised_days);
}

json_t *split_describe(struct district *district, const char *instance)
{
    struct split_items items;
    json_t *list = json_array();
    if (split_items(district, instance, &items, NULL) != ERR_OK)
        return list;
    for (size_t i = 0; i < items.count; i++)
        json_array_append_new(list, describe_item(district, &items.items[i]));
    return list;
}

static const struct district_item *find_item(const struct split_items *items, const char *item)
{
    for (size_t i = 0; i < items->count; i++)
        if (text_equal(items->items[i].item, item))
            return &items->items[i];
    return NULL;
}

// The case as it would be, had this item come alone.
static json_t *describe_part(struct district *district, struct district_case *at,
                             struct opened *opened, const struct district_item *item,
                             struct split_record *part)
{
    struct attachment *record = &opened->files[opened->count - 1];
    struct district_submission *submission = &at->submission;
    text_copy(submission->form_id, sizeof submission->form_id, item->form_id);
    text_copy(submission->version, sizeof submission->version, item->version);
    text_copy(submission->service, sizeof submission->service, item->item);
    text_copy(at->status, sizeof at->status, item->status);
    memory_wipe(record->data, record->length);
    free(record->data);
    record->length = part->xml.length;
    record->data = strbuf_take(&part->xml);
    json_t *body = record->data ? case_describe(district, at, opened) : NULL;
    if (!body)
        return NULL;
    json_object_set_new(body, "item", json_string(item->item));
    json_object_set_new(body, "legal_days", json_integer(item->legal_days));
    json_object_set_new(body, "promised_days", json_integer(item->promised_days));
    json_object_set_new(body, "violation", json_string(part->violation));
    return body;
}

static enum err show_part(struct district *district, struct district_case *at,
                          struct opened *opened, const char *item, struct strbuf *out,
                          struct fail *why)
{
    struct split_items items;
    struct split_record part = {0};
    enum err err = split_items(district, at->submission.instance, &items, why);
    const struct district_item *found = err ? NULL : find_item(&items, item);
    if (!err && !found)
        err = fail_set(why, ERR_NOT_FOUND, "the case has no item %s", item);
    if (!err)
        err = split_record(district, &at->submission, &opened->files[opened->count - 1], found,
                           &part, why);
    json_t *body = err ? NULL : describe_part(district, at, opened, found, &part);
    char *text = body ? json_dumps(body, JSON_INDENT(2)) : NULL;
    if (!err)
        err = text ? ERR_OK : fail_set(why, ERR_CORRUPT, "the record is not text");
    strbuf_adds(out, text ? text : "");
    free(text);
    json_decref(body);
    strbuf_free(&part.xml);
    return err ? err : strbuf_result(out, why);
}

enum err district_show_item(struct district *district, const char *receipt, const char *item,
                            const struct district_reader *reader, struct strbuf *out,
                            struct fail *why)
{
    struct district_case at;
    char subject[96];
    struct opened *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fail_set(why, ERR_RETRY, "out of memory");
    (void)snprintf(subject, sizeof subject, "%s %s", receipt, item);
    enum err err = chain_add(district, "case.read", subject, reader->actor, reader->reason, why);
    if (!err)
        err = opened_fetch(district, receipt, &at, opened, why);
    if (!err)
        err = show_part(district, &at, opened, item, out, why);
    opened_clear(opened);
    free(opened);
    return err;
}
