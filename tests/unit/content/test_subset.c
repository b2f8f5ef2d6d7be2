// SPDX-License-Identifier: GPL-3.0-or-later
// Short forms of the shipped forms: whatever a form asks, a form of that one question loads, asks
// exactly it, and takes a good answer.
#include "asset_form.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/system.h"
#include "yimen/record/record.h"
#include "yimen/weave/subset.h"
#include "yimen/xml/read.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { REFS = 400 };

struct scene {
    struct files assets;
    struct crypto crypto;
    struct strbuf form;
    const char *name;
    size_t ref_count;
    char refs[REFS][LIMIT_REF];
    size_t asked;
};

static struct when on_23_november(void *self)
{
    (void)self;
    return (struct when){.utc_ms = 1795413600000, .quality = TIME_DISTRICT};
}
static const struct clock_ops clock_ops = {.now = on_23_november};
static const struct clock the_clock = {.ops = &clock_ops};

static enum err list(void *context, const char *uri, struct strbuf *out, struct fail *why)
{
    struct scene *scene = context;
    char path[128];
    snprintf(path, sizeof path, "divisions/%s", strrchr(uri, '/') + 1);
    return scene->assets.ops->read(scene->assets.self, path, out, why);
}

// ------------------------------------------------------------------ what a form asks

static bool is_asked(const struct xml_element *model, const char *ref)
{
    char value[LIMIT_ANSWER];
    for (const struct xml_element *bind = xml_child(model); bind; bind = xml_next(bind)) {
        if (!text_equal(xml_name(bind), "bind") ||
            xml_attribute(bind, "nodeset", value, sizeof value, NULL) || !text_equal(value, ref))
            continue;
        if (!xml_attribute(bind, "readonly", value, sizeof value, NULL) &&
            text_equal(value, "true()"))
            return false;
        return xml_attribute(bind, "calculate", value, sizeof value, NULL) != ERR_OK;
    }
    return true;
}

// Inside a repeat: of its second instance.
static void note(struct scene *scene, const char *ref, const char *repeat)
{
    char *out = scene->refs[scene->ref_count++];
    size_t length = strlen(repeat);
    if (length && text_starts(ref, repeat))
        snprintf(out, LIMIT_REF, "%s[2]%s", repeat, ref + length);
    else
        text_copy(out, LIMIT_REF, ref);
}

static void look(struct scene *scene, const struct xml_element *model,
                 const struct xml_element *parent, const char *repeat)
{
    char ref[LIMIT_REF];
    for (const struct xml_element *child = xml_child(parent); child; child = xml_next(child)) {
        const char *name = xml_name(child);
        bool one = text_equal(name, "input") || text_starts(name, "select");
        if (text_equal(name, "repeat")) {
            assert_int_equal(xml_attribute(child, "nodeset", ref, sizeof ref, NULL), ERR_OK);
            look(scene, model, child, ref);
        } else if (text_equal(name, "group")) {
            look(scene, model, child, repeat);
        } else if (one && !xml_attribute(child, "ref", ref, sizeof ref, NULL) &&
                   is_asked(model, ref)) {
            note(scene, ref, repeat);
        }
    }
}

static void find_questions(struct scene *scene)
{
    struct xml_document *document = NULL;
    scene->ref_count = 0;
    assert_int_equal(
        xml_parse(scene->form.data, scene->form.length, LIMIT_FORM_BYTES, &document, NULL), ERR_OK);
    const struct xml_element *root = xml_root(document);
    look(scene, xml_find(xml_find(root, "head"), "model"), xml_find(root, "body"), "");
    xml_free(document);
}

// ------------------------------------------------------------------ the short form

static void complain(void *context, const struct form_finding *finding)
{
    if (finding->severity == FORM_NOTE)
        return;
    const struct scene *scene = context;
    print_error("%s: line %d: %s: %s\n", scene->name, finding->line, finding->element,
                finding->text);
    fail();
}

static struct form *short_form(struct scene *scene, const struct form_wanted *wanted, size_t count,
                               struct strbuf *text)
{
    struct form *form = NULL;
    struct fail why = {0};
    const struct form_subset subset = {.text = scene->form.data,
                                       .length = scene->form.length,
                                       .version = "c-0123",
                                       .wanted = wanted,
                                       .count = count};
    if (form_subset(&subset, text, &why) != ERR_OK)
        fail_msg("%s: %s", scene->name, why.text);
    const struct form_source source = {.name = scene->name,
                                       .text = text->data,
                                       .length = text->length,
                                       .resource = list,
                                       .context = scene,
                                       .crypto = &scene->crypto,
                                       .strict = true};
    if (form_load(&source, complain, scene, &form, &why) != ERR_OK)
        fail_msg("%s: %s\n%s", scene->name, why.text, strbuf_text(text));
    return form;
}

static struct record *new_record(struct scene *scene, const struct form *form)
{
    struct record *record = NULL;
    struct fail why = {0};
    const struct record_options options = {.clock = &the_clock,
                                           .crypto = &scene->crypto,
                                           .time_zone = "Asia/Shanghai",
                                           .language = "zh"};
    if (record_new(form, &options, &record, &why) != ERR_OK)
        fail_msg("%s: %s", scene->name, why.text);
    return record;
}

static void count_asked(void *context, const char *screen, const struct question *question)
{
    struct scene *scene = context;
    (void)screen;
    scene->asked += question->kind != QUESTION_NOTE && !question->readonly;
}

static bool takes(struct record *record, const char *ref, const char *value)
{
    const char *screen = NULL;
    return record_answer(record, ref, value, NULL) == ERR_OK &&
           record_value(record, ref)[0] != '\0' && !record_first_violation(record, &screen);
}

static bool takes_something(struct record *record, const struct question *question)
{
    static const char *const words[] = {
        "张三",      "12", "2026-11-20", "13800138000",         "370212195406070029",   "350.50",
        "1",         "x1", "2026-12-10", "6222020000000000000", "37021219900101123741", "鲁B12345",
        "2018-03-01"};
    char ref[LIMIT_REF], choice[LIMIT_ANSWER];
    text_copy(ref, sizeof ref, question->ref);
    if (question->choice_count > 0) {
        text_copy(choice, sizeof choice, question->choices[0].value);
        return takes(record, ref, choice);
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (takes(record, ref, words[i]))
            return true;
    return false;
}

static const char reason[] = "请再看一遍 <b>*这里*</b> [x](y) & # \\n";

static void one_question(struct scene *scene, const char *ref)
{
    const struct form_wanted wanted = {ref, reason};
    struct strbuf text;
    struct form_screen screen;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    struct form *form = short_form(scene, &wanted, 1, &text);
    struct record *record = new_record(scene, form);
    assert_true(text_ends(form_id(form), FORM_CORRECTION_SUFFIX));
    assert_string_equal(form_version(form), "c-0123");
    scene->asked = 0;
    record_review(record, count_asked, scene);
    const char *first = record_first_screen(record);
    if (scene->asked != 1 || !first || record_next_screen(record, first))
        fail_msg("%s: %s: %zu questions\n%s", scene->name, ref, scene->asked, strbuf_text(&text));
    assert_int_equal(record_screen(record, record_first_screen(record), &screen, NULL), ERR_OK);
    assert_int_equal(screen.question_count, 2);
    assert_string_equal(screen.questions[0].label, reason); // as it was written, above the question
    assert_string_equal(screen.questions[1].ref, "/data/answer/a1");
    assert_string_not_equal(screen.questions[1].label, "");
    if (strchr(ref, '['))
        assert_non_null(strstr(screen.group_label, " 2"));
    if (!takes_something(record, &screen.questions[1]))
        fail_msg("%s: %s takes no good answer\n%s", scene->name, ref, strbuf_text(&text));
    record_free(record);
    form_free(form);
    strbuf_free(&text);
}

static void open_form(struct scene *scene, const char *path)
{
    strbuf_init(&scene->form, LIMIT_FORM_BYTES);
    asset_form(&scene->assets, path, &scene->form);
    scene->name = path;
    find_questions(scene);
}

static void every_question_of_every_form_can_be_asked_again(void **state)
{
    struct scene *scene = *state;
    char path[300];
    size_t questions = 0;
    DIR *forms = opendir("assets/forms");
    assert_non_null(forms);
    for (struct dirent *entry; (entry = readdir(forms));) {
        if (!text_ends(entry->d_name, ".xml"))
            continue;
        snprintf(path, sizeof path, "forms/%s", entry->d_name);
        open_form(scene, path);
        assert_true(scene->ref_count > 0);
        for (size_t i = 0; i < scene->ref_count; i++)
            one_question(scene, scene->refs[i]);
        questions += scene->ref_count;
        strbuf_free(&scene->form);
    }
    closedir(forms);
    assert_true(questions > 300);
}

static void answer(struct record *record, const char *ref, const char *value)
{
    assert_int_equal(record_answer(record, ref, value, NULL), ERR_OK);
}

static size_t choices_of(struct record *record, const char *screen)
{
    struct form_screen shown;
    assert_int_equal(record_screen(record, screen, &shown, NULL), ERR_OK);
    return shown.questions[shown.question_count - 1].choice_count;
}

static void questions_that_belong_together_still_depend_on_each_other(void **state)
{
    struct scene *scene = *state;
    const struct form_wanted wanted[] = {{"/data/address/area", reason},
                                         {"/data/address/street", reason},
                                         {"/data/address/community", reason}};
    struct strbuf text;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    open_form(scene, "forms/minimum_living.xml");
    struct form *form = short_form(scene, wanted, 3, &text);
    struct record *record = new_record(scene, form);
    answer(record, "/data/answer/a1", "outside");
    assert_false(record_is_relevant(record, "/data/answer/a2"));
    answer(record, "/data/answer/a1", "laoshan");
    assert_true(record_is_relevant(record, "/data/answer/a2"));
    assert_false(record_is_relevant(record, "/data/answer/a3"));
    answer(record, "/data/answer/a2", "370212004");
    assert_true(record_is_relevant(record, "/data/answer/a3"));
    size_t of_one_street = choices_of(record, "/data/reason/r3");
    assert_true(of_one_street > 3 && of_one_street < 100);
    record_free(record);
    form_free(form);
    strbuf_clear(&text);
    form = short_form(scene, &wanted[2], 1, &text);
    record = new_record(scene, form);
    // Without its street every community of the district is on offer.
    assert_true(choices_of(record, "/data/reason/r1") >= 167);
    record_free(record);
    form_free(form);
    strbuf_free(&text);
}

static void what_can_be_judged_is_judged_and_nothing_else(void **state)
{
    struct scene *scene = *state;
    const struct form_wanted wanted[] = {{"/data/member[2]/person/id_number", reason},
                                         {"/data/member[2]/relation", reason},
                                         {"/data/member[1]/relation", reason}};
    struct strbuf text;
    const char *screen;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    open_form(scene, "forms/minimum_living.xml");
    struct form *form = short_form(scene, wanted, 3, &text);
    struct record *record = new_record(scene, form);
    answer(record, "/data/answer/a2", "parent"); // older than somebody whose age is not known here
    answer(record, "/data/answer/a3", "spouse");
    answer(record, "/data/answer/a1", "370212195406070028");
    assert_non_null(record_first_violation(record, &screen)); // the check digit does not fit
    answer(record, "/data/answer/a1", "370212195406070029");
    assert_null(record_first_violation(record, &screen));
    record_free(record);
    form_free(form);
    strbuf_free(&text);
}

static void what_the_form_does_not_ask_is_refused(void **state)
{
    struct scene *scene = *state;
    static const char *const bad[] = {"",
                                      "phone",
                                      "/data/nothing",
                                      "/data/household/persons",
                                      "/data/self/health",
                                      "/data/member/relation",
                                      "/data/member[0]/relation",
                                      "/data/member[x]/relation",
                                      "/data/member[1/relation",
                                      "/data/contact[1]/phone",
                                      "/data/visit/receipt_number"};
    struct strbuf text;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    open_form(scene, "forms/minimum_living.xml");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct form_wanted wanted[] = {{"/data/contact/phone", reason}, {bad[i], reason}};
        const struct form_subset subset = {scene->form.data, scene->form.length, "c", wanted, 2};
        struct fail why = {0};
        if (form_subset(&subset, &text, &why) != ERR_INPUT || !strstr(why.text, bad[i]))
            fail_msg("%s: %s", bad[i], why.text);
    }
    const struct form_wanted twice[] = {{"/data/contact/phone", "a"}, {"/data/contact/phone", "b"}};
    const struct form_subset subset = {scene->form.data, scene->form.length, "c", twice, 2};
    assert_int_equal(form_subset(&subset, &text, NULL), ERR_INPUT);
    strbuf_free(&text);
}

static void a_list_of_papers_alone_asks_nothing(void **state)
{
    struct scene *scene = *state;
    struct strbuf text;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    open_form(scene, "forms/nappies.xml");
    struct form *form = short_form(scene, NULL, 0, &text);
    struct record *record = new_record(scene, form);
    assert_null(record_first_screen(record));
    record_free(record);
    form_free(form);
    strbuf_free(&text);
}

static int open_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    if (!scene || system_files_open("assets", &scene->assets, NULL) ||
        sodium_crypto_open(&scene->crypto, NULL))
        return -1;
    *state = scene;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *scene = *state;
    strbuf_free(&scene->form);
    system_files_close(&scene->assets);
    free(scene);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_scene, close_scene)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_question_of_every_form_can_be_asked_again),
        TEST(questions_that_belong_together_still_depend_on_each_other),
        TEST(what_can_be_judged_is_judged_and_nothing_else),
        TEST(what_the_form_does_not_ask_is_refused),
        TEST(a_list_of_papers_alone_asks_nothing),
    };
    return cmocka_run_group_tests_name("short forms", tests, NULL, NULL);
}
