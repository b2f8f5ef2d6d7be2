// SPDX-License-Identifier: GPL-3.0-or-later
// The correction list as JSON: what travels, and what the district keeps.
#include "yimen/case/correction.h"

#include "yimen/base/text.h"

#include <jansson.h>
#include <stddef.h>
#include <string.h>

enum { FORMAT = 1 };

struct text_field {
    const char *name;
    size_t offset, room;
};
#define TEXT(name)                                                                                 \
    {                                                                                              \
#name, offsetof(struct correction_list, name), sizeof((struct correction_list *)0)->name   \
    }
static const struct text_field fields[] = {
    TEXT(id),      TEXT(key_id),  TEXT(instance), TEXT(receipt),
    TEXT(service), TEXT(form_id), TEXT(version),  TEXT(signature),
};
enum { FIELDS = sizeof fields / sizeof fields[0] };

static json_t *items_to_json(const struct correction_list *list)
{
    json_t *items = json_array();
    for (size_t i = 0; i < list->count; i++) {
        const struct correction_item *item = &list->items[i];
        json_array_append_new(items, json_pack("{s:s, s:s}",
                                               item->kind == CORRECTION_FIELD ? "field" : "paper",
                                               item->ref, "reason", item->reason));
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
    json_t *object = json_pack("{s:i, s:I, s:I, s:o}", "format", FORMAT, "issued_utc_ms",
                               (json_int_t)list->issued_utc_ms, "due_utc_ms",
                               (json_int_t)list->due_utc_ms, "items", items_to_json(list));
    for (size_t i = 0; i < FIELDS; i++)
        json_object_set_new(object, fields[i].name,
                            json_string((const char *)list + fields[i].offset));
    int failed = json_dump_callback(object, add_to_strbuf, out, JSON_COMPACT);
    json_decref(object);
    if (failed && !out->failed)
        return fail_set(why, ERR_INPUT, "the correction list is not UTF-8");
    return strbuf_result(out, why);
}

static bool take_text(const json_t *object, const char *name, char *out, size_t room)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text && text_copy(out, room, text);
}

static bool read_item(const json_t *object, struct correction_item *out)
{
    bool field = json_object_get(object, "field") != NULL;
    bool paper = json_object_get(object, "paper") != NULL;
    out->kind = field ? CORRECTION_FIELD : CORRECTION_PAPER;
    return field != paper &&
           take_text(object, field ? "field" : "paper", out->ref, sizeof out->ref) &&
           take_text(object, "reason", out->reason, sizeof out->reason);
}

static bool read_list(const json_t *object, struct correction_list *out)
{
    const json_t *items = json_object_get(object, "items");
    const json_t *issued = json_object_get(object, "issued_utc_ms");
    const json_t *due = json_object_get(object, "due_utc_ms");
    bool good = json_integer_value(json_object_get(object, "format")) == FORMAT &&
                json_is_integer(issued) && json_is_integer(due) && json_is_array(items) &&
                json_array_size(items) > 0 && json_array_size(items) <= CORRECTION_ITEMS;
    for (size_t i = 0; good && i < FIELDS; i++)
        good = take_text(object, fields[i].name, (char *)out + fields[i].offset, fields[i].room);
    if (!good)
        return false;
    out->issued_utc_ms = json_integer_value(issued);
    out->due_utc_ms = json_integer_value(due);
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
