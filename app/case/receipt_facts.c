// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/receipt_facts.h"

#include "json_row.h"
#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>

#define FACT(kind, member) ROW_FIELD(kind, struct receipt_facts, member)
#define FACT_LATER(kind, member) ROW_LATER(kind, struct receipt_facts, member)

static const struct row_field facts_fields[] = {
    FACT(ROW_TEXT, number),
    FACT(ROW_TEXT, qr_text),
    FACT(ROW_TEXT, service),
    FACT(ROW_TEXT, item_code),
    FACT(ROW_TEXT, language),
    FACT(ROW_TEXT, counter_code),
    FACT(ROW_TEXT, masked_name),
    FACT(ROW_TEXT, masked_id),
    FACT_LATER(ROW_TEXT, drawn),
    FACT_LATER(ROW_TEXT, of_number),
    FACT(ROW_INT, limit_hours),
    FACT(ROW_INT, legal_limit_days),
    FACT(ROW_INT, promised_limit_days),
    FACT(ROW_INT, print_count),
    FACT_LATER(ROW_INT, factor_kind),
    FACT_LATER(ROW_INT, paper_limit_days),
    FACT(ROW_BOOL, urgent),
    FACT(ROW_BOOL, signature_outstanding),
};
static const struct row_table facts_table = ROW_TABLE(struct receipt_facts, facts_fields);

static const struct row_field when_fields[] = {
    ROW_FIELD(ROW_INT64, struct when, utc_ms),
    ROW_FIELD(ROW_INT64, struct when, monotonic_ms),
    ROW_FIELD(ROW_TEXT, struct when, boot_id),
    ROW_FIELD(ROW_INT, struct when, quality),
};
static const struct row_table when_table = ROW_TABLE(struct when, when_fields);

static const struct row_field paper_fields[] = {
    ROW_FIELD(ROW_TEXT, struct paper_note, id),
    ROW_FIELD(ROW_INT, struct paper_note, answer),
    ROW_LATER(ROW_UNSIGNED, struct paper_note, items),
};
static const struct row_table paper_table = ROW_TABLE(struct paper_note, paper_fields);

static const struct row_field item_fields[] = {
    ROW_FIELD(ROW_TEXT, struct item_note, service),
    ROW_FIELD(ROW_TEXT, struct item_note, item_code),
    ROW_FIELD(ROW_INT, struct item_note, legal_limit_days),
    ROW_FIELD(ROW_INT, struct item_note, promised_limit_days),
};
static const struct row_table item_table = ROW_TABLE(struct item_note, item_fields);

static const struct row_field line_fields[] = {
    ROW_FIELD(ROW_TEXT, struct slip_note, label),
    ROW_FIELD(ROW_TEXT, struct slip_note, text),
};
static const struct row_table line_table = ROW_TABLE(struct slip_note, line_fields);

static size_t at_most(size_t count, size_t room)
{
    return count < room ? count : room;
}

// NULL: no memory, or a text is not UTF-8. A fact that is left out would be missed at the reprint.
static json_t *facts_to_json(const struct receipt_facts *facts)
{
    json_t *object = row_write(&facts_table, facts);
    int failed = object ? 0 : -1;
    if (!failed)
        failed |=
            json_object_set_new(object, "first_touch", row_write(&when_table, &facts->first_touch));
    if (!failed)
        failed |= json_object_set_new(object, "saved", row_write(&when_table, &facts->saved));
    if (!failed)
        failed |= json_object_set_new(
            object, "papers",
            rows_write(&paper_table, facts->papers, at_most(facts->paper_count, DRAFT_PAPERS)));
    if (!failed && facts->item_count > 0)
        failed |= json_object_set_new(
            object, "items",
            rows_write(&item_table, facts->items, at_most(facts->item_count, DRAFT_ITEMS)));
    if (!failed && facts->line_count > 0)
        failed |= json_object_set_new(
            object, "lines",
            rows_write(&line_table, facts->lines, at_most(facts->line_count, RECEIPT_LINES)));
    if (!failed)
        return object;
    json_decref(object);
    return NULL;
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

static bool read_when(const json_t *object, struct when *out)
{
    return row_read(object, &when_table, out) && out->quality >= TIME_UNKNOWN &&
           out->quality <= TIME_DISTRICT;
}

// Receipts of one service, those that are no slip for an office, and those saved by earlier
// versions lack items or lines.
static bool read_facts(const json_t *object, struct receipt_facts *out)
{
    const json_t *items = json_object_get(object, "items");
    const json_t *lines = json_object_get(object, "lines");
    return row_read(object, &facts_table, out) &&
           read_when(json_object_get(object, "first_touch"), &out->first_touch) &&
           read_when(json_object_get(object, "saved"), &out->saved) &&
           rows_read(json_object_get(object, "papers"), &paper_table, out->papers, DRAFT_PAPERS,
                     &out->paper_count) &&
           (!items || rows_read(items, &item_table, out->items, DRAFT_ITEMS, &out->item_count)) &&
           (!lines || rows_read(lines, &line_table, out->lines, RECEIPT_LINES, &out->line_count));
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
