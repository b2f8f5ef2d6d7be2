// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences: once, and under a name of its own where two items call different ones the same.
#include "compose_internal.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include <string.h>

enum { TEXTS = 4096 };

static size_t language_index(struct compose *compose, const char *language)
{
    for (size_t i = 0; i < compose->language_count; i++)
        if (text_equal(compose->languages[i], language))
            return i;
    if (compose->language_count == COMPOSE_LANGUAGES)
        return COMPOSE_LANGUAGES;
    compose->languages[compose->language_count] = language;
    return compose->language_count++;
}

static enum err read_sentence(struct compose *compose, struct compose_source *source,
                              size_t language, xmlNode *node, struct fail *why)
{
    const char *id = dom_attribute(compose->arena, node, NULL, "id");
    if (id == NULL)
        return ERR_OK;
    struct compose_text *text = xmlHashLookup(source->texts, BAD_CAST id);
    if (text == NULL) {
        text = arena_alloc(compose->arena, sizeof *text);
        text->name = id;
        if (xmlHashAddEntry(source->texts, BAD_CAST id, text) != 0)
            return fail_set(why, ERR_RETRY, "no memory");
    }
    text->language[language] = node;
    return ERR_OK;
}

enum err compose_texts_read(struct compose *compose, struct compose_source *source,
                            struct fail *why)
{
    enum err err = ERR_OK;
    source->texts = xmlHashCreate(TEXTS);
    if (source->texts == NULL)
        return fail_set(why, ERR_RETRY, "no memory");
    const xmlNode *itext = dom_child(source->model, XFORMS_URI, "itext");
    for (const xmlNode *at = itext != NULL ? dom_first_element(itext) : NULL;
         err == ERR_OK && at != NULL; at = dom_next_element(at)) {
        const char *name = dom_attribute_trimmed(compose->arena, at, NULL, "lang");
        size_t language = language_index(compose, name != NULL ? name : "");
        if (language == COMPOSE_LANGUAGES)
            return fail_set(why, ERR_FULL, "more than %d languages", COMPOSE_LANGUAGES);
        for (xmlNode *text = dom_first_element(at); err == ERR_OK && text != NULL;
             text = dom_next_element(text))
            err = read_sentence(compose, source, language, text, why);
    }
    return err;
}

// What a sentence says in every language, once its paths are where they went.
static const char *content(const struct compose *compose, const struct compose_source *source,
                           const struct compose_text *text)
{
    struct strbuf out;
    strbuf_init(&out, LIMIT_FORM_BYTES);
    for (size_t i = 0; i < compose->language_count; i++) {
        strbuf_addf(&out, "%zu", i);
        for (const xmlNode *value = text->language[i] ? dom_first_element(text->language[i]) : NULL;
             value != NULL; value = dom_next_element(value))
            compose_write(compose, source, value, &out);
    }
    const char *kept = arena_strndup(compose->arena, strbuf_text(&out), out.length);
    strbuf_free(&out);
    return kept;
}

struct naming {
    struct compose *compose;
    const struct compose_source *source;
    xmlHashTable *taken; ///< name -> content
};

static void name_one(void *payload, void *data, const xmlChar *id)
{
    struct naming *naming = data;
    struct compose_text *text = payload;
    const char *says = content(naming->compose, naming->source, text);
    const char *there = xmlHashLookup(naming->taken, id);
    if (there != NULL && !text_equal(there, says)) {
        struct strbuf name;
        strbuf_init(&name, LIMIT_REF * 2);
        strbuf_addf(&name, "%s:%s", naming->source->item->id, (const char *)id);
        text->name = arena_strdup(naming->compose->arena, strbuf_text(&name));
        strbuf_free(&name);
    }
    (void)xmlHashAddEntry(naming->taken, BAD_CAST text->name, (void *)(uintptr_t)says);
}

void compose_texts_name(struct compose *compose)
{
    xmlHashTable *taken = xmlHashCreate(TEXTS);
    for (size_t s = 0; taken != NULL && s < compose->count; s++) {
        struct naming naming = {compose, &compose->sources[s], taken};
        xmlHashScan(compose->sources[s].texts, name_one, &naming);
    }
    xmlHashFree(taken, NULL);
}

static void write_sentence(const struct compose *compose, const struct compose_source *source,
                           const xmlNode *node, const char *name, struct strbuf *out)
{
    strbuf_adds(out, "<text id=\"");
    strbuf_add_xml(out, name);
    strbuf_adds(out, "\">");
    for (const xmlNode *value = dom_first_element(node); value != NULL;
         value = dom_next_element(value))
        compose_write(compose, source, value, out);
    strbuf_adds(out, "</text>\n");
}

// In the order of the forms, so that the same forms give the same bytes.
static void write_source(const struct compose *compose, const struct compose_source *source,
                         size_t language, xmlHashTable *written, struct strbuf *out)
{
    const xmlNode *itext = dom_child(source->model, XFORMS_URI, "itext");
    for (const xmlNode *at = itext ? dom_first_element(itext) : NULL; at != NULL;
         at = dom_next_element(at)) {
        const char *name = dom_attribute_trimmed(compose->arena, at, NULL, "lang");
        if (!text_equal(name != NULL ? name : "", compose->languages[language]))
            continue;
        for (const xmlNode *node = dom_first_element(at); node != NULL;
             node = dom_next_element(node)) {
            const char *id = dom_attribute(compose->arena, node, NULL, "id");
            const struct compose_text *text =
                id != NULL ? xmlHashLookup(source->texts, BAD_CAST id) : NULL;
            if (text != NULL && xmlHashAddEntry(written, BAD_CAST text->name, written) == 0)
                write_sentence(compose, source, node, text->name, out);
        }
    }
}

static void write_labels(const struct compose *compose, const char *language, struct strbuf *out)
{
    const struct form_composition *composition = compose->composition;
    for (size_t s = 0; s < compose->count; s++) {
        const char *id = compose->sources[s].item->id;
        strbuf_addf(out, "<text id=\"item:%s\"><value>", id);
        strbuf_add_xml(out, composition->label(composition->context, id, language));
        strbuf_adds(out, "</value></text>\n");
    }
}

void compose_itext(const struct compose *compose, struct strbuf *out)
{
    strbuf_adds(out, "<itext>\n");
    for (size_t language = 0; language < compose->language_count; language++) {
        xmlHashTable *written = xmlHashCreate(TEXTS);
        strbuf_adds(out, "<translation lang=\"");
        strbuf_add_xml(out, compose->languages[language]);
        strbuf_addf(out, "\"%s>\n", language == 0 ? " default=\"true()\"" : "");
        write_labels(compose, compose->languages[language], out);
        for (size_t s = 0; written != NULL && s < compose->count; s++)
            write_source(compose, &compose->sources[s], language, written, out);
        xmlHashFree(written, NULL);
        strbuf_adds(out, "</translation>\n");
    }
    strbuf_adds(out, "</itext>\n");
}
