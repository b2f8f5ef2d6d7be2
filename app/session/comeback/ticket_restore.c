// SPDX-License-Identifier: GPL-3.0-or-later
// A draft becomes a visit again, at the screen where it was. Its bytes are those this district's
// kiosks sealed, but they are read as if anybody had written them. When the form has changed since,
// every answer that still fits is given anew, and the screen says so.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(const json_t *draft, const char *name)
{
    const char *text = json_string_value(json_object_get(draft, name));
    return text ? text : "";
}

static int number_of(const json_t *draft, const char *name, int most)
{
    json_int_t number = json_integer_value(json_object_get(draft, name));
    return number >= 0 && number <= most ? (int)number : 0;
}

static json_t *read_json(const char *text, size_t length)
{
    json_t *draft = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    if (draft && number_of(draft, "draft", 1) == 1)
        return draft;
    json_decref(draft);
    return NULL;
}

enum err draft_about(const char *text, size_t length, struct draft_about *out, struct fail *why)
{
    json_t *draft = read_json(text, length);
    const json_t *items = json_object_get(draft, "items");
    *out = (struct draft_about){.item_count = json_array_size(items)};
    bool good = draft && out->item_count <= VISIT_ITEMS &&
                text_copy(out->service, sizeof out->service, text_of(draft, "service")) &&
                text_copy(out->instance, sizeof out->instance, text_of(draft, "instance")) &&
                text_copy(out->pack, sizeof out->pack, text_of(draft, "pack")) &&
                text_starts(out->instance, "uuid:");
    for (size_t i = 0; good && i < out->item_count; i++) {
        const char *id = json_string_value(json_array_get(items, i));
        good = id && text_copy(out->items[i], sizeof out->items[i], id);
    }
    json_decref(draft);
    return good ? ERR_OK : fail_set(why, ERR_INPUT, "a draft of another kind");
}

// ------------------------------------------------------------------ its service

// NULL: it is no longer offered.
static const struct service *service_of(struct session *session, const struct draft_about *about)
{
    const struct catalogue *catalogue = session->options.catalogue;
    const struct service *items[VISIT_ITEMS];
    for (size_t i = 0; i < about->item_count; i++) {
        items[i] = catalogue_service(catalogue, about->items[i]);
        if (!items[i])
            return NULL;
    }
    if (about->item_count > 1)
        return items_again(session, items, about->item_count);
    const char *pack = session->options.pack_version;
    const struct service *service = catalogue_service(catalogue, about->service);
    bool is_earlier = about->pack[0] && pack && !text_equal(about->pack, pack);
    return service && is_earlier ? earlier_begin(session, service, about->pack) : service;
}

struct visit *draft_begin(struct session *session, const char *plain, size_t length)
{
    struct draft_about about;
    enum err err = draft_about(plain, length, &about, NULL);
    const struct service *service = err ? NULL : service_of(session, &about);
    if (!service) {
        log_event(LOG_WARNING, "session", "draft-without-service", "err=%s", err_name(err));
        return NULL;
    }
    struct visit *visit = visit_new(session, service);
    text_copy(visit->instance, sizeof visit->instance, about.instance);
    visit->step = STEP_QUESTIONS;
    visit->draft = arena_strndup(visit->arena, plain, length);
    visit->draft_length = length;
    return visit;
}

void draft_open(struct session *session, struct visit *visit)
{
    session->visit = visit;
    session->place = PLACE_VISIT;
    session->dirty = true;
    forms_want(session, visit->service);
    if (forms_slot(session, visit->service)->state == FORM_READY)
        draft_restore(session);
}

// ------------------------------------------------------------------ the record

// The root's attribute says the version of the form, which may be another one by now.
static void put_version(struct strbuf *out, const char *record, const char *was, const char *is)
{
    char old[96];
    const char *tag_end = strchr(record, '>');
    int length = snprintf(old, sizeof old, " version=\"%s\"", was);
    const char *at = length < (int)sizeof old ? strstr(record, old) : NULL;
    // Past an XML declaration, within the first element's tag.
    if (tag_end && text_starts(record, "<?"))
        tag_end = strchr(tag_end + 1, '>');
    if (!at || !tag_end || at > tag_end || text_equal(was, is)) {
        strbuf_adds(out, record);
        return;
    }
    strbuf_add(out, record, (size_t)(at - record));
    strbuf_adds(out, " version=\"");
    strbuf_add_xml(out, is);
    strbuf_addc(out, '"');
    strbuf_adds(out, at + length);
}

static enum err restore_record(struct session *session, const json_t *draft, struct fail *why)
{
    struct visit *visit = session->visit;
    struct strbuf record;
    const struct form *form = forms_slot(session, visit->service)->form;
    const char *was = text_of(draft, "version");
    visit->form_is_new =
        !text_equal(text_of(draft, "form"), form_id(form)) || !text_equal(was, form_version(form));
    strbuf_init(&record, LIMIT_DRAFT_BYTES + 256);
    put_version(&record, text_of(draft, "record"), was, form_version(form));
    enum err err = strbuf_result(&record, why);
    if (!err)
        err = visit_record_from(session, visit, strbuf_text(&record), why);
    strbuf_free(&record);
    return err;
}

// ------------------------------------------------------------------ what stands beside it

static void restore_facts(struct session *session, const json_t *draft)
{
    struct visit *visit = session->visit;
    const json_t *touch = json_object_get(draft, "first_touch");
    session_copy_clean(visit->who, sizeof visit->who, text_of(draft, "who"));
    session_copy_clean(visit->name, sizeof visit->name, text_of(draft, "name"));
    session_copy_clean(visit->id_number, sizeof visit->id_number, text_of(draft, "id_number"));
    (void)document_find(text_of(draft, "document"), &visit->document);
    session_copy_clean(visit->chosen_code, sizeof visit->chosen_code,
                       text_of(draft, "chosen_code"));
    characters_restore(visit, json_object_get(draft, "characters"));
    visit->code_declined = json_is_true(json_object_get(draft, "code_declined"));
    visit->first_touch.utc_ms = json_integer_value(json_object_get(touch, "utc_ms"));
    visit->first_touch.monotonic_ms = json_integer_value(json_object_get(touch, "monotonic_ms"));
    visit->first_touch.quality = (enum time_quality)number_of(touch, "quality", TIME_DISTRICT);
    text_copy(visit->first_touch.boot_id, sizeof visit->first_touch.boot_id,
              text_of(touch, "boot_id"));
    visit->commitment = (enum choice)number_of(draft, "commitment", CHOICE_NO);
    for (size_t i = 0; i < visit->service->paper_count; i++) {
        visit->papers[i] = (enum paper_answer)number_of(
            json_object_get(draft, "papers"), visit->service->papers[i].id, PAPER_ANSWER_CANNOT);
        if (visit->papers[i] == PAPER_ANSWER_SCAN) // its pages went with the visit before
            visit->papers[i] = PAPER_ANSWER_NONE;
    }
    for (size_t i = 0; i < visit->service->consent_count; i++)
        visit->consents[i] = (enum choice)number_of(json_object_get(draft, "consents"),
                                                    visit->service->consents[i], CHOICE_NO);
}

static void restore_comfort(struct session *session, const json_t *draft)
{
    struct comfort *comfort = &session->comfort;
    const char *const *languages = texts_languages(session->options.texts);
    for (size_t i = 0; languages[i]; i++)
        if (text_equal(languages[i], text_of(draft, "language")))
            comfort->language = languages[i];
    comfort->size = (enum text_size)number_of(draft, "size", TEXT_SIZE_XL);
    comfort->contrast = (enum contrast)number_of(draft, "contrast", CONTRAST_LOW);
}

// ------------------------------------------------------------------ where it was

static void restore_opened(struct visit *visit, const json_t *draft)
{
    const json_t *list = json_object_get(draft, "opened");
    for (size_t i = 0; i < json_array_size(list) && i < OPENED_DEPTH; i++) {
        struct opened *opened = &visit->opened[i];
        const char *range = json_string_value(json_array_get(json_array_get(list, i), 0));
        const char *instance = json_string_value(json_array_get(json_array_get(list, i), 1));
        if (!range || !instance || !text_copy(opened->range, sizeof opened->range, range) ||
            !text_copy(opened->instance, sizeof opened->instance, instance))
            return;
        opened->is_new = json_is_true(json_array_get(json_array_get(list, i), 2));
        visit->opened_count = i + 1;
    }
}

// The screen of the draft; where it is gone, what is still to be answered, or the beginning.
static bool show_question(struct session *session, const json_t *draft)
{
    struct visit *visit = session->visit;
    const char *screen = NULL;
    restore_opened(visit, draft);
    if (!visit->form_is_new && questions_show(visit, text_of(draft, "screen")))
        return true;
    visit->opened_count = 0;
    if (record_first_violation(visit->record, &screen) && screen && questions_show(visit, screen))
        return true;
    screen = record_first_screen(visit->record);
    return screen && questions_show(visit, screen);
}

// What was passed before is not asked again; what a newer form asks besides is.
static void note_passed(struct visit *visit, bool all)
{
    char at[LIMIT_REF];
    if (all) {
        record_note_asked(visit->record, NULL);
        (void)papers_choose(visit);
        memcpy(visit->paper_seen, visit->paper_asked, sizeof visit->paper_seen);
        return;
    }
    const char *screen = record_first_screen(visit->record);
    while (screen && !text_equal(screen, visit->screen)) {
        text_copy(at, sizeof at, screen);
        record_note_asked(visit->record, at);
        screen = record_next_screen(visit->record, at);
    }
}

static void go_to_place(struct session *session, const json_t *draft)
{
    struct visit *visit = session->visit;
    enum visit_step step = (enum visit_step)number_of(draft, "step", STEP_SIGNATURE);
    if (step == STEP_TICKET || (visit->form_is_new && step > STEP_QUESTIONS))
        step = STEP_QUESTIONS;
    visit->from_review = json_is_true(json_object_get(draft, "from_review"));
    if (step == STEP_QUESTIONS && !show_question(session, draft)) {
        steps_go(session, STEP_REVIEW);
        return;
    }
    if (!visit->form_is_new)
        note_passed(visit, step > STEP_QUESTIONS);
    if (step == STEP_QUESTIONS)
        visit->step = STEP_QUESTIONS;
    else
        steps_go(session, steps_apply(visit, step) ? step : STEP_REVIEW);
    if (visit->step == STEP_CONSENTS && !visit->form_is_new)
        visit->consent =
            (size_t)number_of(draft, "consent", (int)visit->service->consent_count - 1);
}

void draft_restore(struct session *session)
{
    struct visit *visit = session->visit;
    struct fail why = {0};
    json_t *draft = read_json(visit->draft, visit->draft_length);
    enum err err = draft ? restore_record(session, draft, &why)
                         : fail_set(&why, ERR_INPUT, "a draft of another kind");
    memory_wipe(visit->draft, visit->draft_length);
    visit->draft = NULL;
    if (err) {
        log_fail(LOG_ERROR, "session", "draft-not-restored", &why);
        visit_problem(&visit->problem, "form-broken", "DRAFT-BROKEN", false);
    } else {
        restore_comfort(session, draft);
        restore_facts(session, draft);
        if (record_set_language(visit->record, session->comfort.language, NULL))
            log_event(LOG_WARNING, "session", "form-language", "service=%s", visit->service->id);
        go_to_place(session, draft);
        park_came_back(session);
        visit->came_back = true;
        if (visit->form_is_new)
            session->overlay = OVERLAY_FORM_CHANGED;
        checkpoint_now(session, visit); // the next revision, from this kiosk
    }
    json_decref(draft);
    session->dirty = true;
}
