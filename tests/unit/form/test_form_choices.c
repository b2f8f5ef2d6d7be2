// SPDX-License-Identifier: GPL-3.0-or-later
// What a question offers: written items, lists in the form and beside it, filtered and shuffled.
#include "form_scene.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/// "value=label;..." of a question.
static const char *offers(const struct form_scene *scene, const char *ref)
{
    static char text[1024];
    struct form_screen screen;
    assert_int_equal(record_screen(scene->record, ref, &screen, NULL), ERR_OK);
    const struct question *question = &screen.questions[0];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < question->choice_count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s=%s;",
                                 question->choices[i].chosen ? "*" : "", question->choices[i].value,
                                 question->choices[i].label);
    return text;
}

static struct form_scene with_list(const char *source, const char *nodeset)
{
    char model[256], body[512];
    snprintf(model, sizeof model, "<instance id='l' src='%s'/>", source);
    snprintf(body, sizeof body,
             "<input ref='/data/f'/><select1 ref='/data/a'><itemset nodeset=\"%s\">"
             "<value ref='%s'/><label ref='%s'/></itemset></select1>",
             nodeset, strstr(source, "geojson") != NULL ? "id" : "code",
             strstr(source, "geojson") != NULL ? "name" : "label");
    return form_scene_open("<f/><a/>", model, body);
}

static void lists_beside_the_form_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *source, *offers;
    } cases[] = {
        {"jr://file-csv/streets.csv", "a=甲;b=乙, \"大\" 的;c=丙;"},
        {"jr://file/streets.csv", "a=甲;b=乙, \"大\" 的;c=丙;"},
        {"jr://file/list.xml", "x=外;"},
        {"jr://file/places.geojson", "7=社区;"},
        {"jr://instance/last-saved", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct form_scene scene = with_list(cases[i].source, "instance('l')/root/item");
        assert_string_equal(offers(&scene, "/data/a"), cases[i].offers);
        form_scene_close(&scene);
    }
}

static void a_filter_follows_an_answer_and_the_choice_goes_and_comes(void **state)
{
    (void)state;
    struct form_scene scene = with_list("jr://file-csv/streets.csv",
                                        "instance('l')/root/item[/data/f = '' or area = /data/f]");
    answers(&scene, "/data/a", "b");
    assert_string_equal(offers(&scene, "/data/a"), "a=甲;*b=乙, \"大\" 的;c=丙;");
    answers(&scene, "/data/f", "north");
    assert_string_equal(offers(&scene, "/data/a"), "a=甲;c=丙;");
    holds(&scene, "/data/a", "");
    answers(&scene, "/data/f", "south");
    holds(&scene, "/data/a", "b");
    form_scene_close(&scene);
}

static void what_is_not_on_offer_is_not_chosen(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<a/><b/>", "",
        "<select ref='/data/a'><item><label>P</label><value>p</value></item>"
        "<item><label>Q</label><value>q</value></item></select>"
        "<odk:rank ref='/data/b'><item><value>x</value></item><item><value>y</value>"
        "</item><item><value>z</value></item></odk:rank>");
    answers(&scene, "/data/a", "q nonsense p");
    holds(&scene, "/data/a", "q p");
    answers(&scene, "/data/b", "z x");
    holds(&scene, "/data/b", "z x y");
    struct form_screen screen;
    assert_int_equal(record_screen(scene.record, "/data/a", &screen, NULL), ERR_OK);
    assert_string_equal(screen.questions[0].shown, "P, Q");
    assert_int_equal(record_screen(scene.record, "/data/b", &screen, NULL), ERR_OK);
    assert_string_equal(screen.questions[0].shown, "z, x, y");
    form_scene_close(&scene);
}

static void a_shuffled_list_stays_shuffled_as_it_is(void **state)
{
    (void)state;
    struct strbuf list;
    strbuf_init(&list, 1 << 16);
    strbuf_adds(&list, "<instance id='l'><root>");
    for (int i = 0; i < 20; i++)
        strbuf_addf(&list, "<item><v>%d</v></item>", i);
    strbuf_adds(&list, "</root></instance>");
    struct form_scene scene = form_scene_open(
        "<f/><a/>", strbuf_text(&list),
        "<input ref='/data/f'/><select1 ref='/data/a'>"
        "<itemset nodeset=\"randomize(instance('l')/root/item)\"><value ref='v'/><label ref='v'/>"
        "</itemset></select1>");
    char before[1024];
    snprintf(before, sizeof before, "%s", offers(&scene, "/data/a"));
    answers(&scene, "/data/f", "x");
    assert_string_equal(offers(&scene, "/data/a"), before);
    strbuf_free(&list);
    form_scene_close(&scene);
}

static void choices_can_come_from_answers(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<r jr:template=''><n/></r><a/>", "",
        "<repeat nodeset='/data/r'><input ref='/data/r/n'/></repeat>"
        "<select1 ref='/data/a'><itemset nodeset=\"/data/r[n != '']\"><value ref='n'/>"
        "<label ref='n'/></itemset></select1>");
    assert_int_equal(record_add_repeat(scene.record, "/data/r", NULL), ERR_OK);
    assert_int_equal(record_add_repeat(scene.record, "/data/r", NULL), ERR_OK);
    answers(&scene, "/data/r[2]/n", "李四");
    assert_string_equal(offers(&scene, "/data/a"), "李四=李四;");
    answers(&scene, "/data/a", "李四");
    assert_int_equal(record_remove_repeat(scene.record, "/data/r[2]", NULL), ERR_OK);
    holds(&scene, "/data/a", "");
    form_scene_close(&scene);
}

static void a_choice_has_a_name_in_the_language(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<a/><b/>",
        "<itext><translation lang='zh'><text id='p'><value>甲</value></text></translation>"
        "<translation lang='en'><text id='p'><value>A</value></text></translation></itext>"
        "<bind nodeset='/data/b' calculate=\"jr:choice-name(/data/a, '/data/a')\"/>",
        "<select1 ref='/data/a'><item><label "
        "ref=\"jr:itext('p')\"/><value>p</value></item></select1>");
    answers(&scene, "/data/a", "p");
    holds(&scene, "/data/b", "甲");
    assert_int_equal(record_set_language(scene.record, "en", NULL), ERR_OK);
    holds(&scene, "/data/b", "A"); // also what is stored: see record_set_language
    form_scene_close(&scene);
}

static void choices_that_ask_for_their_own_names_come_to_an_end(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<a>p</a><b/>",
        "<instance id='l'><root><item><v>p</v></item></root></instance>"
        "<bind nodeset='/data/b' calculate=\"jr:choice-name('p', '/data/a')\"/>",
        "<select1 ref='/data/a'><itemset nodeset=\"instance('l')/root/item[v = "
        "jr:choice-name('p', '/data/a') or v = 'p']\"><value ref='v'/><label ref='v'/></itemset>"
        "</select1>");
    assert_string_equal(offers(&scene, "/data/a"), "*p=p;");
    holds(&scene, "/data/b", "p");
    form_scene_close(&scene);
}

static void texts_that_refer_to_themselves_come_to_an_end(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<a/>",
        "<itext><translation lang='zh'><text id='x'><value>甲 <output value=\"jr:itext('x')\"/>"
        "</value></text></translation></itext>",
        "<input ref='/data/a'><label ref=\"jr:itext('x')\"/></input>");
    struct form_screen screen;
    assert_int_equal(record_screen(scene.record, "/data/a", &screen, NULL), ERR_OK);
    assert_non_null(strstr(screen.questions[0].label, "甲"));
    form_scene_close(&scene);
}

static void pulldata_looks_up(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<a/><b/>",
        "<instance id='l' src='jr://file-csv/streets.csv'/>"
        "<bind nodeset='/data/b' calculate=\"pulldata('l', 'area', 'code', /data/a)\"/>",
        "<input ref='/data/a'/>");
    answers(&scene, "/data/a", "b");
    holds(&scene, "/data/b", "south");
    form_scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_beside_the_form_are_read),
        cmocka_unit_test(a_filter_follows_an_answer_and_the_choice_goes_and_comes),
        cmocka_unit_test(what_is_not_on_offer_is_not_chosen),
        cmocka_unit_test(a_shuffled_list_stays_shuffled_as_it_is),
        cmocka_unit_test(choices_can_come_from_answers),
        cmocka_unit_test(a_choice_has_a_name_in_the_language),
        cmocka_unit_test(choices_that_ask_for_their_own_names_come_to_an_end),
        cmocka_unit_test(texts_that_refer_to_themselves_come_to_an_end),
        cmocka_unit_test(pulldata_looks_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
