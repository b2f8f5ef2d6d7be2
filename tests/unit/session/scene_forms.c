// SPDX-License-Identifier: GPL-3.0-or-later
// The compute worker of a test: forms, loaded as a kiosk loads them.
#include "scene_workers.h"
#include "yimen/weave/pack_compose.h"
#include "yimen/weave/pack_form.h"
#include "yimen/base/text.h"
#include "yimen/weave/subset.h"

// An earlier pack's form is the same here; what counts is whether it was asked for.
void scene_load_earlier(struct scene *scene)
{
    const struct service *service = catalogue_service(scene->catalogue, scene->earlier_service);
    struct session_input input = {.kind = SESSION_FORM_LOADED, .id = scene->earlier_id};
    scene->earlier_version[0] = '\0';
    if (scene->earlier_is_gone)
        input.err = ERR_NOT_FOUND;
    else
        assert_int_equal(
            pack_form_load(scene->files, &scene->crypto, service->form, &input.form, NULL), ERR_OK);
    scene_step(scene, &input);
}

// With a key for a stand-in server, as its author writes it.
static enum err load_keyed(struct scene *scene, const char *path, struct form **out,
                           struct fail *why)
{
    static const char model[] = "<model>",
                      key[] = "<submission base64RsaPublicKey=\"MIIBIjANBg==\"/>";
    struct strbuf whole, text;
    strbuf_init(&whole, LIMIT_FORM_BYTES);
    strbuf_init(&text, LIMIT_FORM_BYTES);
    assert_int_equal(pack_form_read(scene->files, path, &whole, why), ERR_OK);
    const char *all = strbuf_text(&whole), *at = strstr(all, model);
    assert_non_null(at);
    at += strlen(model);
    strbuf_add(&text, all, (size_t)(at - all));
    strbuf_adds(&text, key);
    strbuf_adds(&text, at);
    enum err err = pack_form_parse(scene->files, &scene->crypto, path, &text, out, why);
    strbuf_free(&whole);
    strbuf_free(&text);
    return err;
}

void scene_load(struct scene *scene, const char *id, uint64_t asked)
{
    const struct service *service = catalogue_service(scene->catalogue, id);
    struct session_input input = {.kind = SESSION_FORM_LOADED, .id = asked};
    struct fail why = {0};
    if (scene->breaks_forms) {
        input.err = ERR_INPUT;
        text_copy(input.why, sizeof input.why, "forms/x.xml:7: no such node");
    } else if (!service) {
        const struct pack_source pack = {scene->files, scene->catalogue, scene->texts};
        if (pack_compose_load(&pack, &scene->crypto, id, &input.form, &why))
            fail_msg("%s: %s", id, why.text);
    } else if (scene->keyed && (text_equal(scene->keyed, "*") || text_equal(id, scene->keyed))
                   ? load_keyed(scene, service->form, &input.form, &why)
                   : pack_form_load(scene->files, &scene->crypto, service->form, &input.form,
                                    &why)) {
        fail_msg("%s: %s", id, why.text);
    }
    scene_step(scene, &input);
}

// As the compute worker: the short form out of the form of the list's service.
void scene_load_correction(struct scene *scene)
{
    const struct correction_list *list = scene->list;
    const struct service *service = catalogue_service(scene->catalogue, list->service);
    struct session_input input = {.kind = SESSION_FORM_LOADED, .id = scene->list_id};
    struct form_wanted wanted[CORRECTION_ITEMS];
    struct form_subset subset = {.version = list->id, .wanted = wanted};
    struct strbuf whole, text;
    struct fail why = {0};
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == CORRECTION_FIELD)
            wanted[subset.count++] =
                (struct form_wanted){list->items[i].ref, list->items[i].reason};
    strbuf_init(&whole, LIMIT_FORM_BYTES);
    strbuf_init(&text, LIMIT_FORM_BYTES);
    assert_int_equal(pack_form_read(scene->files, service->form, &whole, &why), ERR_OK);
    subset.text = whole.data;
    subset.length = whole.length;
    if (scene->breaks_forms) {
        input.err = ERR_NOT_FOUND;
        text_copy(input.why, sizeof input.why, "the form of that day is gone");
    } else if (form_subset(&subset, &text, &why) ||
               pack_form_parse(scene->files, &scene->crypto, "short", &text, &input.form, &why)) {
        fail_msg("%s", why.text);
    }
    strbuf_free(&whole);
    strbuf_free(&text);
    free(scene->list);
    scene->list = NULL;
    scene_step(scene, &input);
}
