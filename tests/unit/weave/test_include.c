// SPDX-License-Identifier: GPL-3.0-or-later
// Forms written in parts: what an include becomes, and what is refused.
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

#define FORM(inside)                                                                               \
    "<f xmlns=\"urn:f\" xmlns:xi=\"http://www.w3.org/2001/XInclude\">" inside "</f>"
#define INCLUDE(file, pointer) "<xi:include href=\"" file "\" xpointer=\"" pointer "\"/>"
#define ALL "xpointer(id('d')/*)"

struct file {
    const char *path, *text;
};

// What the folder of the form holds.
static const struct file folder[] = {
    {"blocks/a.xml", "<b xmlns=\"urn:f\"><d xml:id=\"d\"><one/><two n=\"1\">x</two></d></b>"},
    {"blocks/nested.xml", "<b xmlns=\"urn:f\" xmlns:xi=\"http://www.w3.org/2001/XInclude\">"
                          "<d xml:id=\"d\"><three/>" INCLUDE("a.xml", ALL) "</d></b>"},
    {"blocks/circle.xml", "<b xmlns:xi=\"http://www.w3.org/2001/XInclude\">"
                          "<d xml:id=\"d\">" INCLUDE("circle2.xml", ALL) "</d></b>"},
    {"blocks/circle2.xml", "<b xmlns:xi=\"http://www.w3.org/2001/XInclude\">"
                           "<d xml:id=\"d\">" INCLUDE("circle.xml", ALL) "</d></b>"},
    {"blocks/broken.xml", "<b><d xml:id=\"d\">"},
    {"blocks/doctype.xml", "<!DOCTYPE b [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><b>&e;</b>"},
    {"secret.xml", "<b><d xml:id=\"d\"><found/></d></b>"},
};

static enum err read_part(void *context, const char *path, struct strbuf *out, struct fail *why)
{
    int *reads = context;
    ++*reads;
    for (size_t i = 0; i < sizeof folder / sizeof *folder; i++) {
        if (!text_equal(folder[i].path, path))
            continue;
        strbuf_adds(out, folder[i].text);
        return strbuf_result(out, why);
    }
    return fail_set(why, ERR_NOT_FOUND, "%s", path);
}

static enum err include(const char *form, struct strbuf *out, int *reads, struct fail *why)
{
    const struct form_parts parts = {.name = "forms/x.xml",
                                     .text = form,
                                     .length = strlen(form),
                                     .read = read_part,
                                     .context = reads};
    return form_include(&parts, out, why);
}

struct row {
    const char *form;
    enum err err;
    const char *holds, *says; ///< part of the result, or of the failure
};

static const struct row rows[] = {
    {FORM("<own/>"), ERR_OK, FORM("<own/>"), NULL},
    {FORM(INCLUDE("blocks/a.xml", ALL)), ERR_OK, "<one/>\n<two n=\"1\">x</two>\n</f>", NULL},
    {FORM(INCLUDE("blocks/a.xml", "d")), ERR_OK, "<d xml:id=\"d\"><one/>", NULL},
    {FORM("<v>" INCLUDE("blocks/nested.xml", ALL) "<mine/></v>"), ERR_OK,
     "<v><three/>\n<one/>\n<two n=\"1\">x</two>\n<mine/></v>", NULL},
    {FORM(INCLUDE("blocks/a.xml", "xpointer(id('nobody')/*)")), ERR_INPUT, NULL, "names nothing"},
    {FORM(INCLUDE("blocks/a.xml", "xpointer(")), ERR_INPUT, NULL, "names nothing"},
    {FORM(INCLUDE("blocks/a.xml", "xpointer(//text())")), ERR_INPUT, NULL, "must name elements"},
    {FORM("<xi:include href=\"blocks/a.xml\"/>"), ERR_INPUT, NULL, "names nothing there"},
    {FORM("<xi:include xpointer=\"d\"/>"), ERR_INPUT, NULL, "needs href"},
    {FORM(INCLUDE("blocks/none.xml", ALL)), ERR_NOT_FOUND, NULL, "x.xml line 1: blocks/none.xml"},
    {FORM(INCLUDE("../secret.xml", ALL)), ERR_INPUT, NULL, "no file below"},
    {FORM(INCLUDE("blocks/../secret.xml", ALL)), ERR_INPUT, NULL, "no file below"},
    {FORM(INCLUDE("/secret.xml", ALL)), ERR_INPUT, NULL, "no file below"},
    {FORM(INCLUDE("http://example.org/a.xml", ALL)), ERR_INPUT, NULL, "no file below"},
    {FORM(INCLUDE("blocks/circle.xml", ALL)), ERR_INPUT, NULL, "includes itself"},
    {FORM(INCLUDE("blocks/broken.xml", ALL)), ERR_INPUT, NULL, "blocks/broken.xml"},
    {FORM(INCLUDE("blocks/doctype.xml", ALL)), ERR_INPUT, NULL, "DOCTYPE"},
    {"<f", ERR_INPUT, NULL, "forms/x.xml"},
};

static void an_include_becomes_what_it_names_or_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf out;
        struct fail why = {0};
        int reads = 0;
        strbuf_init(&out, LIMIT_FORM_BYTES);
        enum err err = include(rows[i].form, &out, &reads, &why);
        if (err != rows[i].err)
            fail_msg("row %zu: %d %s", i, (int)err, why.text);
        if (rows[i].holds && !strstr(strbuf_text(&out), rows[i].holds))
            fail_msg("row %zu: %s", i, strbuf_text(&out));
        if (rows[i].says && !strstr(why.text, rows[i].says))
            fail_msg("row %zu: %s", i, why.text);
        strbuf_free(&out);
    }
}

static void a_part_is_read_once_however_often_it_is_used(void **state)
{
    (void)state;
    struct strbuf out;
    int reads = 0;
    strbuf_init(&out, LIMIT_FORM_BYTES);
    assert_int_equal(include(FORM(INCLUDE("blocks/a.xml", ALL) INCLUDE("blocks/nested.xml", ALL)
                                      INCLUDE("blocks/a.xml", "d")),
                             &out, &reads, NULL),
                     ERR_OK);
    assert_int_equal(reads, 2);
    strbuf_free(&out);
}

static void too_many_includes_are_refused(void **state)
{
    (void)state;
    struct strbuf form, out;
    struct fail why = {0};
    int reads = 0;
    strbuf_init(&form, LIMIT_FORM_BYTES);
    strbuf_init(&out, LIMIT_FORM_BYTES);
    strbuf_adds(&form, "<f xmlns:xi=\"http://www.w3.org/2001/XInclude\">");
    for (int i = 0; i < 1001; i++)
        strbuf_adds(&form, INCLUDE("blocks/a.xml", ALL));
    strbuf_adds(&form, "</f>");
    assert_int_equal(include(strbuf_text(&form), &out, &reads, &why), ERR_FULL);
    strbuf_free(&out);
    strbuf_free(&form);
}

// A question in a block, two blocks deep, on lines of its own; and one behind the include.
static const struct file lines[] = {
    {"blocks/outer.xml", "<b xmlns=\"http://www.w3.org/2002/xforms\"\n"
                         "   xmlns:xi=\"http://www.w3.org/2001/XInclude\">\n"
                         "<d xml:id=\"binds\">\n\n"
                         "<bind nodeset=\"/data/a\" constraint=\"nonsense((\"/>\n" // line 5
                         "<xi:include href=\"inner.xml\" xpointer=\"xpointer(id('d')/*)\"/>\n"
                         "</d></b>"},
    {"blocks/inner.xml", "<b xmlns=\"http://www.w3.org/2002/xforms\">\n\n\n"
                         "<d xml:id=\"d\">\n<!-- a remark\n of two lines -->\n"
                         "<bind nodeset=\"/data/b\" relevant=\"unheard-of()\"/></d></b>"}, // 7
};

static const char lines_form[] =
    "<h:html xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns=\"http://www.w3.org/2002/xforms\"\n"
    "  xmlns:xi=\"http://www.w3.org/2001/XInclude\"><h:head><h:title>t</h:title><model>\n"
    "<instance><data id=\"x\"><a/><b/><c/></data></instance>\n"
    "<xi:include href=\"blocks/outer.xml\" xpointer=\"xpointer(id('binds')/*)\"/>\n"
    "\n"
    "<bind nodeset=\"/data/c\" calculate=\"1 +\"/></model></h:head>\n" // line 6
    "<h:body><input ref=\"/data/a\"><label>a</label></input></h:body></h:html>\n";

static enum err read_lines(void *context, const char *path, struct strbuf *out, struct fail *why)
{
    (void)context;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (text_equal(lines[i].path, path))
            strbuf_adds(out, lines[i].text);
    return strbuf_result(out, why);
}

static void note_place(void *context, const struct form_finding *finding)
{
    if (finding->severity == FORM_ERROR)
        strbuf_addf(context, "%s:%d ", finding->file, finding->line);
}

static void what_is_wrong_in_a_part_is_told_with_the_line_of_the_part(void **state)
{
    (void)state;
    struct strbuf whole, places;
    struct xml_origins *origins = NULL;
    struct form *form = NULL;
    struct fail why = {0};
    strbuf_init(&whole, LIMIT_FORM_BYTES);
    strbuf_init(&places, 1000);
    const struct form_parts parts = {.name = "forms/x.xml",
                                     .text = lines_form,
                                     .length = strlen(lines_form),
                                     .read = read_lines,
                                     .origins = &origins};
    assert_int_equal(form_include(&parts, &whole, &why), ERR_OK);
    const struct form_source source = {.name = "forms/x.xml",
                                       .text = strbuf_text(&whole),
                                       .length = whole.length,
                                       .origins = origins};
    assert_int_equal(form_load(&source, note_place, &places, &form, &why), ERR_INPUT);
    assert_string_equal(strbuf_text(&places),
                        "forms/blocks/outer.xml:5 forms/blocks/inner.xml:7 forms/x.xml:6 ");
    assert_non_null(strstr(why.text, "forms/blocks/outer.xml line 5"));
    xml_origins_free(origins);
    strbuf_free(&places);
    strbuf_free(&whole);
}

static void a_form_in_one_piece_has_its_own_lines(void **state)
{
    (void)state;
    static const char form[] = "<own/>";
    struct xml_origins *origins = (struct xml_origins *)(uintptr_t)1;
    struct strbuf out;
    const char *file;
    int at;
    strbuf_init(&out, 100);
    const struct form_parts parts = {
        .name = "x.xml", .text = form, .length = strlen(form), .origins = &origins};
    assert_int_equal(form_include(&parts, &out, NULL), ERR_OK);
    assert_null(origins);
    assert_false(xml_origins_find(origins, 1, &file, &at));
    xml_origins_free(origins);
    strbuf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_include_becomes_what_it_names_or_is_refused),
        cmocka_unit_test(a_part_is_read_once_however_often_it_is_used),
        cmocka_unit_test(what_is_wrong_in_a_part_is_told_with_the_line_of_the_part),
        cmocka_unit_test(a_form_in_one_piece_has_its_own_lines),
        cmocka_unit_test(too_many_includes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
