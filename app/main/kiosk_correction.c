// SPDX-License-Identifier: GPL-3.0-or-later
// The short form of a correction list: out of the form that the case was made with, which is in the
// content in force or in a release kept beside it.
#include "kiosk_correction.h"

#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/weave/pack_compose.h"
#include "yimen/weave/pack_form.h"
#include "yimen/weave/subset.h"
#include "yimen/xml/read.h"
#include <stdlib.h>

enum { RELEASES = 64 };

static bool is_form(const struct strbuf *text, const char *id, const char *version)
{
    struct xml_document *document = NULL;
    char found[96] = "", of[64] = "";
    if (xml_parse(strbuf_text(text), text->length, LIMIT_FORM_BYTES, &document, NULL) != ERR_OK)
        return false;
    const struct xml_element *head = xml_find(xml_root(document), "head");
    const struct xml_element *model = head ? xml_find(head, "model") : NULL;
    const struct xml_element *instance = model ? xml_find(model, "instance") : NULL;
    const struct xml_element *data = instance ? xml_child(instance) : NULL;
    bool named = data && xml_attribute(data, "id", found, sizeof found, NULL) == ERR_OK;
    if (named && xml_attribute(data, "version", of, sizeof of, NULL) != ERR_OK)
        of[0] = '\0';
    bool same = named && text_equal(found, id) && text_equal(of, version);
    xml_free(document);
    return same;
}

static enum err read_form(const struct pack_source *pack, const struct correction_list *list,
                          struct strbuf *out, struct fail *why)
{
    const struct service *service = catalogue_service(pack->catalogue, list->service);
    return service ? pack_form_read(pack->files, service->form, out, why)
                   : pack_compose(pack, list->form_id, out, why);
}

// ERR_NOT_FOUND: this pack has it in another version, or not at all.
static enum err make_from(const struct pack_source *pack, const struct crypto *crypto,
                          const struct correction_list *list, struct form **out, struct fail *why)
{
    struct form_wanted wanted[CORRECTION_ITEMS];
    struct strbuf whole, text;
    struct form_subset subset = {.version = list->id, .wanted = wanted};
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == CORRECTION_FIELD)
            wanted[subset.count++] =
                (struct form_wanted){list->items[i].ref, list->items[i].reason};
    strbuf_init(&whole, LIMIT_FORM_BYTES);
    strbuf_init(&text, LIMIT_FORM_BYTES);
    enum err err = read_form(pack, list, &whole, why);
    if (!err && !is_form(&whole, list->form_id, list->version))
        err = fail_set(why, ERR_NOT_FOUND, "form %s %s is not in this content", list->form_id,
                       list->version);
    if (!err) {
        subset.text = strbuf_text(&whole);
        subset.length = whole.length;
        err = form_subset(&subset, &text, why);
    }
    if (!err)
        err = pack_form_parse(pack->files, crypto, list->form_id, &text, out, why);
    strbuf_free(&whole);
    strbuf_free(&text);
    return err;
}

struct versions {
    size_t count;
    char names[RELEASES][PACK_VERSION];
};

static void keep_version(void *context, const char *version)
{
    struct versions *versions = context;
    if (versions->count < RELEASES)
        text_copy(versions->names[versions->count++], PACK_VERSION, version);
}

static enum err make_from_release(const struct kiosk_content *content, const char *version,
                                  const struct correction_list *list, struct form **out,
                                  struct fail *why)
{
    struct kiosk_release release;
    enum err err = kiosk_release_open(content, version, &release, why);
    if (err)
        return err;
    const struct pack_source pack = {release.files, release.catalogue, release.texts};
    err = make_from(&pack, content->crypto, list, out, why);
    kiosk_release_close(&release);
    return err;
}

enum err kiosk_correction_form(const struct kiosk_content *content,
                               const struct correction_list *list, struct form **out,
                               struct fail *why)
{
    const struct pack_source pack = {content->files, content->catalogue, content->texts};
    *out = NULL;
    enum err err = make_from(&pack, content->crypto, list, out, why);
    struct versions *versions = err && content->releases.ops ? calloc(1, sizeof *versions) : NULL;
    if (versions && pack_versions(&content->releases, keep_version, versions, NULL) == ERR_OK)
        for (size_t i = 0; err && i < versions->count; i++)
            err = make_from_release(content, versions->names[i], list, out, why);
    free(versions);
    return err ? fail_prefix(why, err, "the form of correction list %s", list->id) : ERR_OK;
}
