// SPDX-License-Identifier: GPL-3.0-or-later
// What is written is read again as it was, whatever characters it holds.
#include "yimen/base/limits.h"
#include "yimen/xml/read.h"
#include "yimen/xml/write.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const char awkward[] = "a < b && \"c\" > 'd' ]]> \t王\xF0\xA0\xAE\xB7\r\n";

static void write_one(enum xml_style style, struct strbuf *out)
{
    struct fail why = {0};
    struct xml_writer *xml = xml_writer_new(style);
    xml_begin(xml, "data");
    xml_put_attribute(xml, "xmlns", "urn:x");
    xml_put_attribute(xml, "a", awkward);
    xml_put_element(xml, "text", awkward);
    xml_put_element(xml, "none", "");
    xml_begin(xml, "open"); // closed by the end
    if (xml_writer_finish(xml, out, &why))
        fail_msg("%s", why.text);
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    static const enum xml_style styles[] = {XML_FRAGMENT, XML_DOCUMENT, XML_INDENTED};
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        struct strbuf out;
        struct xml_document *document = NULL;
        char text[100];
        strbuf_init(&out, 4096);
        write_one(styles[i], &out);
        assert_int_equal(xml_parse(strbuf_text(&out), out.length, 4096, &document, NULL), ERR_OK);
        const struct xml_element *root = xml_root(document);
        assert_string_equal(xml_namespace(root), "urn:x");
        assert_int_equal(xml_attribute(root, "a", text, sizeof text, NULL), ERR_OK);
        assert_string_equal(text, awkward);
        assert_int_equal(xml_text(xml_find(root, "text"), text, sizeof text, NULL), ERR_OK);
        assert_string_equal(text, awkward);
        assert_non_null(xml_find(root, "open"));
        assert_int_equal(strncmp(strbuf_text(&out), "<?xml", 5) == 0, styles[i] != XML_FRAGMENT);
        xml_free(document);
        strbuf_free(&out);
    }
}

static void names_and_characters_stay_readable_to_the_eye(void **state)
{
    (void)state;
    struct strbuf out;
    struct xml_writer *xml = xml_writer_new(XML_FRAGMENT);
    strbuf_init(&out, 4096);
    xml_begin(xml, "o:name");
    xml_put_attribute(xml, "xml:lang", "中文");
    xml_put_text(xml, "王小明");
    assert_int_equal(xml_writer_finish(xml, &out, NULL), ERR_OK);
    assert_string_equal(strbuf_text(&out), "<o:name xml:lang=\"中文\">王小明</o:name>");
    strbuf_free(&out);
}

static void what_is_longer_than_its_place_is_refused_whole(void **state)
{
    (void)state;
    struct strbuf out;
    strbuf_init(&out, 16);
    struct xml_writer *xml = xml_writer_new(XML_DOCUMENT);
    xml_put_element(xml, "text", "longer than sixteen bytes");
    assert_int_equal(xml_writer_finish(xml, &out, NULL), ERR_FULL);
    strbuf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(names_and_characters_stay_readable_to_the_eye),
        cmocka_unit_test(what_is_longer_than_its_place_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
