// SPDX-License-Identifier: GPL-3.0-or-later
#include "form_scene.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct when fixed_now(void *self)
{
    (void)self;
    return (struct when){.utc_ms = INT64_C(1795399200000), .quality = TIME_RTC};
}
static const struct clock_ops clock_ops = {fixed_now};
static const struct clock fixed_clock = {&clock_ops, NULL};

static enum err read_data(void *context, const char *uri, struct strbuf *out, struct fail *why)
{
    (void)context;
    char path[256];
    const char *name = strrchr(uri, '/');
    snprintf(path, sizeof path, "tests/unit/form/data%s", name != NULL ? name : "/");
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return fail_set(why, ERR_NOT_FOUND, "there is no %s", uri);
    char block[4096];
    size_t got = 0;
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        strbuf_add(out, block, got);
    fclose(file);
    return strbuf_result(out, why);
}

char *form_scene_text(const char *instance, const char *model, const char *body)
{
    struct strbuf text;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    strbuf_addf(&text,
                "<h:html xmlns='http://www.w3.org/2002/xforms' "
                "xmlns:h='http://www.w3.org/1999/xhtml' "
                "xmlns:jr='http://openrosa.org/javarosa' "
                "xmlns:orx='http://openrosa.org/xforms' "
                "xmlns:odk='http://www.opendatakit.org/xforms'>\n"
                "<h:head><h:title>t</h:title><model>\n"
                "<instance><data id='t'>%s</data></instance>\n"
                "%s\n</model></h:head>\n<h:body>%s</h:body></h:html>",
                instance, model, body);
    return strbuf_take(&text);
}

/// Stateless: one for all scenes.
static const struct crypto *the_crypto(void)
{
    static struct crypto crypto;
    assert_int_equal(sodium_crypto_open(&crypto, NULL), ERR_OK);
    return &crypto;
}

enum err form_scene_load(struct form_scene *scene, const char *text, form_report *report,
                         void *context, struct fail *why)
{
    scene->crypto = the_crypto();
    const struct form_source source = {.name = "t.xml",
                                       .text = text,
                                       .length = strlen(text),
                                       .resource = read_data,
                                       .crypto = scene->crypto,
                                       .strict = true};
    return form_load(&source, report, context, &scene->form, why);
}

void form_scene_begin(struct form_scene *scene, const char *edit)
{
    struct fail why = {ERR_OK, ""};
    const struct record_options options = {.clock = &fixed_clock,
                                           .crypto = scene->crypto,
                                           .time_zone = "Asia/Shanghai",
                                           .device_id = "kiosk.example:7",
                                           .edit = edit};
    record_free(scene->record);
    scene->record = NULL;
    if (record_new(scene->form, &options, &scene->record, &why) != ERR_OK)
        fail_msg("record: %s", why.text);
}

static struct form_scene open_text(const char *text)
{
    struct form_scene scene = {.form = NULL};
    struct fail why = {ERR_OK, ""};
    if (form_scene_load(&scene, text, NULL, NULL, &why) != ERR_OK)
        fail_msg("form: %s", why.text);
    form_scene_begin(&scene, NULL);
    return scene;
}

struct form_scene form_scene_open(const char *instance, const char *model, const char *body)
{
    char *text = form_scene_text(instance, model, body);
    struct form_scene scene = open_text(text);
    free(text);
    return scene;
}

struct form_scene form_scene_open_file(const char *name)
{
    struct strbuf text;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    assert_int_equal(read_data(NULL, name, &text, NULL), ERR_OK);
    struct form_scene scene = open_text(strbuf_text(&text));
    strbuf_free(&text);
    return scene;
}

void form_scene_close(struct form_scene *scene)
{
    record_free(scene->record);
    form_free(scene->form);
}

void answers(const struct form_scene *scene, const char *ref, const char *value)
{
    struct fail why = {ERR_OK, ""};
    if (record_answer(scene->record, ref, value, &why) != ERR_OK)
        fail_msg("answer: %s", why.text);
}

void holds(const struct form_scene *scene, const char *ref, const char *value)
{
    const char *is = record_value(scene->record, ref);
    if (strcmp(is, value) != 0)
        fail_msg("%s is \"%s\", not \"%s\"", ref, is, value);
}

char *sends(const struct form_scene *scene)
{
    struct strbuf out;
    strbuf_init(&out, LIMIT_SUBMISSION_XML);
    assert_int_equal(record_submission(scene->record, true, &out, NULL), ERR_OK);
    return strbuf_take(&out);
}
