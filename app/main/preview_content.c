// SPDX-License-Identifier: GPL-3.0-or-later
#include "preview_content.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/driver/system.h"
#include "yimen/weave/pack_form.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TREE_BYTES = 1 << 20 };

#define FORMS "forms/"
#define DIVISIONS "divisions/"
#define SERVICES "services.json"
#define BUNDLES "bundles.json"

// ------------------------------------------------------------------ the view

static enum err view_read(void *self, const char *path, struct strbuf *out, struct fail *why)
{
    const struct preview_content *content = self;
    const struct files *folder = &content->folder, *tree = &content->tree;
    if (text_equal(path, SERVICES) && content->services) {
        strbuf_adds(out, content->services);
        return strbuf_result(out, why);
    }
    if (text_equal(path, BUNDLES)) // they would name services that are not here
        return fail_set(why, ERR_NOT_FOUND, "%s: a preview has one service", path);
    if (text_starts(path, FORMS))
        return folder->ops->read(folder->self, path + strlen(FORMS), out, why);
    if (text_starts(path, DIVISIONS)) { // a list lies beside the form, or is one of the tree's
        enum err err = folder->ops->read(folder->self, path + strlen(DIVISIONS), out, why);
        if (err != ERR_NOT_FOUND)
            return err;
    }
    return tree->ops->read(tree->self, path, out, why);
}

static enum err view_list(void *self, const char *path,
                          void (*each)(void *context, const char *name), void *context,
                          struct fail *why)
{
    const struct preview_content *content = self;
    return content->tree.ops->list(content->tree.self, path, each, context, why);
}

static const struct files_ops view_ops = {.read = view_read, .list = view_list};

// ------------------------------------------------------------------ the service

static json_t *plain_service(const char *form)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:b, s:b, s:b, s:b, s:s, s:i, s:[], s:[], "
                     "s:[], s:{}}",
                     "id", "preview", "form", form, "item_code", "", "door", "service", "type", 3,
                     "minutes", 5, "urgent", 0, "restricted", 0, "needs_identity", 0,
                     "needs_signature", 0, "first_person", "", "limit_hours", 0, "limits", "papers",
                     "consents", "refs");
}

// The tree's own service with this form, else a plain one.
static json_t *service_of(const json_t *services, const char *form)
{
    size_t index;
    json_t *service;
    json_array_foreach(services, index, service)
    {
        const char *its = json_string_value(json_object_get(service, "form"));
        if (its && text_equal(its, form))
            return json_incref(service);
    }
    return plain_service(form);
}

static enum err dress(struct preview_content *content, struct fail *why)
{
    struct strbuf text;
    char form[LIMIT_PACK_PATH];
    json_error_t error;
    snprintf(form, sizeof form, FORMS "%s", content->name);
    strbuf_init(&text, TREE_BYTES);
    enum err err = content->tree.ops->read(content->tree.self, SERVICES, &text, why);
    json_t *root = json_loadb(strbuf_text(&text), text.length, 0, &error);
    strbuf_free(&text);
    if (err == ERR_OK && !root)
        err = fail_set(why, ERR_INPUT, SERVICES ":%d: %s", error.line, error.text);
    if (err == ERR_OK) {
        json_t *service = service_of(json_object_get(root, "services"), form);
        const char *id = json_string_value(json_object_get(service, "id"));
        text_copy(content->service, sizeof content->service, id ? id : "");
        json_object_set_new(root, "services", json_pack("[o]", service));
        json_object_set_new(root, "first_person", json_array());
        content->services = json_dumps(root, JSON_COMPACT);
        err = content->services ? ERR_OK : fail_set(why, ERR_RETRY, "no memory");
    }
    json_decref(root);
    return err;
}

// ------------------------------------------------------------------ life cycle

static enum err open_folder(struct preview_content *content, const char *file, struct fail *why)
{
    char path[512];
    const char *slash = strrchr(file, '/');
    int length = slash ? (int)(slash - file) + 1 : 0;
    if (!text_copy(content->name, sizeof content->name, slash ? slash + 1 : file))
        return fail_set(why, ERR_INPUT,
                        "the name of the form is longer than the %zu bytes that a content pack has "
                        "for it: %s",
                        sizeof content->name - 1, slash ? slash + 1 : file);
    if (snprintf(path, sizeof path, "%.*s", length, file) >= (int)sizeof path)
        return fail_set(why, ERR_INPUT, "%s: the path is too long", file);
    return system_files_open(length ? path : ".", &content->folder, why);
}

enum err preview_content_open(struct preview_content *out, const char *file, const char *assets,
                              const struct crypto *crypto, struct fail *why)
{
    *out = (struct preview_content){.crypto = crypto};
    out->view = (struct files){.ops = &view_ops, .self = out};
    enum err err = open_folder(out, file, why);
    if (err == ERR_OK)
        err = system_files_open(assets, &out->tree, why);
    if (err == ERR_OK)
        err = dress(out, why);
    if (err == ERR_OK)
        err = texts_load(&out->view, &out->texts, why);
    if (err == ERR_OK)
        err = catalogue_load(&out->view, &out->catalogue, why);
    if (err != ERR_OK)
        preview_content_close(out);
    return err;
}

void preview_content_close(struct preview_content *content)
{
    catalogue_free(content->catalogue);
    texts_free(content->texts);
    free(content->services);
    if (content->tree.ops)
        system_files_close(&content->tree);
    if (content->folder.ops)
        system_files_close(&content->folder);
    *content = (struct preview_content){0};
}

enum err preview_content_form(const struct preview_content *content, form_report *report,
                              void *context, struct form **out, struct fail *why)
{
    char path[LIMIT_PACK_PATH];
    snprintf(path, sizeof path, FORMS "%s", content->name);
    return pack_form_check(&content->view, content->crypto, path, report, context, out, why);
}

void preview_content_mark(const struct preview_content *content, uint8_t out[CRYPTO_HASH])
{
    struct strbuf text;
    char path[LIMIT_PACK_PATH];
    uint8_t digest[CRYPTO_DIGEST_MAX];
    snprintf(path, sizeof path, FORMS "%s", content->name);
    strbuf_init(&text, LIMIT_FORM_BYTES);
    // One that cannot be put together has a mark as well: of what there is of it.
    (void)!pack_form_read(&content->view, path, &text, NULL);
    content->crypto->ops->digest(content->crypto->self, DIGEST_SHA256, strbuf_text(&text),
                                 text.length, digest);
    memcpy(out, digest, CRYPTO_HASH);
    strbuf_free(&text);
}
