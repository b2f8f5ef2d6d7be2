// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/district/district.h"

#include "district_internal.h"
#include "yimen/base/text.h"
#include "yimen/xml/read.h"

#include <assert.h>
#include <stdlib.h>

enum { TEMPLATE_BYTES = 64 << 10 };

static enum err take_role(struct district *district, struct fail *why)
{
    const struct district_options *options = &district->options;
    if (options->record_secret) {
        options->crypto->ops->derive(options->crypto->self, options->record_secret, "distwrap", 1,
                                     district->wrap_key);
        options->crypto->ops->derive(options->crypto->self, options->record_secret, "distindx", 1,
                                     district->index_key);
    }
    if (!options->web)
        return ERR_OK;
    assert(options->texts);
    enum err err = options->web->ops->read(options->web->self, "track.html", &district->page, why);
    return err ? fail_prefix(why, err, "the tracking page") : ERR_OK;
}

enum err district_open(const struct district_options *options, struct district **out,
                       struct fail *why)
{
    assert(options->store && options->crypto && options->clock);
    *out = NULL;
    struct district *district = calloc(1, sizeof *district);
    if (!district)
        return fail_set(why, ERR_RETRY, "out of memory");
    district->options = *options;
    strbuf_init(&district->page, TEMPLATE_BYTES);
    enum err err = take_role(district, why);
    if (err) {
        district_close(district);
        return err;
    }
    *out = district;
    return ERR_OK;
}

void district_close(struct district *district)
{
    if (!district)
        return;
    strbuf_free(&district->page);
    memory_wipe(district->wrap_key, sizeof district->wrap_key);
    memory_wipe(district->index_key, sizeof district->index_key);
    free(district);
}

// Title, id and version are read from the form's own text.
static enum err describe_form(const char *xml, size_t length, struct district_form *out,
                              struct fail *why)
{
    struct xml_document *document = NULL;
    enum err err = xml_parse(xml, length, LIMIT_FORM_BYTES, &document, why);
    if (err)
        return err;
    const struct xml_element *head = xml_find(xml_root(document), "head");
    const struct xml_element *model = head ? xml_find(head, "model") : NULL;
    const struct xml_element *instance = model ? xml_find(model, "instance") : NULL;
    const struct xml_element *data = instance ? xml_child(instance) : NULL;
    err = xml_attribute(data, "id", out->id, sizeof out->id, why);
    if (!err && xml_attribute(data, "version", out->version, sizeof out->version, NULL) != ERR_OK)
        out->version[0] = '\0';
    if (!err && xml_text(head ? xml_find(head, "title") : NULL, out->title, sizeof out->title,
                         NULL) != ERR_OK)
        text_copy(out->title, sizeof out->title, out->id);
    xml_free(document);
    return err;
}

enum err district_publish_form(struct district *district, const char *xml, size_t length,
                               struct fail *why)
{
    const struct district_options *options = &district->options;
    struct district_form form = {0};
    enum err err = describe_form(xml, length, &form, why);
    if (err)
        return fail_prefix(why, err, "publishing a form");
    uint8_t digest[CRYPTO_DIGEST_MAX];
    struct strbuf hex;
    strbuf_init(&hex, sizeof form.md5);
    size_t size =
        options->crypto->ops->digest(options->crypto->self, DIGEST_MD5, xml, length, digest);
    options->crypto->ops->hex_encode(options->crypto->self, digest, size, &hex);
    text_copy(form.md5, sizeof form.md5, strbuf_text(&hex));
    strbuf_free(&hex);
    return options->store->ops->form_put(options->store->self, &form, xml, length,
                                         clock_now(options->clock).utc_ms, why);
}
