// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/weave/pack_form.h"

#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/weave/include.h"
#include <string.h>

enum { RESOURCE_PATH = 192 };

// "jr://<kind>/<name>": only a plain name, so a form reaches nothing but its own pack.
static enum err resource(void *context, const char *uri, struct strbuf *out, struct fail *why)
{
    static const char scheme[] = "jr://";
    const struct files *pack = context;
    const char *kind = text_starts(uri, scheme) ? uri + strlen(scheme) : NULL;
    const char *name = kind ? strchr(kind, '/') : NULL;
    if (!name || strchr(name + 1, '/') || name[1] == '.' || name[1] == '\0')
        return fail_set(why, ERR_NOT_FOUND, "%s: not a file of the pack", uri);
    struct strbuf path;
    strbuf_init(&path, RESOURCE_PATH);
    strbuf_addf(&path, "%s%s", text_starts(kind, "file-csv/") ? "divisions" : "forms", name);
    enum err err = strbuf_result(&path, why);
    if (err == ERR_OK)
        err = pack->ops->read(pack->self, strbuf_text(&path), out, why);
    strbuf_free(&path);
    return err;
}

// What a form includes lies beside it, in the folder of the forms.
static enum err read_part(void *context, const char *name, struct strbuf *out, struct fail *why)
{
    const struct files *pack = context;
    struct strbuf path;
    strbuf_init(&path, RESOURCE_PATH);
    strbuf_addf(&path, "forms/%s", name);
    enum err err = strbuf_result(&path, why);
    if (err == ERR_OK)
        err = pack->ops->read(pack->self, strbuf_text(&path), out, why);
    strbuf_free(&path);
    return err;
}

static enum err read_whole(const struct files *pack, const char *path, struct strbuf *out,
                           struct xml_origins **origins, struct fail *why)
{
    struct strbuf text;
    struct files files = *pack;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    enum err err = pack->ops->read(pack->self, path, &text, why);
    if (err == ERR_OK) {
        const struct form_parts parts = {.name = path,
                                         .text = strbuf_text(&text),
                                         .length = text.length,
                                         .read = read_part,
                                         .context = &files,
                                         .origins = origins};
        err = form_include(&parts, out, why);
    }
    strbuf_free(&text);
    return err;
}

enum err pack_form_read(const struct files *pack, const char *path, struct strbuf *out,
                        struct fail *why)
{
    return read_whole(pack, path, out, NULL, why);
}

enum err pack_form_parse(const struct files *pack, const struct crypto *crypto, const char *name,
                         const struct strbuf *text, struct form **out, struct fail *why)
{
    struct files files = *pack;
    const struct form_source source = {
        .name = name,
        .text = strbuf_text(text),
        .length = text->length,
        .resource = resource,
        .context = &files,
        .crypto = crypto,
    };
    return form_load(&source, NULL, NULL, out, why);
}

static enum err load(const struct files *pack, const struct crypto *crypto, const char *path,
                     form_report *report, void *report_context, struct form **out, struct fail *why)
{
    struct strbuf text;
    struct files files = *pack;
    struct xml_origins *origins = NULL;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    enum err err = read_whole(pack, path, &text, &origins, why);
    if (err == ERR_OK) {
        const struct form_source source = {
            .name = path,
            .text = strbuf_text(&text),
            .length = text.length,
            .resource = resource,
            .context = &files,
            .crypto = crypto,
            .origins = origins,
            .strict = report != NULL,
        };
        err = form_load(&source, report, report_context, out, why);
    }
    xml_origins_free(origins);
    strbuf_free(&text);
    return err;
}

enum err pack_form_load(const struct files *pack, const struct crypto *crypto, const char *path,
                        struct form **out, struct fail *why)
{
    return load(pack, crypto, path, NULL, NULL, out, why);
}

enum err pack_form_check(const struct files *pack, const struct crypto *crypto, const char *path,
                         form_report *report, void *context, struct form **out, struct fail *why)
{
    return load(pack, crypto, path, report, context, out, why);
}

enum err pack_form_prepare(const struct files *source, const char *path, struct strbuf *bytes,
                           bool *leave_out, struct fail *why)
{
    *leave_out = text_starts(path, "forms/") && strchr(path + strlen("forms/"), '/') != NULL;
    if (*leave_out || !text_starts(path, "forms/") || !text_ends(path, ".xml"))
        return ERR_OK;
    struct strbuf whole;
    strbuf_init(&whole, LIMIT_FORM_BYTES);
    enum err err = pack_form_read(source, path, &whole, why);
    if (err == ERR_OK) {
        strbuf_clear(bytes);
        strbuf_add(bytes, strbuf_text(&whole), whole.length);
        err = strbuf_result(bytes, why);
    }
    strbuf_free(&whole);
    return err;
}

enum err pack_form_trial(void *context, const struct files *release, struct fail *why)
{
    struct catalogue *catalogue = NULL;
    enum err err = catalogue_load(release, &catalogue, why);
    for (size_t i = 0; err == ERR_OK && i < catalogue_service_count(catalogue); i++) {
        struct form *form = NULL;
        err =
            pack_form_load(release, context, catalogue_service_at(catalogue, i)->form, &form, why);
        form_free(form);
    }
    catalogue_free(catalogue);
    return err;
}
