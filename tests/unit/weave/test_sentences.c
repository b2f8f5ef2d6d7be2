// SPDX-License-Identifier: GPL-3.0-or-later
// A table goes to a translator and comes back; between the tables of all languages nothing is
// missing unseen.
#include "fakes/fakes_files.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/weave/sentences.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const char chinese[] = "id,text\n"
                              "hello,\"您好，<output value=\"\"/data/name\"\"/>！\"\n"
                              "less,\"a &lt; b, \"\"c\"\"\"\n"
                              "bye,再见\n";
static const char korean[] =
    "id,text\nhello,\"<output value=\"\"/data/name\"\"/> 님, 안녕하세요!\"\n";

struct desk {
    struct sentences *source, *target;
    struct sentences_exchange exchange;
    struct strbuf xliff, table;
};

static struct sentences *read(const char *text)
{
    struct sentences *table = NULL;
    struct fail why = {0};
    if (sentences_read(text, strlen(text), &table, &why))
        fail_msg("%s", why.text);
    return table;
}

static int set_up(void **state)
{
    static struct desk desk;
    desk = (struct desk){.source = read(chinese), .target = read(korean)};
    desk.exchange = (struct sentences_exchange){"home_care", "zh", "ko", desk.source, desk.target};
    strbuf_init(&desk.xliff, LIMIT_FORM_BYTES);
    strbuf_init(&desk.table, LIMIT_FORM_BYTES);
    *state = &desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    strbuf_free(&desk->xliff);
    strbuf_free(&desk->table);
    sentences_free(desk->source);
    sentences_free(desk->target);
    return 0;
}

static void export(struct desk *desk)
{
    struct fail why = {0};
    if (sentences_export(&desk->exchange, &desk->xliff, &why))
        fail_msg("%s", why.text);
}

static enum err import(struct desk *desk, const char *xliff, struct fail *why)
{
    strbuf_clear(&desk->table);
    return sentences_import(&desk->exchange, xliff, strlen(xliff), &desk->table, why);
}

static void a_table_that_goes_out_and_comes_back_is_the_same(void **state)
{
    struct desk *desk = *state;
    desk->exchange.target = desk->source; // a translation that is complete
    export(desk);
    assert_int_equal(import(desk, strbuf_text(&desk->xliff), NULL), ERR_OK);
    assert_string_equal(strbuf_text(&desk->table), chinese);
}

static void what_is_not_translated_yet_has_no_target_and_stays_out(void **state)
{
    struct desk *desk = *state;
    export(desk);
    const char *bye = strstr(strbuf_text(&desk->xliff), "id=\"bye\"");
    assert_non_null(bye);
    assert_null(strstr(bye, "<target>"));
    assert_int_equal(import(desk, strbuf_text(&desk->xliff), NULL), ERR_OK);
    assert_string_equal(strbuf_text(&desk->table), korean);
}

#define XLIFF(table, language, units)                                                              \
    "<xliff xmlns=\"urn:oasis:names:tc:xliff:document:1.2\" version=\"1.2\"><file "                \
    "original=\"" table "\" source-language=\"zh\" target-language=\"" language                    \
    "\" datatype=\"plaintext\"><body>" units "</body></file></xliff>"
#define UNIT(id, target)                                                                           \
    "<trans-unit id=\"" id "\"><source>x</source><target>" target "</target></trans-unit>"

static void what_a_translator_gives_back_is_taken_the_rest_is_kept(void **state)
{
    struct desk *desk = *state;
    struct fail why = {0};
    if (import(desk, XLIFF("home_care", "ko", UNIT("bye", "안녕, 또 봐요") UNIT("less", "")), &why))
        fail_msg("%s", why.text);
    assert_non_null(strstr(strbuf_text(&desk->table), "\nbye,\"안녕, 또 봐요\"\n"));
    assert_non_null(strstr(strbuf_text(&desk->table), "\nhello,"));
    assert_null(strstr(strbuf_text(&desk->table), "\nless,"));
}

static void what_would_break_a_form_is_refused_by_name(void **state)
{
    struct desk *desk = *state;
    static const struct {
        const char *xliff, *says;
    } refused[] = {
        {XLIFF("home_care", "ko", UNIT("hello", "안녕하세요!")), "shows 0 values, its source 1"},
        {XLIFF("home_care", "ko", UNIT("bye", "&lt;output")), "bye"},
        {XLIFF("home_care", "ko", UNIT("nobody", "누구")),
         "\"nobody\" is no sentence of home_care"},
        {XLIFF("home_care", "en", UNIT("bye", "Bye")), "not of the table home_care in ko"},
        {XLIFF("nappies", "ko", UNIT("bye", "안녕")), "not of the table home_care"},
        {"<xliff/>", "no XLIFF"},
        {"<xliff", "line 1"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct fail why = {0};
        assert_int_equal(import(desk, refused[i].xliff, &why), ERR_INPUT);
        if (strstr(why.text, refused[i].says) == NULL)
            fail_msg("row %zu: %s", i, why.text);
        assert_int_equal(desk->table.length, 0);
    }
}

// ------------------------------------------------------------------ all tables

struct told {
    char all[2000];
};

static void keep(void *context, const struct form_finding *finding)
{
    struct told *told = context;
    size_t length = strlen(told->all);
    snprintf(told->all + length, sizeof told->all - length, "%s:%d: %s\n", finding->file,
             finding->line, finding->text);
}

static void put(struct fake_files *files, const char *path, const char *text)
{
    fake_files_put(files, path, text, strlen(text));
}

static void what_is_missing_or_too_much_between_the_languages_is_named(void **state)
{
    (void)state;
    struct fake_files *files = fake_files_new();
    struct told told = {""};
    put(files, "help.xml", "<x ref=\"jr:itext('common.yes')\"/>");
    put(files, "blocks/who.xml", "<x ref=\"jr:itext('common.no')\"/>");
    put(files, "texts/zh/help.csv", "id,text\none,一\ntwo,二\n");
    put(files, "texts/zh/who.csv", "id,text\nwho,谁\n");
    put(files, "texts/zh/common.csv", "id,text\ncommon.yes,是\ncommon.no,否\ncommon.all,都\n");
    put(files, "texts/en/help.csv", "id,text\none,One\nthree,Three\n");
    put(files, "texts/en/common.csv", "id,text\ncommon.yes,Yes\ncommon.no,No\ncommon.all,All\n");
    assert_int_equal(sentences_check(&files->files, "zh", keep, &told, NULL), ERR_OK);
    assert_string_equal(told.all,
                        "texts/en/help.csv:0: the translation has no sentence: \"two\"\n"
                        "texts/en/help.csv:3: nothing is translated by: \"three\"\n"
                        "texts/en/who.csv:0: the language has no table: \"who.csv\"\n"
                        "texts/zh/common.csv:4: no form and no block says: \"common.all\"\n");
    put(files, "texts/en/help.csv", "id,text\none,One\none,Two\n");
    struct fail why = {0};
    assert_int_equal(sentences_check(&files->files, "zh", keep, &told, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "texts/en/help.csv: line 3"));
    fake_files_free(files);
}

int main(void)
{
#define AT_THE_DESK(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        AT_THE_DESK(a_table_that_goes_out_and_comes_back_is_the_same),
        AT_THE_DESK(what_is_not_translated_yet_has_no_target_and_stays_out),
        AT_THE_DESK(what_a_translator_gives_back_is_taken_the_rest_is_kept),
        AT_THE_DESK(what_would_break_a_form_is_refused_by_name),
        cmocka_unit_test(what_is_missing_or_too_much_between_the_languages_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
