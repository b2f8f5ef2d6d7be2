// SPDX-License-Identifier: GPL-3.0-or-later
// The correction list as JSON: what travels, and what the district keeps.
#include "yimen/case/correction.h"

#include "json_row.h"

#include <string.h>

enum { FORMAT = 1 };

#define LIST(kind, member) ROW_FIELD(kind, struct correction_list, member)
static const struct row_field list_fields[] = {
    LIST(ROW_INT64, issued_utc_ms), LIST(ROW_INT64, due_utc_ms), LIST(ROW_TEXT, id),
    LIST(ROW_TEXT, key_id),         LIST(ROW_TEXT, instance),    LIST(ROW_TEXT, receipt),
    LIST(ROW_TEXT, service),        LIST(ROW_TEXT, form_id),     LIST(ROW_TEXT, version),
    LIST(ROW_TEXT, signature),
};
static const struct row_table list_table = ROW_TABLE(struct correction_list, list_fields);

// What an item is about is its key: "field" or "paper".
static const struct row_field field_item[] = {
    ROW_FIELD_AS("field", ROW_TEXT, struct correction_item, ref, false),
    ROW_FIELD(ROW_TEXT, struct correction_item, reason),
};
static const struct row_field paper_item[] = {
    ROW_FIELD_AS("paper", ROW_TEXT, struct correction_item, ref, false),
    ROW_FIELD(ROW_TEXT, struct correction_item, reason),
};
static const struct row_table item_tables[] = {
    [CORRECTION_FIELD] = ROW_TABLE(struct correction_item, field_item),
    [CORRECTION_PAPER] = ROW_TABLE(struct correction_item, paper_item),
};

static json_t *items_to_json(const struct correction_list *list)
{
    json_t *items = json_array();
    for (size_t i = 0; items && i < list->count; i++) {
        const struct correction_item *item = &list->items[i];
        if (json_array_append_new(items, row_write(&item_tables[item->kind], item)) != 0) {
            json_decref(items);
            return NULL;
        }
    }
    return items;
}

static int add_to_strbuf(const char *bytes, size_t length, void *context)
{
    struct strbuf *out = context;
    strbuf_add(out, bytes, length);
    return out->failed ? -1 : 0;
}

enum err correction_write(const struct correction_list *list, struct strbuf *out, struct fail *why)
{
    json_t *object = json_pack("{s:i, s:o}", "format", FORMAT, "items", items_to_json(list));
    if (object && !row_put(object, &list_table, list)) {
        json_decref(object);
        object = NULL;
    }
    int failed = json_dump_callback(object, add_to_strbuf, out, JSON_COMPACT);
    json_decref(object);
    if (failed && !out->failed)
        return fail_set(why, ERR_INPUT, "the correction list is not UTF-8");
    return strbuf_result(out, why);
}

static bool read_item(const json_t *object, struct correction_item *out)
{
    bool field = json_object_get(object, "field") != NULL;
    bool paper = json_object_get(object, "paper") != NULL;
    out->kind = field ? CORRECTION_FIELD : CORRECTION_PAPER;
    return field != paper && row_read(object, &item_tables[out->kind], out);
}

static bool read_list(const json_t *object, struct correction_list *out)
{
    const json_t *items = json_object_get(object, "items");
    bool good = json_integer_value(json_object_get(object, "format")) == FORMAT &&
                json_is_array(items) && json_array_size(items) > 0 &&
                json_array_size(items) <= CORRECTION_ITEMS && row_read(object, &list_table, out);
    for (out->count = 0; good && out->count < json_array_size(items); out->count++)
        good = read_item(json_array_get(items, out->count), &out->items[out->count]);
    return good;
}

enum err correction_read(const char *json, size_t length, struct correction_list *out,
                         struct fail *why)
{
    memset(out, 0, sizeof *out);
    if (length > CORRECTION_BYTES)
        return fail_set(why, ERR_INPUT, "the correction list is too long");
    json_t *object = json_loadb(json, length, JSON_REJECT_DUPLICATES, NULL);
    bool good = json_is_object(object) && read_list(object, out);
    json_decref(object);
    return good ? ERR_OK : fail_set(why, ERR_INPUT, "not a correction list");
}
