// SPDX-License-Identifier: GPL-3.0-or-later
// One visit for several services, with the shipped content. For each pair that may go together, and
// for the whole of each bundle: the composed form loads without a finding; it asks everything that
// each single form would ask, once; and what it records falls apart again into one record an item,
// which that item's own form takes, complete and without a violation. The answers are those of the
// made-up residents of the demo.
#include "yimen/record/record.h"
#include "yimen/weave/pack_compose.h"
#include "yimen/weave/pack_form.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/case/drawn.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/system.h"
#include "yimen/weave/compose.h"
#include "yimen/xml/read.h"
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { COMPLETIONS = 60, ASKED = 400 };

static struct content {
    struct files assets;
    struct crypto crypto;
    struct catalogue *catalogue;
    struct texts *texts;
    struct pack_source pack;
} content;

static struct when on_23_november(void *self)
{
    (void)self;
    return (struct when){.utc_ms = 1795413600000, .quality = TIME_DISTRICT}; // 14:00 in Qingdao
}
static const struct clock_ops clock_ops = {.now = on_23_november};
static const struct clock the_clock = {.ops = &clock_ops};

// ------------------------------------------------------------------ one visit under test

struct asked {
    size_t count;
    char refs[ASKED][LIMIT_REF];
};

struct visit {
    struct one_visit services;
    char form_id[LIMIT_FORM_ID];
    struct strbuf composed;
    struct form *form;
    struct record *record;
    struct asked asked;
};

#define CHECK(visit, what, why)                                                                    \
    do {                                                                                           \
        if ((what) != ERR_OK)                                                                      \
            fail_msg("%s: %s", (visit)->form_id, (why).text);                                      \
    } while (0)

static struct record *new_record(const struct form *form, const char *edit, const char *name)
{
    struct record *record = NULL;
    struct fail why = {0};
    const struct record_options options = {
        .clock = &the_clock, .crypto = &content.crypto, .time_zone = "Asia/Shanghai", .edit = edit};
    if (record_new(form, &options, &record, &why) != ERR_OK)
        fail_msg("%s: %s", name, why.text);
    return record;
}

static void no_finding_is_expected(void *context, const struct form_finding *finding)
{
    const struct visit *visit = context;
    if (finding->severity != FORM_NOTE)
        fail_msg("%s:%d: %s: %s", visit->form_id, finding->line, finding->element, finding->text);
}

static enum err list(void *context, const char *uri, struct strbuf *out, struct fail *why)
{
    char path[128];
    (void)context;
    snprintf(path, sizeof path, "divisions/%s", strrchr(uri, '/') + 1);
    return content.assets.ops->read(content.assets.self, path, out, why);
}

static void compose(struct visit *visit)
{
    const char *ids[VISIT_ITEMS];
    struct strbuf id;
    struct fail why = {0};
    for (size_t i = 0; i < visit->services.count; i++)
        ids[i] = visit->services.items[i]->id;
    strbuf_init(&id, sizeof visit->form_id);
    CHECK(visit, form_compose_id(ids, visit->services.count, &id, &why), why);
    text_copy(visit->form_id, sizeof visit->form_id, strbuf_text(&id));
    strbuf_free(&id);
    strbuf_init(&visit->composed, LIMIT_FORM_BYTES);
    CHECK(visit, pack_compose(&content.pack, visit->form_id, &visit->composed, &why), why);
    const struct form_source source = {
        .name = visit->form_id,
        .text = strbuf_text(&visit->composed),
        .length = visit->composed.length,
        .resource = list,
        .crypto = &content.crypto,
        .strict = true,
    };
    CHECK(visit, form_load(&source, no_finding_is_expected, visit, &visit->form, &why), why);
    visit->record = new_record(visit->form, NULL, visit->form_id);
}

static void forget(struct visit *visit)
{
    record_free(visit->record);
    form_free(visit->form);
    strbuf_free(&visit->composed);
}

// ------------------------------------------------------------------ where an item's questions went

static const struct xml_element *item_named(const struct xml_document *form, const char *item)
{
    const struct xml_element *head = xml_find(xml_root(form), "head");
    const struct xml_element *items = xml_find(xml_find(head, "model"), "items");
    for (const struct xml_element *at = xml_child(items); at; at = xml_next(at)) {
        char id[64];
        struct fail why = {0};
        if (xml_attribute(at, "id", id, sizeof id, &why) == ERR_OK && text_equal(id, item))
            return at;
    }
    fail_msg("the composed form does not know %s", item);
    return NULL;
}

// "/data/school/name" of an item is "/data/meal-money/school/name" of the whole.
static void moved(const struct xml_element *item, const char *ref, char out[LIMIT_REF])
{
    const char *name = ref + strlen("/data/");
    size_t length = strcspn(name, "/[");
    snprintf(out, LIMIT_REF, "%s", ref);
    for (const struct xml_element *at = xml_child(item); at; at = xml_next(at)) {
        char part[96], to[200];
        if (xml_attribute(at, "name", part, sizeof part, NULL) == ERR_OK &&
            xml_attribute(at, "at", to, sizeof to, NULL) == ERR_OK && strlen(part) == length &&
            strncmp(part, name, length) == 0)
            snprintf(out, LIMIT_REF, "%s%s", to, name + length);
    }
}

// ------------------------------------------------------------------ answering

static json_t *resident_of(const struct service *service)
{
    char path[128];
    json_error_t error;
    snprintf(path, sizeof path, "app/demo/residents/%s.json", service->id);
    json_t *resident = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!resident)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    return resident;
}

static void value_of(const json_t *answer, char *out, size_t room)
{
    const json_t *choice;
    size_t i;
    out[0] = '\0';
    if (json_is_string(answer))
        text_copy(out, room, json_string_value(answer));
    else if (json_is_object(answer))
        text_copy(out, room, json_string_value(json_object_get(answer, "text")));
    json_array_foreach(answer, i, choice)
    {
        size_t used = strlen(out);
        snprintf(out + used, room - used, "%s%s", i ? " " : "", json_string_value(choice));
    }
}

static void set(struct record *record, const char *ref, const char *value)
{
    struct fail why = {0};
    // Dates are typed as eight digits; a resident may know more than is asked.
    enum err err = ref[0] ? record_answer(record, ref, value, &why) : ERR_OK;
    if (err == ERR_INPUT && strlen(value) == 8) {
        char date[16];
        snprintf(date, sizeof date, "%.4s-%.2s-%s", value, value + 4, value + 6);
        err = record_answer(record, ref, date, &why);
    }
    if (err != ERR_OK && err != ERR_DENIED && err != ERR_NOT_FOUND)
        fail_msg("%s: %s", ref, why.text);
}

static void identify(struct record *record, const struct service *service, const json_t *resident)
{
    char name[256];
    value_of(json_object_get(resident, "name"), name, sizeof name);
    set(record, service->ref_who, "self");
    set(record, service->ref_name, name);
    set(record, service->ref_id_number, json_string_value(json_object_get(resident, "id_number")));
    set(record, service->ref_identity_source, "typed");
}

// The members of the household that the resident has; those that are there already are the same.
static void add_members(struct record *record, const char *range, const json_t *resident)
{
    struct fail why = {0};
    char first[LIMIT_REF + 16];
    snprintf(first, sizeof first, "%s[1]/relation", range);
    if (json_object_get(resident, "members") && !record_is_relevant(record, first) &&
        record_add_repeat(record, range, &why) != ERR_OK)
        fail_msg("%s: %s", range, why.text);
}

static void answer_all(struct record *record, const struct xml_element *item,
                       const struct service *service)
{
    json_t *resident = resident_of(service), *answer;
    const char *ref;
    char to[LIMIT_REF], value[LIMIT_ANSWER];
    if (json_object_get(resident, "members")) {
        moved(item, "/data/member", to);
        add_members(record, to, resident);
    }
    json_object_foreach(json_object_get(resident, "answers"), ref, answer)
    {
        moved(item, ref, to);
        value_of(answer, value, sizeof value);
        set(record, to, value);
    }
    json_decref(resident);
}

struct completion {
    const char *ref;
    char value[64];
};

static void complete_one(void *context, const char *screen, const struct question *question)
{
    struct completion *completion = context;
    (void)screen;
    if (!text_equal(question->ref, completion->ref))
        return;
    const char *value = question->choice_count            ? question->choices[0].value
                        : question->kind == QUESTION_DATE ? "2026-01-02"
                        : question->kind == QUESTION_INTEGER || question->kind == QUESTION_DECIMAL
                            ? "1"
                            : "没有";
    text_copy(completion->value, sizeof completion->value, value);
}

// What only the union asks (one item looks at the whole household), the resident answers somehow.
static void complete(struct visit *visit)
{
    for (int i = 0; i < COMPLETIONS; i++) {
        char ref[LIMIT_REF];
        const char *missing = record_first_violation(visit->record, NULL);
        if (!missing)
            return;
        text_copy(ref, sizeof ref, missing);
        struct completion completion = {.ref = ref};
        record_review(visit->record, complete_one, &completion);
        if (!completion.value[0])
            fail_msg("%s: nothing asks for %s", visit->form_id, ref);
        set(visit->record, ref, completion.value);
    }
    fail_msg("%s: %s stays wrong", visit->form_id, record_first_violation(visit->record, NULL));
}

static void note_asked(void *context, const char *screen, const struct question *question)
{
    struct asked *asked = context;
    if (!screen)
        return;
    assert_in_range(asked->count, 0, ASKED - 1);
    text_copy(asked->refs[asked->count++], LIMIT_REF, question->ref);
}

enum { DRAWN_ANSWERS = 40 };

// As if some answers had characters written by hand: the n-th of the asked has the picture "n".
static void draw_some(struct visit *visit)
{
    struct strbuf list;
    strbuf_init(&list, LIMIT_ANSWER);
    for (size_t i = 0; i < visit->asked.count && i < DRAWN_ANSWERS; i++)
        strbuf_addf(&list, "%s%s:%zu", i ? " " : "", visit->asked.refs[i], i);
    set(visit->record, DRAWN_NODE, strbuf_text(&list));
    strbuf_free(&list);
}

// A picture is with the item that has its answer, under the name that the item's own form has for
// it.
static void check_drawn(const struct visit *visit, const struct record *record)
{
    const char *at = record_value(record, DRAWN_NODE);
    char ref[LIMIT_REF], file[LIMIT_FILE_NAME];
    size_t count = 0;
    for (; drawn_next(&at, ref, file); count++) {
        const char *composed = visit->asked.refs[strtoul(file, NULL, 10)];
        bool asked = record_is_relevant(record, ref); // by the item alone, too
        if (asked && !text_equal(record_value(record, ref), record_value(visit->record, composed)))
            fail_msg("%s is not %s", ref, composed);
    }
    assert_in_range(count, 1, DRAWN_ANSWERS);
}

static void fill_in(struct visit *visit)
{
    struct xml_document *form = NULL;
    struct fail why = {0};
    CHECK(visit,
          xml_parse(visit->composed.data, visit->composed.length, LIMIT_FORM_BYTES, &form, &why),
          why);
    json_t *first = resident_of(visit->services.items[0]);
    identify(visit->record, &visit->services.service, first);
    json_decref(first);
    for (size_t i = 0; i < visit->services.count; i++)
        answer_all(visit->record, item_named(form, visit->services.items[i]->id),
                   visit->services.items[i]);
    xml_free(form);
    complete(visit);
    record_review(visit->record, note_asked, &visit->asked);
    set(visit->record, "/data/visit/papers", "id-card:clerk authority:later medical-proof:later");
    draw_some(visit);
}

// ------------------------------------------------------------------ falling apart

static struct form *own_form(const struct service *service, struct strbuf *text)
{
    struct form *form = NULL;
    struct fail why = {0};
    strbuf_init(text, LIMIT_FORM_BYTES);
    if (pack_form_read(&content.assets, service->form, text, &why) != ERR_OK ||
        pack_form_load(&content.assets, &content.crypto, service->form, &form, &why) != ERR_OK)
        fail_msg("%s: %s", service->id, why.text);
    return form;
}

struct wanted {
    const struct visit *visit;
    const struct xml_element *item;
};

static void must_be_asked_once(void *context, const char *screen, const struct question *question)
{
    const struct wanted *wanted = context;
    char to[LIMIT_REF];
    size_t times = 0;
    if (!screen)
        return;
    moved(wanted->item, question->ref, to);
    for (size_t i = 0; i < wanted->visit->asked.count; i++)
        times += text_equal(wanted->visit->asked.refs[i], to);
    if (times != 1)
        fail_msg("%s: %s is asked %zu times", wanted->visit->form_id, to, times);
}

// Only what its service asks for.
static void check_papers(const struct record *record, const struct service *service)
{
    const char *at = record_value(record, "/data/visit/papers");
    while (*at) {
        char paper[64];
        size_t length = strcspn(at, ":");
        assert_in_range(length, 1, sizeof paper - 1);
        memcpy(paper, at, length);
        paper[length] = '\0';
        if (!service_asks_paper(service, paper))
            fail_msg("%s knows of the paper %s", service->id, paper);
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
}

static void check_item(struct visit *visit, const struct xml_document *composed,
                       const struct strbuf *whole, const struct service *service)
{
    struct strbuf text, part, again;
    struct fail why = {0};
    struct form *form = own_form(service, &text);
    strbuf_init(&part, LIMIT_SUBMISSION_XML);
    strbuf_init(&again, LIMIT_SUBMISSION_XML);
    const struct form_split split = {.composed = strbuf_text(&visit->composed),
                                     .composed_length = visit->composed.length,
                                     .record = strbuf_text(whole),
                                     .record_length = whole->length,
                                     .item = service->id,
                                     .own = strbuf_text(&text),
                                     .own_length = text.length};
    CHECK(visit, form_split_record(&split, &part, &why), why);
    struct record *record = new_record(form, strbuf_text(&part), service->id);
    const char *wrong = record_first_violation(record, NULL);
    if (wrong)
        fail_msg("%s: %s does not take %s", visit->form_id, service->id, wrong);
    CHECK(visit, record_submission(record, false, &again, &why), why);
    struct wanted wanted = {visit, item_named(composed, service->id)};
    record_review(record, must_be_asked_once, &wanted);
    check_papers(record, service);
    check_drawn(visit, record);
    assert_string_equal(record_value(record, "/data/meta/instanceID"),
                        record_value(visit->record, "/data/meta/instanceID"));
    record_free(record);
    form_free(form);
    strbuf_free(&again);
    strbuf_free(&part);
    strbuf_free(&text);
}

static void check_visit(const struct service *const *services, size_t count)
{
    struct visit visit = {0};
    struct strbuf whole;
    struct fail why = {0};
    CHECK(&visit, catalogue_one_visit(content.catalogue, services, count, &visit.services, &why),
          why);
    compose(&visit);
    fill_in(&visit);
    strbuf_init(&whole, LIMIT_SUBMISSION_XML);
    CHECK(&visit, record_submission(visit.record, false, &whole, &why), why);
    struct xml_document *composed = NULL;
    CHECK(&visit,
          xml_parse(visit.composed.data, visit.composed.length, LIMIT_FORM_BYTES, &composed, &why),
          why);
    for (size_t i = 0; i < count; i++)
        check_item(&visit, composed, &whole, visit.services.items[i]);
    xml_free(composed);
    strbuf_free(&whole);
    forget(&visit);
}

// ------------------------------------------------------------------ which visits

static void every_pair_of_a_bundle(void **state)
{
    const struct bundle *bundle = catalogue_bundle_at(content.catalogue, (size_t)(uintptr_t)*state);
    for (size_t i = 0; i < bundle->count; i++)
        for (size_t k = i + 1; k < bundle->count; k++) {
            const struct service *pair[] = {bundle->services[i], bundle->services[k]};
            if (catalogue_goes_with(content.catalogue, pair[0], pair[1]))
                check_visit(pair, 2);
        }
}

static void a_whole_bundle(void **state)
{
    const struct bundle *bundle = catalogue_bundle_at(content.catalogue, (size_t)(uintptr_t)*state);
    const struct service *chosen[VISIT_ITEMS];
    size_t count = 0;
    for (size_t i = 0; i < bundle->count && count < VISIT_ITEMS; i++) {
        bool fits = true;
        for (size_t k = 0; k < count; k++)
            fits = fits && catalogue_goes_with(content.catalogue, chosen[k], bundle->services[i]);
        if (fits)
            chosen[count++] = bundle->services[i];
    }
    assert_true(count > 2);
    check_visit(chosen, count);
}

static void the_same_services_give_the_same_bytes(void **state)
{
    struct strbuf one, other;
    struct fail why = {0};
    (void)state;
    strbuf_init(&one, LIMIT_FORM_BYTES);
    strbuf_init(&other, LIMIT_FORM_BYTES);
    const char *id = "one-visit:minimum-living+medical-aid+disability-living";
    assert_int_equal(pack_compose(&content.pack, id, &one, &why), ERR_OK);
    assert_int_equal(pack_compose(&content.pack, id, &other, &why), ERR_OK);
    assert_string_equal(strbuf_text(&one), strbuf_text(&other));
    strbuf_free(&one);
    strbuf_free(&other);
}

static void what_does_not_go_together_is_no_form(void **state)
{
    static const char *const ids[] = {
        "one-visit:medical-aid",
        "one-visit:medical-aid+minimum-living", // another order than the catalogue's
        "one-visit:minimum-living+destitute",   // one or the other
        "one-visit:minimum-living+counselling", // nothing goes with it
        "one-visit:urgent-relief+minimum-living",
        "one-visit:minimum-living+nobody-offers-this",
        "one-visit:minimum-living++medical-aid",
        "minimum-living",
    };
    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        struct strbuf out;
        struct fail why = {0};
        strbuf_init(&out, LIMIT_FORM_BYTES);
        if (pack_compose(&content.pack, ids[i], &out, &why) != ERR_NOT_FOUND)
            fail_msg("%s: %s", ids[i], why.text);
        strbuf_free(&out);
    }
}

static void what_two_items_share_is_said_of_both(void **state)
{
    struct strbuf out;
    struct fail why = {0};
    (void)state;
    strbuf_init(&out, LIMIT_FORM_BYTES);
    // The account is asked always for one of them, for the other only when it is paid there.
    assert_int_equal(pack_compose(&content.pack, "one-visit:minimum-living+meal-money", &out, &why),
                     ERR_OK);
    assert_null(strstr(strbuf_text(&out), "nodeset=\"/data/account\" relevant"));
    assert_non_null(strstr(strbuf_text(&out), "nodeset=\"/data/account/when\""));
    assert_non_null(strstr(strbuf_text(&out), "<level>full</level>"));
    strbuf_free(&out);
}

static int open_content(void **state)
{
    struct fail why = {0};
    (void)state;
    if (system_files_open("assets", &content.assets, &why) != ERR_OK ||
        sodium_crypto_open(&content.crypto, &why) != ERR_OK ||
        catalogue_load(&content.assets, &content.catalogue, &why) != ERR_OK ||
        texts_load(&content.assets, &content.texts, &why) != ERR_OK) {
        print_error("%s\n", why.text);
        return -1;
    }
    content.pack = (struct pack_source){&content.assets, content.catalogue, content.texts};
    return 0;
}

static int close_content(void **state)
{
    (void)state;
    catalogue_free(content.catalogue);
    texts_free(content.texts);
    system_files_close(&content.assets);
    return 0;
}

#define BUNDLE(index)                                                                              \
    cmocka_unit_test_prestate(every_pair_of_a_bundle, (void *)(uintptr_t)(index)),                 \
        cmocka_unit_test_prestate(a_whole_bundle, (void *)(uintptr_t)(index))

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_services_give_the_same_bytes),
        cmocka_unit_test(what_does_not_go_together_is_no_form),
        cmocka_unit_test(what_two_items_share_is_said_of_both),
        BUNDLE(0),
        BUNDLE(1),
        BUNDLE(2),
        BUNDLE(3),
    };
    return cmocka_run_group_tests(tests, open_content, close_content);
}
