// SPDX-License-Identifier: GPL-3.0-or-later
// A block taken whole in one line, and sentences from tables: what the form becomes is what its
// author would have written by hand.
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/form/form.h"
#include "yimen/weave/include.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define HEAD                                                                                       \
    "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" "    \
    "xmlns:jr=\"http://openrosa.org/javarosa\" xmlns:xi=\"http://www.w3.org/2001/XInclude\">"      \
    "<h:head><h:title>t</h:title><model>"
#define TABLE(language)                                                                            \
    "<translation lang=\"" language "\"><xi:include href=\"texts/" language                        \
    "/help.csv\" parse=\"text\"/></translation>"
#define BLOCK(name) "<xi:include href=\"blocks/" name ".xml\"/>"
#define FORM(itext, data, binds, body)                                                             \
    HEAD "<itext>" itext "</itext><instance><data id=\"help\" version=\"1\">" data                 \
         "</data></instance><instance id=\"own\"><root/></instance>" binds                         \
         "</model></h:head><h:body>" body "</h:body></h:html>"
#define INPUT(part) "<input ref=\"/data/" part "/x\"><label ref=\"jr:itext('" part "')\"/></input>"
#define BIND(part) "<bind nodeset=\"/data/" part "/x\" type=\"string\"/>"

struct file {
    const char *path, *text;
};

static const struct file folder[] = {
    {"blocks/who.xml",
     "<block xmlns=\"http://www.w3.org/2002/xforms\"><data xml:id=\"data\"><who><x/></who></data>"
     "<lists xml:id=\"lists\"><instance id=\"streets\"><root/></instance></lists>"
     "<binds xml:id=\"binds\">" BIND("who") "</binds><body xml:id=\"body\">" INPUT(
         "who") "</body></block>"},
    {"blocks/where.xml",
     "<block xmlns=\"http://www.w3.org/2002/xforms\"><data xml:id=\"data\"><where><x/></where>"
     "</data><lists xml:id=\"lists\"><instance id=\"streets\"><root/></instance></lists>"
     "<binds xml:id=\"binds\">" BIND("where") "</binds><body xml:id=\"body\">" INPUT(
         "where") "</body></block>"},
    {"texts/zh/help.csv", "id,text\nneed,\"需要, \"\"什么\"\"？\"\nneed#short,需要\n"},
    {"texts/zh/who.csv", "id,text\nwho,谁？\n"},
    {"texts/zh/where.csv", "id,text\nwhere,\"<output value=\"\"/data/who/x\"\"/>在哪里？\"\n"},
    {"texts/zh/common.csv", "id,text\ncommon.choose,请选一个。\ncommon.other,没人说的。\n"},
    {"texts/en/help.csv", "id,text\nneed,What?\n"},
    {"texts/en/common.csv", "id,text\ncommon.choose,Please choose.\n"},
    {"texts/xx/help.csv", "id,text\nneed,a < b\n"},
    {"texts/yy/help.csv", "id,text\nneed#short,short of nothing\n"},
    {"texts/ww/help.csv", "id,text\nneed,once\nneed,twice\n"},
    {"texts/vv/help.csv", "id,text\nneed,\"never closed\n"},
};

static enum err read_part(void *context, const char *path, struct strbuf *out, struct fail *why)
{
    (void)context;
    for (size_t i = 0; i < sizeof folder / sizeof *folder; i++) {
        if (!text_equal(folder[i].path, path))
            continue;
        strbuf_adds(out, folder[i].text);
        return strbuf_result(out, why);
    }
    return fail_set(why, ERR_NOT_FOUND, "there is no %s", path);
}

static enum err put_together(const char *form, struct strbuf *out, struct xml_origins **origins,
                             struct fail *why)
{
    const struct form_parts parts = {.name = "forms/help.xml",
                                     .text = form,
                                     .length = strlen(form),
                                     .read = read_part,
                                     .origins = origins};
    strbuf_init(out, LIMIT_FORM_BYTES);
    return form_include(&parts, out, why);
}

static void assert_in_order(const char *text, const char *const *pieces)
{
    const char *at = text;
    for (; *pieces != NULL; pieces++) {
        const char *found = strstr(at, *pieces);
        if (found == NULL)
            fail_msg("\"%s\" is not behind what comes before it:\n%s", *pieces, text);
        at = found + strlen(*pieces);
    }
}

static const char need[] = "<need><x/></need>", last[] = "<last><x/></last>";

static void a_block_is_taken_whole_in_the_order_of_the_data(void **state)
{
    (void)state;
    static const char form[] =
        FORM("", BLOCK("who") "<need><x/></need>" BLOCK("where") "<last><x/></last>",
             BIND("need") BIND("last"), INPUT("need") "<group>" INPUT("last") "</group>");
    static const char *const order[] = {"<who>",
                                        need,
                                        "<where>",
                                        last,
                                        "id=\"own\"",
                                        "id=\"streets\"",
                                        "nodeset=\"/data/who/x\"",
                                        "nodeset=\"/data/need/x\"",
                                        "nodeset=\"/data/where/x\"",
                                        "nodeset=\"/data/last/x\"",
                                        "ref=\"/data/who/x\"",
                                        "ref=\"/data/need/x\"",
                                        "ref=\"/data/where/x\"",
                                        "ref=\"/data/last/x\"",
                                        NULL};
    struct strbuf out;
    struct fail why = {0};
    if (put_together(form, &out, NULL, &why))
        fail_msg("%s", why.text);
    assert_in_order(strbuf_text(&out), order);
    const char *list = strstr(strbuf_text(&out), "id=\"streets\"");
    assert_null(strstr(list + 1, "id=\"streets\"")); // two blocks brought it, it stands once
    strbuf_free(&out);
}

static void a_form_may_put_a_piece_where_it_likes(void **state)
{
    (void)state;
    static const char form[] =
        FORM("", BLOCK("who") BLOCK("where") "<need><x/></need>", BIND("need"),
             INPUT("need") "<group><xi:include href=\"blocks/who.xml\" "
                           "xpointer=\"xpointer(id('body')/*)\"/></group>");
    static const char *const order[] = {"nodeset=\"/data/who/x\"",  "nodeset=\"/data/where/x\"",
                                        "nodeset=\"/data/need/x\"", "ref=\"/data/where/x\"",
                                        "ref=\"/data/need/x\"",     "<group>",
                                        "ref=\"/data/who/x\"",      NULL};
    struct strbuf out;
    struct fail why = {0};
    if (put_together(form, &out, NULL, &why))
        fail_msg("%s", why.text);
    assert_in_order(strbuf_text(&out), order);
    const char *asked = strstr(strbuf_text(&out), "ref=\"/data/who/x\"");
    assert_null(strstr(asked + 1, "ref=\"/data/who/x\""));
    strbuf_free(&out);
}

static const char with_tables[] =
    FORM(TABLE("zh") TABLE("en"), BLOCK("who") "<need><x/></need>" BLOCK("where"),
         "<bind nodeset=\"/data/need/x\" required=\"true()\" "
         "jr:requiredMsg=\"jr:itext('common.choose')\"/>",
         INPUT("need"));

static void a_translation_gets_the_tables_of_its_blocks_its_own_and_what_is_common(void **state)
{
    (void)state;
    static const char *const order[] = {"lang=\"zh\"",
                                        "<text id=\"who\"><value>谁？</value></text>",
                                        "<text id=\"where\"><value><output value=\"/data/who/x\"/>",
                                        "在哪里？</value></text>",
                                        "<text id=\"need\"><value>需要, \"什么\"？</value>",
                                        "<value form=\"short\">需要</value></text>",
                                        "<text id=\"common.choose\"><value>请选一个。",
                                        "lang=\"en\"",
                                        "<text id=\"need\"><value>What?",
                                        "<text id=\"common.choose\"><value>Please choose.",
                                        NULL};
    struct strbuf out;
    struct fail why = {0};
    if (put_together(with_tables, &out, NULL, &why))
        fail_msg("%s", why.text);
    assert_in_order(strbuf_text(&out), order);
    assert_null(strstr(strbuf_text(&out), "common.other")); // nobody names it
    strbuf_free(&out);
}

struct told {
    size_t count;
    struct form_finding first;
};

static void keep(void *context, const struct form_finding *finding)
{
    struct told *told = context;
    if (told->count++ == 0)
        told->first = *finding;
}

static void check(const char *text, struct told *told)
{
    struct strbuf out;
    struct xml_origins *origins = NULL;
    struct form *form = NULL;
    struct fail why = {0};
    if (put_together(text, &out, &origins, &why))
        fail_msg("%s", why.text);
    const struct form_source source = {.name = "forms/help.xml",
                                       .text = strbuf_text(&out),
                                       .length = out.length,
                                       .origins = origins,
                                       .strict = true};
    *told = (struct told){0};
    if (form_load(&source, keep, told, &form, &why))
        fail_msg("%s", why.text);
    form_free(form);
    xml_origins_free(origins);
    strbuf_free(&out);
}

static void what_a_translation_lacks_is_told_with_the_line_of_the_table(void **state)
{
    (void)state;
    struct told told;
    check(with_tables, &told);
    assert_int_equal(told.count, 2); // who and where are in no English table
    assert_string_equal(told.first.file, "forms/texts/zh/who.csv");
    assert_int_equal(told.first.line, 2);
    assert_non_null(strstr(told.first.text, "has no text \"who\""));
}

static void what_nobody_says_is_told_with_the_line_of_the_table(void **state)
{
    (void)state;
    struct told told;
    check(FORM(TABLE("zh"), "<need><x/></need>", BIND("need"), "<input ref=\"/data/need/x\"/>"),
          &told);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.first.file, "forms/texts/zh/help.csv");
    assert_int_equal(told.first.line, 2);
    assert_non_null(strstr(told.first.text, "nothing says the text \"need\""));
    check(FORM(TABLE("zh"), "<need><x/></need>", BIND("need"),
               "<input ref=\"/data/need/x\"><label ref=\"jr:itext(/data/need/x)\"/></input>"),
          &told);
    assert_int_equal(told.count, 0); // worked out later: any text may be meant
}

struct refusal {
    const char *form, *says;
    enum err err;
};

static void what_cannot_be_put_together_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {FORM(TABLE("zz"), "<need/>", "", ""), "there is no texts/zz/help.csv", ERR_NOT_FOUND},
        {FORM(TABLE("xx"), "<need/>", "", ""), "texts/xx/help.csv: line 2: need", ERR_INPUT},
        {FORM(TABLE("yy"), "<need/>", "", ""), "stands behind no \"need\"", ERR_INPUT},
        {FORM(TABLE("ww"), "<need/>", "", ""), "line 3: \"need\" is there twice", ERR_INPUT},
        {FORM(TABLE("vv"), "<need/>", "", ""), "a quote is not closed", ERR_INPUT},
        {FORM("", "<xi:include href=\"texts/zh/help.csv\" parse=\"text\"/>", "", ""),
         "belongs in a <translation>", ERR_INPUT},
        {FORM("", "<xi:include href=\"blocks/who.xml\" parse=\"html\"/>", "", ""),
         "parse is \"xml\" or \"text\"", ERR_INPUT},
        {"<x xmlns:xi=\"http://www.w3.org/2001/XInclude\">" BLOCK("who") "</x>",
         "no form takes this block", ERR_INPUT},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct strbuf out;
        struct fail why = {0};
        assert_int_equal(put_together(refusals[i].form, &out, NULL, &why), refusals[i].err);
        if (strstr(why.text, refusals[i].says) == NULL)
            fail_msg("row %zu: %s", i, why.text);
        strbuf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_is_taken_whole_in_the_order_of_the_data),
        cmocka_unit_test(a_form_may_put_a_piece_where_it_likes),
        cmocka_unit_test(a_translation_gets_the_tables_of_its_blocks_its_own_and_what_is_common),
        cmocka_unit_test(what_a_translation_lacks_is_told_with_the_line_of_the_table),
        cmocka_unit_test(what_nobody_says_is_told_with_the_line_of_the_table),
        cmocka_unit_test(what_cannot_be_put_together_is_refused_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
