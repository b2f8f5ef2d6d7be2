// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a case. The reading is in the audit chain before anything is shown.
#include "split.h"

#include "yimen/base/text.h"
#include "yimen/xml/read.h"

#include <stdlib.h>
#include <string.h>

enum { VALUE_BYTES = 64 << 10 };

// Elements become objects, repeated ones arrays, leaves strings.
static json_t *tree(const struct xml_element *element, char *room)
{
    const struct xml_element *child = xml_child(element);
    if (!child)
        return json_string(xml_text(element, room, VALUE_BYTES, NULL) == ERR_OK ? room : "");
    json_t *object = json_object();
    for (; child; child = xml_next(child)) {
        const char *name = xml_name(child);
        json_t *there = json_object_get(object, name), *value = tree(child, room);
        if (json_is_array(there)) {
            json_array_append_new(there, value);
        } else if (there) {
            json_t *both = json_array();
            json_array_append(both, there);
            json_array_append_new(both, value);
            json_object_set_new(object, name, both);
        } else {
            json_object_set_new(object, name, value);
        }
    }
    return object;
}

static json_t *record_tree(const struct attachment *record)
{
    struct xml_document *document = NULL;
    char *room = malloc(VALUE_BYTES);
    json_t *value = NULL;
    if (room &&
        xml_parse(record->data, record->length, LIMIT_SUBMISSION_XML, &document, NULL) == ERR_OK)
        value = tree(xml_root(document), room);
    xml_free(document);
    if (room)
        memory_wipe(room, VALUE_BYTES);
    free(room);
    return value;
}

// What the owner proves themselves with is for machines to compare: no clerk sees it.
static void hide_chosen(char *record, size_t length)
{
    static const char *const begins[] = {"<chosen_code>", "<of_proof>"};
    const char *end = record + length;
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
        for (char *at = memmem(record, length, begins[i], strlen(begins[i])); at;
             at = memmem(at, (size_t)(end - at), begins[i], strlen(begins[i])))
            for (at += strlen(begins[i]); at < end && *at != '<'; at++)
                *at = '*';
}

// The record as it is shown; "" where memory is short. Freed with attachments_clear.
static struct attachment shown_record(const struct attachment *record)
{
    struct attachment shown = {.data = malloc(record->length + 1)};
    if (!shown.data)
        return shown;
    memcpy(shown.data, record->data, record->length);
    ((char *)shown.data)[record->length] = '\0';
    shown.length = record->length;
    hide_chosen(shown.data, shown.length);
    return shown;
}

static void add_alike(void *context, const char *receipt, int kind)
{
    static const char *const names[] = {"", "id_number", "last_four", "phone"};
    if (kind > 0 && kind < 4)
        json_array_append_new(context,
                              json_pack("{s:s, s:s}", "receipt", receipt, "by", names[kind]));
}

json_t *case_describe(struct district *district, const struct district_case *at,
                      const struct opened *opened)
{
    const struct district_store *store = district->options.store;
    const struct district_submission *s = &at->submission;
    const struct attachment *record = &opened->files[opened->count - 1];
    struct attachment shown = shown_record(record);
    char first_touch[32], saved[32], received[32];
    when_format_utc(s->first_touch_utc_ms, first_touch);
    when_format_utc(s->saved_utc_ms, saved);
    when_format_utc(s->received_utc_ms, received);
    json_t *alike = json_array(), *files = json_array();
    if (store->ops->alike_each(store->self, s->instance, add_alike, alike, NULL) != ERR_OK)
        json_array_clear(alike);
    for (size_t i = 0; i + 1 < opened->count; i++)
        json_array_append_new(files, json_pack("{s:s, s:I}", "name", opened->files[i].name, "size",
                                               (json_int_t)opened->files[i].length));
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, "
        "s:s%, s:o?, s:s, s:o?, s:o, s:o}",
        "receipt", s->receipt, "instance", s->instance, "form_id", s->form_id, "version",
        s->version, "service", s->service, "urgent", s->urgent, "counter", s->counter, "device",
        s->device_id, "status", at->status, "status_name", status_name(district, at->status),
        "first_touch", first_touch, "saved", saved, "saved_quality",
        time_quality_name(s->saved_quality), "received", received, "flag", s->flag, "alike", alike,
        "files", files, "record_xml", shown.data ? (const char *)shown.data : "", shown.length,
        "record", record_tree(&shown), "of_instance", s->of_instance, "corrections",
        corrections_describe(district, at, record), "linked",
        linked_describe(district, s->instance), "items", split_describe(district, s->instance));
    attachments_clear(&shown, 1);
    return body;
}

// What waits is opened now, and what is in quarantine tried again: the key that was missing may be
// there by now.
enum err opened_fetch(struct district *district, const char *receipt, struct district_case *at,
                      struct opened *opened, struct fail *why)
{
    const struct district_store *store = district->options.store;
    enum err err = store->ops->case_by_receipt(store->self, receipt, at, why);
    if (!err && at->opened != DISTRICT_OPENED)
        err = opener_open(district, at->submission.instance, why);
    if (err == ERR_CONFLICT) // the opener was faster
        err = ERR_OK;
    return err ? err : opened_read(district, at->submission.instance, opened, why);
}

enum err district_show(struct district *district, const char *receipt, const char *actor,
                       const char *reason, struct strbuf *out, struct fail *why)
{
    struct district_case at;
    struct opened *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fail_set(why, ERR_RETRY, "out of memory");
    enum err err = chain_add(district, "case.read", receipt, actor, reason, why);
    if (!err)
        err = opened_fetch(district, receipt, &at, opened, why);
    if (!err) {
        json_t *body = case_describe(district, &at, opened);
        char *text = body ? json_dumps(body, JSON_INDENT(2)) : NULL;
        json_decref(body);
        strbuf_adds(out, text ? text : "");
        err = text ? strbuf_result(out, why) : fail_set(why, ERR_CORRUPT, "the record is not text");
        free(text);
    }
    opened_clear(opened);
    free(opened);
    return err;
}

enum err district_show_file(struct district *district, const char *receipt, const char *name,
                            const char *actor, struct strbuf *out, struct fail *why)
{
    struct district_case at;
    struct opened *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fail_set(why, ERR_RETRY, "out of memory");
    enum err err = chain_add(district, "case.read", receipt, actor, name, why);
    if (!err)
        err = opened_fetch(district, receipt, &at, opened, why);
    if (!err)
        err = fail_set(why, ERR_NOT_FOUND, "the case has no file %s", name);
    for (size_t i = 0; i < opened->count; i++)
        if (text_equal(opened->files[i].name, name)) {
            strbuf_add(out, opened->files[i].data, opened->files[i].length);
            err = strbuf_result(out, why);
        }
    opened_clear(opened);
    free(opened);
    return err;
}
