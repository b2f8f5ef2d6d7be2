// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/receipt_facts.h"

#include "yimen/base/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

// One text of the facts under its name in the JSON.
struct text_field {
    const char *name;
    size_t offset, room;
    bool later; // receipts kept before it was thought of lack it
};

#define TEXT_FIELD(field)                                                                          \
    {                                                                                              \
#field, offsetof(struct receipt_facts, field), sizeof(((struct receipt_facts *)0)->field), \
            false                                                                                  \
    }

static const struct text_field text_fields[] = {
    TEXT_FIELD(number),
    TEXT_FIELD(qr_text),
    TEXT_FIELD(service),
    TEXT_FIELD(item_code),
    TEXT_FIELD(language),
    TEXT_FIELD(counter_code),
    TEXT_FIELD(masked_name),
    TEXT_FIELD(masked_id),
    {"drawn", offsetof(struct receipt_facts, drawn), DRAWN_TEXT, true},
    {"of_number", offsetof(struct receipt_facts, of_number), LIMIT_RECEIPT_NUMBER, true},
};

struct int_field {
    const char *name;
    size_t offset;
    bool later; // receipts kept before it was thought of lack it
};

#define INT_FIELD(field)                                                                           \
    {                                                                                              \
#field, offsetof(struct receipt_facts, field), false                                       \
    }

static const struct int_field int_fields[] = {
    INT_FIELD(limit_hours),
    INT_FIELD(legal_limit_days),
    INT_FIELD(promised_limit_days),
    INT_FIELD(print_count),
    {"factor_kind", offsetof(struct receipt_facts, factor_kind), true},
    {"paper_limit_days", offsetof(struct receipt_facts, paper_limit_days), true},
};

static json_t *when_to_json(const struct when *when)
{
    return json_pack("{s:I, s:I, s:s, s:i}", "utc_ms", (json_int_t)when->utc_ms, "monotonic_ms",
                     (json_int_t)when->monotonic_ms, "boot_id", when->boot_id, "quality",
                     (int)when->quality);
}

static json_t *papers_to_json(const struct receipt_facts *facts)
{
    json_t *papers = json_array();
    for (size_t at = 0; at < facts->paper_count && at < DRAFT_PAPERS; at++)
        json_array_append_new(papers, json_pack("{s:s, s:i, s:I}", "id", facts->papers[at].id,
                                                "answer", facts->papers[at].answer, "items",
                                                (json_int_t)facts->papers[at].items));
    return papers;
}

static json_t *items_to_json(const struct receipt_facts *facts)
{
    json_t *items = json_array();
    for (size_t at = 0; at < facts->item_count && at < DRAFT_ITEMS; at++) {
        const struct item_note *item = &facts->items[at];
        json_array_append_new(items, json_pack("{s:s, s:s, s:i, s:i}", "service", item->service,
                                               "item_code", item->item_code, "legal_limit_days",
                                               item->legal_limit_days, "promised_limit_days",
                                               item->promised_limit_days));
    }
    return items;
}

static json_t *lines_to_json(const struct receipt_facts *facts)
{
    json_t *lines = json_array();
    for (size_t at = 0; at < facts->line_count && at < RECEIPT_LINES; at++)
        json_array_append_new(lines, json_pack("{s:s, s:s}", "label", facts->lines[at].label,
                                               "text", facts->lines[at].text));
    return lines;
}

static json_t *facts_to_json(const struct receipt_facts *facts)
{
    json_t *object = json_object();
    const char *base = (const char *)facts;
    for (size_t at = 0; at < sizeof text_fields / sizeof text_fields[0]; at++)
        json_object_set_new(object, text_fields[at].name,
                            json_string(base + text_fields[at].offset));
    for (size_t at = 0; at < sizeof int_fields / sizeof int_fields[0]; at++) {
        int value;
        memcpy(&value, base + int_fields[at].offset, sizeof value);
        json_object_set_new(object, int_fields[at].name, json_integer(value));
    }
    json_object_set_new(object, "urgent", json_boolean(facts->urgent));
    json_object_set_new(object, "signature_outstanding",
                        json_boolean(facts->signature_outstanding));
    json_object_set_new(object, "first_touch", when_to_json(&facts->first_touch));
    json_object_set_new(object, "saved", when_to_json(&facts->saved));
    json_object_set_new(object, "papers", papers_to_json(facts));
    if (facts->item_count > 0)
        json_object_set_new(object, "items", items_to_json(facts));
    if (facts->line_count > 0)
        json_object_set_new(object, "lines", lines_to_json(facts));
    return object;
}

static int add_to_strbuf(const char *bytes, size_t length, void *context)
{
    struct strbuf *out = context;
    strbuf_add(out, bytes, length);
    return out->failed ? -1 : 0;
}

enum err receipt_facts_write(const struct receipt_facts *facts, struct strbuf *out,
                             struct fail *why)
{
    json_t *object = facts_to_json(facts);
    int failed = json_dump_callback(object, add_to_strbuf, out, JSON_COMPACT);
    json_decref(object);
    if (failed && !out->failed)
        return fail_set(why, ERR_INPUT, "a text of the receipt is not UTF-8");
    return strbuf_result(out, why);
}

static bool read_text(const json_t *object, const struct text_field *field, char *base)
{
    const json_t *value = json_object_get(object, field->name);
    const char *text = !value && field->later ? "" : json_string_value(value);
    return text && text_copy(base + field->offset, field->room, text);
}

static bool read_int(const json_t *object, const char *name, int *out)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_integer(value))
        return false;
    *out = (int)json_integer_value(value);
    return *out == json_integer_value(value);
}

static bool read_when(const json_t *object, struct when *out)
{
    const json_t *utc = json_object_get(object, "utc_ms");
    const json_t *monotonic = json_object_get(object, "monotonic_ms");
    const char *boot = json_string_value(json_object_get(object, "boot_id"));
    int quality;
    if (!json_is_integer(utc) || !json_is_integer(monotonic) || !boot ||
        !read_int(object, "quality", &quality) || quality < TIME_UNKNOWN || quality > TIME_DISTRICT)
        return false;
    out->utc_ms = json_integer_value(utc);
    out->monotonic_ms = json_integer_value(monotonic);
    out->quality = (enum time_quality)quality;
    return text_copy(out->boot_id, sizeof out->boot_id, boot);
}

static bool read_papers(const json_t *papers, struct receipt_facts *out)
{
    if (!json_is_array(papers) || json_array_size(papers) > DRAFT_PAPERS)
        return false;
    out->paper_count = json_array_size(papers);
    for (size_t at = 0; at < out->paper_count; at++) {
        const json_t *paper = json_array_get(papers, at);
        const char *id = json_string_value(json_object_get(paper, "id"));
        if (!id || !text_copy(out->papers[at].id, sizeof out->papers[at].id, id) ||
            !read_int(paper, "answer", &out->papers[at].answer))
            return false;
        out->papers[at].items = (unsigned)json_integer_value(json_object_get(paper, "items"));
    }
    return true;
}

// Receipts of one service, and those saved by earlier versions, have none.
static bool read_items(const json_t *items, struct receipt_facts *out)
{
    if (!items)
        return true;
    if (!json_is_array(items) || json_array_size(items) > DRAFT_ITEMS)
        return false;
    out->item_count = json_array_size(items);
    for (size_t at = 0; at < out->item_count; at++) {
        const json_t *item = json_array_get(items, at);
        struct item_note *note = &out->items[at];
        const char *service = json_string_value(json_object_get(item, "service"));
        const char *code = json_string_value(json_object_get(item, "item_code"));
        if (!service || !text_copy(note->service, sizeof note->service, service) || !code ||
            !text_copy(note->item_code, sizeof note->item_code, code) ||
            !read_int(item, "legal_limit_days", &note->legal_limit_days) ||
            !read_int(item, "promised_limit_days", &note->promised_limit_days))
            return false;
    }
    return true;
}

// Only slips for an office have them.
static bool read_lines(const json_t *lines, struct receipt_facts *out)
{
    if (!lines)
        return true;
    if (!json_is_array(lines) || json_array_size(lines) > RECEIPT_LINES)
        return false;
    out->line_count = json_array_size(lines);
    for (size_t at = 0; at < out->line_count; at++) {
        const json_t *line = json_array_get(lines, at);
        const char *label = json_string_value(json_object_get(line, "label"));
        const char *text = json_string_value(json_object_get(line, "text"));
        if (!label || !text_copy(out->lines[at].label, sizeof out->lines[at].label, label) ||
            !text || !text_copy(out->lines[at].text, sizeof out->lines[at].text, text))
            return false;
    }
    return true;
}

static bool read_facts(const json_t *object, struct receipt_facts *out)
{
    for (size_t at = 0; at < sizeof text_fields / sizeof text_fields[0]; at++)
        if (!read_text(object, &text_fields[at], (char *)out))
            return false;
    for (size_t at = 0; at < sizeof int_fields / sizeof int_fields[0]; at++) {
        int value = 0;
        bool there = json_object_get(object, int_fields[at].name) != NULL;
        if ((there || !int_fields[at].later) && !read_int(object, int_fields[at].name, &value))
            return false;
        memcpy((char *)out + int_fields[at].offset, &value, sizeof value);
    }
    const json_t *urgent = json_object_get(object, "urgent");
    const json_t *outstanding = json_object_get(object, "signature_outstanding");
    out->urgent = json_is_true(urgent);
    out->signature_outstanding = json_is_true(outstanding);
    return json_is_boolean(urgent) && json_is_boolean(outstanding) &&
           read_when(json_object_get(object, "first_touch"), &out->first_touch) &&
           read_when(json_object_get(object, "saved"), &out->saved) &&
           read_papers(json_object_get(object, "papers"), out) &&
           read_items(json_object_get(object, "items"), out) &&
           read_lines(json_object_get(object, "lines"), out);
}

enum err receipt_facts_read(const char *json, size_t length, struct receipt_facts *out,
                            struct fail *why)
{
    *out = (struct receipt_facts){0};
    json_t *object = json_loadb(json, length, JSON_REJECT_DUPLICATES, NULL);
    bool good = json_is_object(object) && read_facts(object, out);
    json_decref(object);
    return good ? ERR_OK : fail_set(why, ERR_CORRUPT, "the stored receipt cannot be read");
}
