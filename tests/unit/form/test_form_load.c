// SPDX-License-Identifier: GPL-3.0-or-later
// A form author is told what is wrong, where, and what to do; hostile forms end in an error.
#include "form_scene.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct findings {
    size_t count;
    struct form_finding found[64];
};

static void keep(void *context, const struct form_finding *finding)
{
    struct findings *findings = context;
    if (findings->count < 64)
        findings->found[findings->count++] = *finding;
}

static enum err load(const char *text, struct findings *findings, struct fail *why)
{
    struct form_scene scene = {.form = NULL};
    enum err err = form_scene_load(&scene, text, keep, findings, why);
    assert_true((err == ERR_OK) == (scene.form != NULL));
    form_scene_close(&scene);
    return err;
}

static bool has(const struct findings *findings, enum form_severity severity, int line,
                const char *words)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct form_finding *at = &findings->found[i];
        if (at->severity == severity && at->line == line && strstr(at->text, words) != NULL &&
            at->advice[0] != '\0' && strcmp(at->file, "t.xml") == 0)
            return true;
    }
    return false;
}

// The model of form_scene_text begins in line 4, its body stands two lines below its end.
static const struct {
    const char *instance, *model, *body;
    enum form_severity severity;
    int line;
    const char *words;
} mistakes[] = {
    {"<a/>", "<bind nodeset='/data/a' calculate='nonesuch(1)'/>", "", FORM_ERROR, 4, "nonesuch"},
    {"<a/>", "\n<bind nodeset='/data/a' relevant='1 +'/>", "", FORM_ERROR, 5, "1 +"},
    {"<a/><b/>",
     "<bind nodeset='/data/a' calculate='/data/b'/>\n<bind nodeset='/data/b' calculate='../a'/>",
     "", FORM_ERROR, 5, "/data/b -> /data/a -> /data/b"},
    {"<a/>", "<bind nodeset='/data/a' calculate='. + 1'/>", "", FORM_ERROR, 4, "cycle: /data/a"},
    {"<a/>", "<bind nodeset='/data/a' relevant='. != 1'/>", "", FORM_ERROR, 4, "cycle: /data/a"},
    {"<g><a/></g>", "<bind nodeset='/data/g' relevant='/data/g/a = 1'/>", "", FORM_ERROR, 4,
     "cycle: /data/g"},
    {"<a/>", "", "<input ref='/data/b'/>", FORM_ERROR, 6, "no node /data/b"},
    {"<a/>", "", "<input ref='/data/a'/>\n<input ref='/data/a'/>", FORM_ERROR, 7,
     "second control for /data/a"},
    {"<a/>", "<bind nodeset='/data/b' type='int'/>", "", FORM_WARNING, 4, "no node /data/b"},
    {"<a/>", "<setvalue event='odk-teatime' ref='/data/a'/>", "", FORM_ERROR, 4, "odk-teatime"},
    {"<a/>", "<setvalue event='odk-new-repeat' ref='/data/a'/>", "", FORM_ERROR, 4,
     "only inside a repeat"},
    {"<a/>", "<setvalue event='odk-instance-load' ref='/data/b'/>", "", FORM_ERROR, 4,
     "sets no node"},
    {"<a/>", "", "<input ref='/data/a'><label ref=\"jr:itext('x')\"/></input>", FORM_WARNING, 6,
     "no text \"x\""},
    {"<a/>",
     "<itext><translation lang='zh'><text id='x'><value>甲</value></text></translation>"
     "<translation lang='en'/></itext>",
     "", FORM_WARNING, 4, "\"en\" has no text \"x\""},
    {"<a/>",
     "<itext><translation lang='zh'><text id='x'><value form='image'>jr://images/no.png</value>"
     "</text></translation></itext>",
     "", FORM_WARNING, 4, "jr://images/no.png is missing"},
    {"<a/>", "<instance id='i' src='jr://file/none.xml'/>", "", FORM_ERROR, 4,
     "none.xml is missing"},
    {"<a/>", "<instance id='i' src='jr://file-csv/broken.csv'/>", "", FORM_ERROR, 4,
     "row 2: a quote is not closed"},
    {"<a/>", "<instance><root/></instance>", "", FORM_ERROR, 4, "has no id"},
    {"<a/>", "<bind nodeset='/data/a' type='geopoint'/>", "<input ref='/data/a'/>", FORM_NOTE, 3,
     "not offered"},
    {"<a/>", "", "<input/>", FORM_ERROR, 6, "names no node"},
    {"<a/>", "", "<select ref='/data/a'><item><label>x</label></item></select>", FORM_ERROR, 6,
     "has no value"},
    {"<a/>", "<bind nodeset='/data/a' required='true()'/>", "", FORM_WARNING, 3,
     "nothing asks for it"},
    {"<a/>", "", "<repeat nodeset='/data'><input ref='/data/a'/></repeat>", FORM_ERROR, 6,
     "cannot repeat"},
    {"<g><a/></g>", "<bind nodeset='/data/g' calculate='1'/>", "", FORM_WARNING, 4, "is a group"},
    {"<a/>", "", "<setvalue event='odk-instance-load' ref='/data/a'/>", FORM_WARNING, 6,
     "in the body is ignored"},
};

static void mistakes_are_named_with_their_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        char *text = form_scene_text(mistakes[i].instance, mistakes[i].model, mistakes[i].body);
        struct findings findings = {0};
        struct fail why = {ERR_OK, ""};
        enum err err = load(text, &findings, &why);
        if (!has(&findings, mistakes[i].severity, mistakes[i].line, mistakes[i].words)) {
            for (size_t k = 0; k < findings.count; k++)
                print_message("  line %d: %s\n", findings.found[k].line, findings.found[k].text);
            fail_msg("case %zu: not told of \"%s\" in line %d", i, mistakes[i].words,
                     mistakes[i].line);
        }
        assert_int_equal(err, mistakes[i].severity == FORM_ERROR ? ERR_INPUT : ERR_OK);
        if (err != ERR_OK && strstr(why.text, mistakes[i].words) == NULL)
            fail_msg("the first error is not in \"%s\"", why.text);
        free(text);
    }
}

static void findings_come_in_the_order_of_the_file(void **state)
{
    (void)state;
    char *text = form_scene_text("<a/>",
                                 "<bind nodeset='/data/a' calculate='none()'/>\n"
                                 "<bind nodeset='/data/b'/>",
                                 "<input ref='/data/c'/>");
    struct findings findings = {0};
    struct fail why = {ERR_OK, ""};
    assert_int_equal(load(text, &findings, &why), ERR_INPUT);
    assert_int_equal(findings.count, 3);
    assert_int_equal(findings.found[0].line, 4);
    assert_int_equal(findings.found[1].line, 5);
    assert_int_equal(findings.found[2].line, 7);
    assert_non_null(strstr(why.text, "none"));
    free(text);
}

static void what_is_no_form_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "not xml",
        "<html/>",
        "<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:head/><h:body/></h:html>",
        "<h:html "
        "xmlns:h='http://www.w3.org/1999/xhtml'><h:head><model/></h:head><h:body/></h:html>",
        "<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:head><model><instance/></model></h:head>"
        "<h:body/></h:html>",
        "<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:head><model><instance><data/></instance>"
        "</model></h:head><h:body/></h:html>",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct findings findings = {0};
        struct fail why = {ERR_OK, ""};
        assert_int_equal(load(texts[i], &findings, &why), ERR_INPUT);
        assert_true(findings.count > 0);
        assert_true(why.text[0] != '\0');
    }
}

static void an_entity_bomb_does_not_go_off(void **state)
{
    (void)state;
    struct findings findings = {0};
    struct fail why = {ERR_OK, ""};
    const char *bomb = "<?xml version='1.0'?><!DOCTYPE d [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>"
                       "<!ENTITY c SYSTEM 'file:///etc/passwd'>]><d>&b;&c;</d>";
    assert_int_equal(load(bomb, &findings, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "DOCTYPE"));
}

static void deep_nesting_stops(void **state)
{
    (void)state;
    struct strbuf inner;
    strbuf_init(&inner, LIMIT_FORM_BYTES);
    for (int i = 0; i < 100000; i++)
        strbuf_adds(&inner, "<a>");
    char *text = form_scene_text(strbuf_text(&inner), "", "");
    struct findings findings = {0};
    struct fail why = {ERR_OK, ""};
    assert_int_equal(load(text, &findings, &why), ERR_FULL);
    assert_non_null(strstr(why.text, "nest deeper"));
    free(text);
    strbuf_free(&inner);
}

static void too_many_nodes_stop(void **state)
{
    (void)state;
    struct strbuf inner;
    strbuf_init(&inner, LIMIT_FORM_BYTES);
    for (int i = 0; i <= LIMIT_FORM_NODES; i++)
        strbuf_adds(&inner, "<a/>");
    char *text = form_scene_text(strbuf_text(&inner), "", "");
    struct findings findings = {0};
    struct fail why = {ERR_OK, ""};
    assert_int_equal(load(text, &findings, &why), ERR_FULL);
    free(text);
    strbuf_free(&inner);
}

static void a_long_chain_of_calculations_is_no_recursion(void **state)
{
    (void)state;
    struct strbuf instance, model;
    strbuf_init(&instance, LIMIT_FORM_BYTES);
    strbuf_init(&model, LIMIT_FORM_BYTES);
    strbuf_adds(&instance, "<n0>1</n0>");
    for (int i = 1; i < 5000; i++) {
        strbuf_addf(&instance, "<n%d/>", i);
        strbuf_addf(&model, "<bind nodeset='/data/n%d' calculate='/data/n%d'/>", i, i - 1);
    }
    struct form_scene scene =
        form_scene_open(strbuf_text(&instance), strbuf_text(&model), "<input ref='/data/n0'/>");
    answers(&scene, "/data/n0", "end");
    holds(&scene, "/data/n4999", "end");
    form_scene_close(&scene);
    strbuf_free(&instance);
    strbuf_free(&model);
}

static void calculated_texts_end_somewhere(void **state)
{
    (void)state;
    struct strbuf instance, model;
    strbuf_init(&instance, LIMIT_FORM_BYTES);
    strbuf_init(&model, LIMIT_FORM_BYTES);
    strbuf_adds(&instance, "<n0>0123456789</n0>");
    for (int i = 1; i < 60; i++) {
        strbuf_addf(&instance, "<n%d/>", i);
        strbuf_addf(&model, "<bind nodeset='/data/n%d' calculate='concat(/data/n%d, /data/n%d)'/>",
                    i, i - 1, i - 1);
    }
    struct form_scene scene =
        form_scene_open(strbuf_text(&instance), strbuf_text(&model), "<input ref='/data/n0'/>");
    assert_true(strlen(record_value(scene.record, "/data/n59")) <= 64 << 10);
    form_scene_close(&scene);
    strbuf_free(&instance);
    strbuf_free(&model);
}

/// Each look at it, a second has gone by.
static struct when hasty_now(void *self)
{
    int64_t *at = self;
    *at += 1000;
    return (struct when){.monotonic_ms = *at};
}

static void a_form_that_computes_for_too_long_is_stopped(void **state)
{
    (void)state;
    struct strbuf instance;
    strbuf_init(&instance, LIMIT_FORM_BYTES);
    for (int i = 0; i < 900; i++)
        strbuf_adds(&instance, "<r><a/></r>");
    struct form_scene scene =
        form_scene_open(strbuf_text(&instance), "<bind nodeset='/data/r/a' calculate='1 + 1'/>",
                        "<repeat nodeset='/data/r'/>");
    int64_t at = 0;
    const struct clock_ops ops = {hasty_now};
    const struct clock clock = {&ops, &at};
    const struct record_options options = {.clock = &clock};
    struct record *record = NULL;
    struct fail why = {ERR_OK, ""};
    assert_int_equal(record_new(scene.form, &options, &record, &why), ERR_FULL);
    assert_null(record);
    assert_non_null(strstr(why.text, "computes too much"));
    strbuf_free(&instance);
    form_scene_close(&scene);
}

static void a_form_in_use_may_ask_by_its_own_answer(void **state)
{
    (void)state;
    static const char text[] =
        "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml'>"
        "<h:head><model><instance><data id='t'><a>1</a><b>2</b></data></instance>"
        "<bind nodeset='/data/a' relevant='. = 1'/><bind nodeset='/data/b' relevant='. = 1'/>"
        "</model></h:head><h:body><input ref='/data/a'/><input ref='/data/b'/></h:body></h:html>";
    const struct form_source source = {.name = "t.xml", .text = text, .length = strlen(text)};
    struct findings findings = {.count = 0};
    struct form_scene scene = {.form = NULL};
    struct fail why = {ERR_OK, ""};
    assert_int_equal(form_load(&source, keep, &findings, &scene.form, &why), ERR_OK);
    assert_true(has(&findings, FORM_WARNING, 1, "cycle: /data/a"));
    form_scene_begin(&scene, NULL);
    assert_true(record_is_relevant(scene.record, "/data/a"));
    assert_false(record_is_relevant(scene.record, "/data/b"));
    answers(&scene, "/data/a", "2");
    holds(&scene, "/data/a", "2");
    form_scene_close(&scene);
}

static void the_form_says_what_it_is(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    assert_string_equal(form_id(scene.form), "household");
    assert_string_equal(form_version(scene.form), "3");
    assert_string_equal(form_title(scene.form), "低保申请");
    assert_string_equal(form_public_key(scene.form), "");
    assert_int_equal(form_question_count(scene.form), 8);
    form_scene_close(&scene);
}

// A list with one cell that long.
static enum err list_with_long_cell(void *context, const char *uri, struct strbuf *out,
                                    struct fail *why)
{
    (void)uri;
    strbuf_adds(out, "name,label\na,");
    for (size_t i = 0; i < *(const size_t *)context; i++)
        strbuf_addc(out, 'x');
    strbuf_adds(out, "\n");
    return strbuf_result(out, why);
}

static void a_cell_that_is_too_long_is_refused_not_cut(void **state)
{
    (void)state;
    static const struct {
        size_t bytes;
        enum err err;
    } table[] = {{16 << 10, ERR_OK}, {(16 << 10) + 1, ERR_INPUT}, {9 << 20, ERR_INPUT}};
    struct form_scene scene = form_scene_open("<a/>", "", "<input ref='/data/a'/>");
    char *text = form_scene_text("<a/>", "<instance id='l' src='jr://file-csv/l.csv'/>",
                                 "<input ref='/data/a'/>");
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        size_t bytes = table[i].bytes;
        const struct form_source source = {.name = "t.xml",
                                           .text = text,
                                           .length = strlen(text),
                                           .resource = list_with_long_cell,
                                           .context = &bytes,
                                           .crypto = scene.crypto};
        struct form *form = NULL;
        struct fail why = {0};
        enum err err = form_load(&source, NULL, NULL, &form, &why);
        if ((err == ERR_OK) != (table[i].err == ERR_OK))
            fail_msg("%zu bytes: %s %s", bytes, err_name(err), why.text);
        form_free(form);
    }
    free(text);
    form_scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_that_is_too_long_is_refused_not_cut),
        cmocka_unit_test(mistakes_are_named_with_their_line),
        cmocka_unit_test(findings_come_in_the_order_of_the_file),
        cmocka_unit_test(what_is_no_form_is_refused),
        cmocka_unit_test(an_entity_bomb_does_not_go_off),
        cmocka_unit_test(deep_nesting_stops),
        cmocka_unit_test(too_many_nodes_stop),
        cmocka_unit_test(a_long_chain_of_calculations_is_no_recursion),
        cmocka_unit_test(calculated_texts_end_somewhere),
        cmocka_unit_test(a_form_that_computes_for_too_long_is_stopped),
        cmocka_unit_test(a_form_in_use_may_ask_by_its_own_answer),
        cmocka_unit_test(the_form_says_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
