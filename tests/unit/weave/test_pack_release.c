// SPDX-License-Identifier: GPL-3.0-or-later
// The form of a case is found in the content in force, else in a release kept beside it: the very
// version that the case was made with, or none.
#include "../content/pack_samples.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/record/record.h"
#include "yimen/weave/pack_release.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define FORM_OF(version, name)                                                                     \
    "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\">"    \
    "<h:head><h:title>t</h:title><model><instance><data id=\"help\" version=\"" version            \
    "\"><name/><meta xmlns=\"http://openrosa.org/xforms\"><instanceID/></meta></data></instance>"  \
    "<bind nodeset=\"/data/name\" type=\"string\"/></model></h:head>"                              \
    "<h:body><input ref=\"/data/name\"><label>" name "</label></input></h:body></h:html>"

struct shop {
    struct pack_samples samples;
    struct pack_release now;
    struct pack_shelf shelf;
    struct strbuf text;
};

static void install(struct shop *shop, const char *version, const char *form)
{
    struct fake_files *pack = sample_pack_form(&shop->samples, version, form);
    struct pack_info info;
    struct fail why = {0};
    if (pack_install(&pack->files, &shop->samples.content->files, &shop->samples.options, &info,
                     &why))
        fail_msg("%s", why.text);
    fake_files_free(pack);
}

static int set_up(void **state)
{
    static struct shop shop;
    struct fail why = {0};
    shop = (struct shop){0};
    samples_open(&shop.samples);
    install(&shop, "1", FORM_OF("1", "first"));
    install(&shop, "2", FORM_OF("1", "first, printed anew"));
    install(&shop, "3", FORM_OF("2", "second"));
    const struct files *content = &shop.samples.content->files;
    const struct pack_trust *trust = &shop.samples.options.trust;
    if (pack_release_open(content, trust, "3", &shop.now, &why))
        fail_msg("%s", why.text);
    shop.shelf = (struct pack_shelf){shop.now.source, shop.now.version, content, trust};
    strbuf_init(&shop.text, LIMIT_FORM_BYTES);
    *state = &shop;
    return 0;
}

static int tear_down(void **state)
{
    struct shop *shop = *state;
    strbuf_free(&shop->text);
    pack_release_close(&shop->now);
    samples_close(&shop->samples);
    return 0;
}

static const struct pack_made_with made_now = {"help", "help", "2"};
static const struct pack_made_with made_earlier = {"help", "help", "1"};

static void the_version_in_force_is_read_first(void **state)
{
    struct shop *shop = *state;
    assert_int_equal(pack_shelf_read(&shop->shelf, &made_now, &shop->text, NULL), ERR_OK);
    assert_non_null(strstr(strbuf_text(&shop->text), "second"));
}

static void an_earlier_version_comes_from_the_newest_release_that_has_it(void **state)
{
    struct shop *shop = *state;
    assert_int_equal(pack_shelf_read(&shop->shelf, &made_earlier, &shop->text, NULL), ERR_OK);
    assert_non_null(strstr(strbuf_text(&shop->text), "printed anew"));
    assert_null(strstr(strbuf_text(&shop->text), "second"));
}

static void another_version_is_never_taken_instead(void **state)
{
    struct shop *shop = *state;
    const struct pack_made_with unknown[] = {
        {"help", "help", "3"}, {"help", "other", "1"}, {"", "one-visit:help+other", "1"}};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        struct fail why = {0};
        assert_int_equal(pack_shelf_read(&shop->shelf, &unknown[i], &shop->text, &why),
                         ERR_NOT_FOUND);
        assert_int_equal(shop->text.length, 0);
        assert_true(why.text[0] != '\0');
    }
    shop->shelf.releases = NULL; // unpacked content has no others beside it
    assert_int_equal(pack_shelf_read(&shop->shelf, &made_earlier, &shop->text, NULL),
                     ERR_NOT_FOUND);
}

static void a_release_that_was_tampered_with_is_passed_by(void **state)
{
    struct shop *shop = *state;
    fake_files_put(shop->samples.content, "releases/2/forms/help.xml", "<x/>", 4);
    assert_int_equal(pack_shelf_read(&shop->shelf, &made_earlier, &shop->text, NULL), ERR_OK);
    assert_null(strstr(strbuf_text(&shop->text), "printed anew"));
    assert_non_null(strstr(strbuf_text(&shop->text), "first"));
}

static void a_correction_asks_in_the_words_of_the_form_it_corrects(void **state)
{
    struct shop *shop = *state;
    const struct form_wanted wanted[] = {{"/data/name", "please write it out"}};
    const struct form_subset subset = {.version = "list-1", .wanted = wanted, .count = 1};
    struct form *form = NULL;
    struct fail why = {0};
    if (pack_shelf_correction(&shop->shelf, &shop->samples.crypto, &made_earlier, &subset, &form,
                              &why))
        fail_msg("%s", why.text);
    assert_string_equal(form_id(form), "help" FORM_CORRECTION_SUFFIX);
    assert_string_equal(form_version(form), "list-1");
    form_free(form);
    const struct form_wanted absent[] = {{"/data/nothing", "why"}};
    const struct form_subset not_asked = {.version = "list-2", .wanted = absent, .count = 1};
    assert_int_equal(pack_shelf_correction(&shop->shelf, &shop->samples.crypto, &made_now,
                                           &not_asked, &form, &why),
                     ERR_INPUT);
    assert_null(form);
}

int main(void)
{
#define WITH_RELEASES(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_RELEASES(the_version_in_force_is_read_first),
        WITH_RELEASES(an_earlier_version_comes_from_the_newest_release_that_has_it),
        WITH_RELEASES(another_version_is_never_taken_instead),
        WITH_RELEASES(a_release_that_was_tampered_with_is_passed_by),
        WITH_RELEASES(a_correction_asks_in_the_words_of_the_form_it_corrects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
