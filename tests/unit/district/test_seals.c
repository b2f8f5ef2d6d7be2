// SPDX-License-Identifier: GPL-3.0-or-later
// A sealed manifest, changed on its way in every place where somebody may want to change it. Nobody
// has the device's key: each is refused with a word in the log, none is filed, and the case as it
// was sealed is taken after all of them.
#include "office_bench.h"

#include "yimen/base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    log_set_level(LOG_ERROR);
    bench_open(bench);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    bench_close(*state);
    free(*state);
    return 0;
}

// The text between the first `begin` and the next `end` becomes `with`; `end` "" puts it in front
// of `begin`.
static const struct {
    const char *what, *begin, *end, *with;
} spoiled[] = {
    {"another form", " id=\"", "\"", "mistake"},
    {"another version", " version=\"", "\"", "1"},
    {"not encrypted", " encrypted=\"", "\"", "no"},
    {"another key of the envelope", "<base64EncryptedKey>", "<", "QUFBQQ=="},
    {"another signature of the envelope", "<base64EncryptedElementSignature>", "<", "QUFBQQ=="},
    {"another instance", "<instanceID>", "<", "uuid:99999999-2222-4333-8444-555555555555"},
    {"an instance of one's own", "<instanceID>", "<", "../../etc/passwd"},
    {"no instance", "<instanceID>", "<", ""},
    {"another record", "<encryptedXmlFile>", "<", "other.xml.enc"},
    {"a record that climbs out", "<encryptedXmlFile>", "<", "../submission.xml.enc"},
    {"another file", "<file>", "<", "other.svg.enc"},
    {"one file more", "</media>", "", "</media><media><file>more.svg.enc</file>"},
    {"another key", " key=\"", "\"", "device-key-2"},
    {"no key", " key=\"", "\"", ""},
    {"no signature", " sig=\"", "\"", ""},
    {"a signature of another length", " sig=\"", "\"", "AAAA"},
    {"a signature of zeroes", " sig=\"", "\"",
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    {"another part's name", "<part name=\"", "\"", "submission.xml.enc"},
    {"another size", " size=\"", "\"", "1"},
    {"a size below nothing", " size=\"", "\"", "-1"},
    {"another hash", " sha256=\"", "\"",
     "0000000000000000000000000000000000000000000000000000000000000000"},
    {"another receipt", "<receipt>", "<", "370212001251123170027"},
    {"a receipt with a wrong check", "<receipt>", "<", "370212001251123170010"},
    {"another counter's receipt", "<counter>", "<", "002"},
    {"another token", "<token sha256=\"", "\"",
     "0000000000000000000000000000000000000000000000000000000000000000"},
    {"another service", "<service>", "<", "withdraw"},
    {"no longer urgent", "<urgent>", "<", "0"},
    {"an earlier touch", "<touched utc=\"", "\"", "1"},
    {"a later saving", "<saved utc=\"", "\"", "4102444800000"},
    {"a better clock", " quality=\"", "\"", "district"},
    {"of another's case", "<of>", "</of>", "uuid:22222222-2222-4333-8444-555555555555"},
    {"two seals", "<seal ", "", "<seal xmlns=\"urn:yimen:seal:1\" key=\"a\" sig=\"b\"/>"},
    {"a seal of another tongue", "urn:yimen:seal:", "\"", "2"},
    {"an entity", "<data ", "", "<!DOCTYPE data [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"},
    {"cut off", "<seal ", "</data>", ""},
};

static void spoil(struct bench_submission *one, size_t which)
{
    struct strbuf text;
    const char *all = strbuf_text(&one->xml), *at = strstr(all, spoiled[which].begin);
    strbuf_init(&text, LIMIT_MANIFEST);
    if (!at)
        fail_msg("%s: there is no %s", spoiled[which].what, spoiled[which].begin);
    size_t begin = (size_t)(at - all), end = begin;
    if (spoiled[which].end[0]) {
        begin += strlen(spoiled[which].begin);
        const char *behind = strstr(all + begin, spoiled[which].end);
        assert_non_null(behind);
        end = (size_t)(behind - all);
    }
    strbuf_add(&text, all, begin);
    strbuf_adds(&text, spoiled[which].with);
    strbuf_adds(&text, all + end);
    assert_string_not_equal(strbuf_text(&text), all);
    strbuf_clear(&one->xml);
    strbuf_adds(&one->xml, strbuf_text(&text));
    strbuf_free(&text);
}

static void a_manifest_changed_on_its_way_is_never_filed(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = calloc(1, sizeof *one);
    bench_submission(bench, &(struct bench_record){0}, one);
    for (size_t i = 0; i < sizeof spoiled / sizeof spoiled[0]; i++) {
        bench_rewrite(bench, one, true);
        spoil(one, i);
        fake_clock_pass(&bench->clock,
                        60000); // its share of the district is not what is asked here
        int status = bench_post(bench, one, 0, 2)->status;
        if (status != 400 && status != 404)
            fail_msg("%s: %d", spoiled[i].what, status);
        assert_int_equal(bench_rows(bench), 0);
    }
    bench_rewrite(bench, one, true);
    fake_clock_pass(&bench->clock, 60000);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    assert_int_equal(bench_rows(bench), 1);
    bench_submission_free(one);
    free(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_manifest_changed_on_its_way_is_never_filed, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
