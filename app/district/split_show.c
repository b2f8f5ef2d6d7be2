// SPDX-License-Identifier: GPL-3.0-or-later
// Reading one item of a case: whoever works on one item sees what that item's form asks, not the
// rest of the household's life.
#include "split.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
