// SPDX-License-Identifier: GPL-3.0-or-later
// A pack made of the shipped tree: its forms are whole, the parts they were made of stay out, and
// every form of every service loads from it.
#include "yimen/weave/pack_form.h"
#include "fakes/fakes_files.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/content/pack.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/system.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

struct forms {
    const struct files *pack;
    size_t count;
};

static void look_at_form(void *context, const char *name)
{
    struct forms *forms = context;
    struct strbuf text;
    char path[128];
    if (!text_ends(name, ".xml"))
        fail_msg("%s is no form", name);
    snprintf(path, sizeof path, "forms/%s", name);
    strbuf_init(&text, LIMIT_FORM_BYTES);
    assert_int_equal(forms->pack->ops->read(forms->pack->self, path, &text, NULL), ERR_OK);
    if (strstr(strbuf_text(&text), "<xi:include"))
        fail_msg("%s still includes something", path);
    strbuf_free(&text);
    forms->count++;
}

static void a_pack_holds_whole_forms(void **state)
{
    (void)state;
    struct files assets;
    struct crypto crypto;
    struct fail why = {0};
    struct fake_files *pack = fake_files_new();
    const struct pack_build_options options = {.version = "1",
                                               .effective_from = "2026-01-01",
                                               .effective_to = "",
                                               .prepare = pack_form_prepare};
    assert_int_equal(system_files_open("assets", &assets, &why), ERR_OK);
    assert_int_equal(sodium_crypto_open(&crypto, &why), ERR_OK);
    if (pack_build(&assets, &pack->files, &crypto, &options, &why) != ERR_OK)
        fail_msg("%s", why.text);
    struct forms forms = {.pack = &pack->files};
    assert_int_equal(pack->files.ops->list(pack->files.self, "forms", look_at_form, &forms, NULL),
                     ERR_OK);
    assert_true(forms.count >= 14);
    if (pack_form_trial(&crypto, &pack->files, &why) != ERR_OK)
        fail_msg("%s", why.text);
    fake_files_free(pack);
    system_files_close(&assets);
}

static void a_form_whose_part_is_missing_makes_no_pack(void **state)
{
    (void)state;
    static const char form[] = "<f xmlns:xi=\"http://www.w3.org/2001/XInclude\">"
                               "<xi:include href=\"blocks/gone.xml\" xpointer=\"d\"/></f>";
    struct crypto crypto;
    struct fail why = {0};
    struct fake_files *source = fake_files_new(), *pack = fake_files_new();
    const struct pack_build_options options = {.version = "1",
                                               .effective_from = "2026-01-01",
                                               .effective_to = "",
                                               .prepare = pack_form_prepare};
    assert_int_equal(sodium_crypto_open(&crypto, &why), ERR_OK);
    fake_files_put(source, "forms/x.xml", form, sizeof form - 1);
    assert_int_not_equal(pack_build(&source->files, &pack->files, &crypto, &options, &why), ERR_OK);
    assert_non_null(strstr(why.text, "x.xml line 1: "));
    fake_files_free(source);
    fake_files_free(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pack_holds_whole_forms),
        cmocka_unit_test(a_form_whose_part_is_missing_makes_no_pack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
