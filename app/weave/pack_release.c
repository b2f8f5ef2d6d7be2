// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/weave/pack_release.h"

#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/form/form.h"
#include "yimen/weave/pack_form.h"
#include "yimen/xml/read.h"
#include <stdlib.h>
#include <string.h>

enum { RELEASES = 64 };

// ------------------------------------------------------------------ one release

static enum err load(const struct files *files, const char *version, struct pack_release *out,
                     struct fail *why)
{
    text_copy(out->version, sizeof out->version, version);
    enum err err = texts_load(files, &out->texts, why);
    if (err == ERR_OK)
        err = catalogue_load(files, &out->catalogue, why);
    out->source = (struct pack_source){files, out->catalogue, out->texts};
    if (err != ERR_OK)
        pack_release_close(out);
    return err;
}

enum err pack_release_open(const struct files *releases, const struct pack_trust *trust,
                           const char *version, struct pack_release *out, struct fail *why)
{
    *out = (struct pack_release){0};
    enum err err = pack_open_version(releases, trust, version, &out->pack, why);
    return err == ERR_OK ? load(pack_files(out->pack), version, out, why) : err;
}

enum err pack_release_unpacked(const struct files *files, const char *version,
                               struct pack_release *out, struct fail *why)
{
    *out = (struct pack_release){0};
    return load(files, version, out, why);
}

void pack_release_close(struct pack_release *release)
{
    catalogue_free(release->catalogue);
    texts_free(release->texts);
    pack_close(release->pack);
    *release = (struct pack_release){0};
}

// ------------------------------------------------------------------ the form of a case

static bool is_form(const struct strbuf *text, const struct pack_made_with *made_with)
{
    struct xml_document *document = NULL;
    char id[96] = "", version[64] = "";
    if (xml_parse(strbuf_text(text), text->length, LIMIT_FORM_BYTES, &document, NULL) != ERR_OK)
        return false;
    const struct xml_element *head = xml_find(xml_root(document), "head");
    const struct xml_element *model = head ? xml_find(head, "model") : NULL;
    const struct xml_element *instance = model ? xml_find(model, "instance") : NULL;
    const struct xml_element *data = instance ? xml_child(instance) : NULL;
    bool named = data && xml_attribute(data, "id", id, sizeof id, NULL) == ERR_OK;
    if (named && xml_attribute(data, "version", version, sizeof version, NULL) != ERR_OK)
        version[0] = '\0';
    xml_free(document);
    return named && text_equal(id, made_with->form_id) && text_equal(version, made_with->version);
}

static enum err read_from(const struct pack_source *pack, const struct pack_made_with *made_with,
                          struct strbuf *out, struct fail *why)
{
    const struct service *service = catalogue_service(pack->catalogue, made_with->service);
    strbuf_clear(out);
    enum err err = service ? pack_form_read(pack->files, service->form, out, why)
                           : pack_compose(pack, made_with->form_id, out, why);
    if (err == ERR_OK && !is_form(out, made_with))
        err = fail_set(why, ERR_NOT_FOUND, "form %s %s is not in this content", made_with->form_id,
                       made_with->version);
    return err;
}

/// What is done with the content that has the form; the text is at hand, whole.
typedef enum err use_form(void *context, const struct pack_source *pack, const struct strbuf *text,
                          struct fail *why);

struct search {
    const struct pack_shelf *shelf;
    const struct pack_made_with *made_with;
    use_form *use;
    void *context;
    struct strbuf text;
};

static enum err try_in(struct search *search, const struct pack_source *pack, struct fail *why)
{
    enum err err = read_from(pack, search->made_with, &search->text, why);
    return err == ERR_OK ? search->use(search->context, pack, &search->text, why) : err;
}

static enum err try_release(struct search *search, const char *version)
{
    const struct pack_shelf *shelf = search->shelf;
    struct pack_release release;
    enum err err = pack_release_open(shelf->releases, shelf->trust, version, &release, NULL);
    if (err == ERR_OK)
        err = try_in(search, &release.source, NULL);
    pack_release_close(&release);
    return err;
}

struct versions {
    size_t count;
    char names[RELEASES][PACK_VERSION];
};

static void keep_version(void *context, const char *version)
{
    struct versions *versions = context;
    if (versions->count == RELEASES) { // the oldest gives way
        memmove(versions->names, versions->names + 1,
                sizeof versions->names - sizeof versions->names[0]);
        versions->count--;
    }
    text_copy(versions->names[versions->count++], PACK_VERSION, version);
}

// The reason that is told is that of the content in force.
static enum err look_for(struct search *search, struct fail *why)
{
    const struct pack_shelf *shelf = search->shelf;
    struct versions versions = {.count = 0};
    strbuf_init(&search->text, LIMIT_FORM_BYTES);
    enum err err = try_in(search, &shelf->now, why);
    if (err != ERR_OK && shelf->releases &&
        pack_versions(shelf->releases, keep_version, &versions, NULL) == ERR_OK)
        for (size_t i = versions.count; err != ERR_OK && i-- > 0;)
            if (!text_equal(versions.names[i], shelf->version) &&
                try_release(search, versions.names[i]) == ERR_OK)
                err = ERR_OK;
    strbuf_free(&search->text);
    return err;
}

static enum err take_text(void *context, const struct pack_source *pack, const struct strbuf *text,
                          struct fail *why)
{
    struct strbuf *out = context;
    (void)pack;
    strbuf_add(out, strbuf_text(text), text->length);
    return strbuf_result(out, why);
}

enum err pack_shelf_read(const struct pack_shelf *shelf, const struct pack_made_with *made_with,
                         struct strbuf *out, struct fail *why)
{
    struct search search = {
        .shelf = shelf, .made_with = made_with, .use = take_text, .context = out};
    return look_for(&search, why);
}

struct shortening {
    const struct crypto *crypto;
    const struct form_subset *wanted;
    const char *form_id;
    struct form *form;
};

static enum err shorten(void *context, const struct pack_source *pack, const struct strbuf *text,
                        struct fail *why)
{
    struct shortening *work = context;
    struct form_subset subset = *work->wanted;
    struct strbuf less;
    subset.text = strbuf_text(text);
    subset.length = text->length;
    strbuf_init(&less, LIMIT_FORM_BYTES);
    enum err err = form_subset(&subset, &less, why);
    if (err == ERR_OK)
        err = pack_form_parse(pack->files, work->crypto, work->form_id, &less, &work->form, why);
    strbuf_free(&less);
    return err;
}

enum err pack_shelf_correction(const struct pack_shelf *shelf, const struct crypto *crypto,
                               const struct pack_made_with *made_with,
                               const struct form_subset *wanted, struct form **out,
                               struct fail *why)
{
    struct shortening work = {.crypto = crypto, .wanted = wanted, .form_id = made_with->form_id};
    struct search search = {
        .shelf = shelf, .made_with = made_with, .use = shorten, .context = &work};
    enum err err = look_for(&search, why);
    *out = work.form;
    return err;
}
