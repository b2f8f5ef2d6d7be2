// SPDX-License-Identifier: GPL-3.0-or-later
// What was asked of a case and what came in answer, for the desk: each field by its name, before
// and after.
#include "district_internal.h"

#include "yimen/base/text.h"
#include "yimen/case/correction.h"
#include "yimen/weave/subset.h"
#include "yimen/xml/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct showing {
    struct district *district;
    const struct attachment *record; ///< of the case
    json_t *lists;
    struct correction_list list;
    struct opened answer; ///< count 0: none, or not opened yet
    struct xml_document *form;
    char before[LIMIT_ANSWER + 1], after[LIMIT_ANSWER + 1];
};

// ------------------------------------------------------------------ what a question is called

static const struct xml_element *text_named(const struct xml_element *translation, const char *id)
{
    char name[LIMIT_REF];
    for (const struct xml_element *text = xml_child(translation); text; text = xml_next(text))
        if (!xml_attribute(text, "id", name, sizeof name, NULL) && text_equal(name, id))
            return xml_find(text, "value");
    return NULL;
}

// The label behind jr:itext('ID') in the form's own language.
static const struct xml_element *itext_of(const struct xml_element *root, char *reference)
{
    char *id = strchr(reference, '\''), *end = id ? strrchr(reference, '\'') : NULL;
    const struct xml_element *head = xml_find(root, "head");
    const struct xml_element *model = head ? xml_find(head, "model") : NULL;
    const struct xml_element *itext = model ? xml_find(model, "itext") : NULL;
    if (!itext || !end || end == id)
        return NULL;
    *end = '\0';
    return text_named(xml_child(itext), id + 1);
}

// Question `index` of a short form: the last control of its group.
static void name_question(const struct xml_document *form, size_t index, char out[256])
{
    char reference[LIMIT_REF];
    const struct xml_element *root = form ? xml_root(form) : NULL;
    const struct xml_element *body = root ? xml_find(root, "body") : NULL;
    const struct xml_element *group = body ? xml_child(body) : NULL, *last = NULL;
    out[0] = '\0';
    for (; group && index; index--)
        group = xml_next(group);
    for (const struct xml_element *at = group ? xml_child(group) : NULL; at; at = xml_next(at))
        last = at;
    const struct xml_element *label = last ? xml_find(last, "label") : NULL;
    if (label && !xml_attribute(label, "ref", reference, sizeof reference, NULL))
        label = itext_of(root, reference);
    if (label && xml_text(label, out, 256, NULL))
        out[0] = '\0';
}

static void open_form(struct showing *showing)
{
    const struct district_store *store = showing->district->options.store;
    struct strbuf text;
    struct district_form form = {.xml = &text};
    char id[sizeof form.id];
    strbuf_init(&text, LIMIT_FORM_BYTES);
    snprintf(id, sizeof id, "%.*s%s", (int)(sizeof id - sizeof FORM_CORRECTION_SUFFIX),
             showing->list.form_id, FORM_CORRECTION_SUFFIX);
    if (store->ops->form_get(store->self, id, showing->list.id, &form, NULL) ||
        xml_parse(strbuf_text(&text), text.length, LIMIT_FORM_BYTES, &showing->form, NULL))
        showing->form = NULL;
    strbuf_free(&text);
}

// ------------------------------------------------------------------ what was answered

// "id-card:later medical-proof:clerk": the word behind a paper's id.
static void paper_answer(const char *papers, const char *id, char *out, size_t room)
{
    size_t length = strlen(id);
    out[0] = '\0';
    for (const char *at = papers; *at; at += strcspn(at, " "), at += *at == ' ')
        if (strncmp(at, id, length) == 0 && at[length] == ':')
            snprintf(out, room, "%.*s", (int)strcspn(at + length + 1, " "), at + length + 1);
}

static void value_of(const struct attachment *record, const char *path, char *out)
{
    if (!record || opened_value(record, path, out, LIMIT_ANSWER + 1, NULL) != ERR_OK)
        out[0] = '\0';
}

static json_t *describe_item(struct showing *showing, size_t index, size_t *field)
{
    const struct correction_item *item = &showing->list.items[index];
    const struct attachment *answer =
        showing->answer.count ? &showing->answer.files[showing->answer.count - 1] : NULL;
    char path[SUBSET_REF], label[256];
    if (item->kind == CORRECTION_PAPER) {
        value_of(answer, "/data/visit/papers", showing->before);
        paper_answer(showing->before, item->ref, showing->after, sizeof showing->after);
        return json_pack("{s:s, s:s, s:s}", "paper", item->ref, "reason", item->reason, "answer",
                         showing->after);
    }
    form_subset_ref(*field, path);
    name_question(showing->form, *field, label);
    (*field)++;
    value_of(showing->record, item->ref, showing->before);
    value_of(answer, path, showing->after);
    bool differs = answer && !text_equal(showing->before, showing->after);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "field", item->ref, "label", label, "reason",
                     item->reason, "before", showing->before, "after", showing->after, "differs",
                     differs);
}

static const char *state_name(enum district_correction_state state)
{
    switch (state) {
    case DISTRICT_CORRECTION_OPEN: return "open";
    case DISTRICT_CORRECTION_ANSWERED: return "answered";
    case DISTRICT_CORRECTION_REPLACED: return "replaced";
    }
    return "";
}

static json_t *describe_answer(struct showing *showing, const struct district_correction *row)
{
    const struct district_store *store = showing->district->options.store;
    struct district_case at;
    char when[32];
    if (!row->answered_by[0] || store->ops->case_get(store->self, row->answered_by, &at, NULL))
        return NULL;
    when_format_utc(at.submission.saved_utc_ms, when);
    return json_pack("{s:s, s:s, s:s, s:s, s:b}", "receipt", at.submission.receipt, "instance",
                     at.submission.instance, "saved", when, "flag", at.submission.flag, "late",
                     text_equal(at.submission.flag, "correction-late"));
}

static json_t *describe_list(struct showing *showing, const struct district_correction *row)
{
    char issued[32], due[32];
    json_t *items = json_array();
    size_t field = 0;
    when_format_utc(row->issued_utc_ms, issued);
    when_format_utc(row->due_utc_ms, due);
    for (size_t i = 0; i < showing->list.count; i++)
        json_array_append_new(items, describe_item(showing, i, &field));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o?}", "list", row->id, "state",
                     state_name(row->state), "actor", row->actor, "issued", issued, "due", due,
                     "replaces", row->replaces, "replaces_why", row->replaced_why, "items", items,
                     "answered_by", describe_answer(showing, row));
}

// ------------------------------------------------------------------ the lists, one by one

struct lists {
    size_t count;
    struct district_correction rows[16];
    char *texts[16];
};

static void keep(void *context, const struct district_correction *row, const char *json)
{
    struct lists *lists = context;
    if (lists->count == sizeof lists->rows / sizeof lists->rows[0])
        return;
    lists->rows[lists->count] = *row;
    lists->texts[lists->count++] = text_duplicate(json);
}

// Another statement may only run when the walk is over.
static void show_one(struct showing *showing, const struct district_correction *row,
                     const char *text)
{
    if (correction_read(text, strlen(text), &showing->list, NULL) != ERR_OK)
        return;
    open_form(showing);
    if (row->answered_by[0] &&
        opened_read(showing->district, row->answered_by, &showing->answer, NULL) != ERR_OK)
        showing->answer.count = 0;
    json_array_append_new(showing->lists, describe_list(showing, row));
    opened_clear(&showing->answer);
    xml_free(showing->form);
    showing->form = NULL;
}

json_t *corrections_describe(struct district *district, const struct district_case *at,
                             const struct attachment *record)
{
    const struct district_store *store = district->options.store;
    struct lists *lists = calloc(1, sizeof *lists);
    struct showing *showing = calloc(1, sizeof *showing);
    json_t *all = NULL;
    if (lists && showing &&
        store->ops->correction_each(store->self, at->submission.instance, keep, lists, NULL) ==
            ERR_OK) {
        *showing = (struct showing){.district = district, .record = record, .lists = json_array()};
        for (size_t i = 0; i < lists->count; i++)
            show_one(showing, &lists->rows[i], lists->texts[i]);
        all = showing->lists;
    }
    for (size_t i = 0; lists && i < lists->count; i++)
        free(lists->texts[i]);
    free(lists);
    if (showing)
        memory_wipe(showing, sizeof *showing);
    free(showing);
    return all;
}
