// SPDX-License-Identifier: GPL-3.0-or-later
// A table on its way to a translator and back: XLIFF 1.2, one unit a sentence.
#include "yimen/weave/sentences.h"

#include "yimen/base/arena.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/form/uris.h"
#include "yimen/xml/dom.h"
#include "yimen/xml/write.h"

#include <libxml/hash.h>
#include <string.h>

#define XLIFF_URI "urn:oasis:names:tc:xliff:document:1.2"

// ------------------------------------------------------------------ out

static void write_unit(const struct sentences_exchange *exchange, const struct sentence *source,
                       struct xml_writer *writer)
{
    const struct sentence *target =
        exchange->target != NULL ? sentences_find(exchange->target, source->id) : NULL;
    xml_begin(writer, "trans-unit");
    xml_put_attribute(writer, "id", source->id);
    xml_put_attribute(writer, "xml:space", "preserve");
    xml_put_element(writer, "source", source->text);
    if (target != NULL)
        xml_put_element(writer, "target", target->text);
    xml_end(writer);
}

enum err sentences_export(const struct sentences_exchange *exchange, struct strbuf *out,
                          struct fail *why)
{
    struct xml_writer *writer = xml_writer_new(XML_INDENTED);
    xml_begin(writer, "xliff");
    xml_put_attribute(writer, "xmlns", XLIFF_URI);
    xml_put_attribute(writer, "version", "1.2");
    xml_begin(writer, "file");
    xml_put_attribute(writer, "original", exchange->name);
    xml_put_attribute(writer, "source-language", exchange->from);
    xml_put_attribute(writer, "target-language", exchange->to);
    xml_put_attribute(writer, "datatype", "plaintext");
    xml_begin(writer, "body");
    for (size_t i = 0; i < sentences_count(exchange->source); i++)
        write_unit(exchange, sentences_at(exchange->source, i), writer);
    return xml_writer_finish(writer, out, why);
}

// ------------------------------------------------------------------ and back

static size_t count_outputs(const xmlNode *node)
{
    size_t count = dom_is(node, XFORMS_URI, "output") ? 1 : 0;
    for (const xmlNode *child = dom_first_element(node); child != NULL;
         child = dom_next_element(child))
        count += count_outputs(child);
    return count;
}

/// How many values a text shows. ERR_INPUT: it is no XML.
static enum err outputs_of(const char *text, size_t *count, struct fail *why)
{
    struct strbuf xml;
    xmlDoc *doc = NULL;
    strbuf_init(&xml, LIMIT_FORM_BYTES);
    strbuf_addf(&xml, "<value xmlns=\"%s\">%s</value>", XFORMS_URI, text);
    enum err err = strbuf_result(&xml, why);
    if (err == ERR_OK)
        err = dom_parse(strbuf_text(&xml), xml.length, "its text", true, &doc, why);
    if (err == ERR_OK)
        *count = count_outputs(xmlDocGetRootElement(doc));
    xmlFreeDoc(doc);
    strbuf_free(&xml);
    return err;
}

static enum err check_target(const struct sentence *source, const char *target, struct fail *why)
{
    size_t wanted = 0, found = 0;
    enum err err = outputs_of(source->text, &wanted, why);
    if (err == ERR_OK)
        err = outputs_of(target, &found, why);
    if (err == ERR_OK && wanted != found)
        err = fail_set(why, ERR_INPUT, "it shows %zu values, its source %zu", found, wanted);
    return err ? fail_prefix(why, err, "%s", source->id) : ERR_OK;
}

struct import {
    const struct sentences_exchange *exchange;
    struct arena *arena;
    xmlHashTable *targets; ///< id -> text
};

static enum err take_unit(struct import *import, const xmlNode *unit, struct fail *why)
{
    const char *id = dom_attribute(import->arena, unit, NULL, "id");
    const struct sentence *source =
        id != NULL ? sentences_find(import->exchange->source, id) : NULL;
    const xmlNode *target = dom_child(unit, XLIFF_URI, "target");
    if (source == NULL)
        return fail_set(why, ERR_INPUT, "line %ld: \"%.120s\" is no sentence of %s",
                        xmlGetLineNo(unit), id != NULL ? id : "", import->exchange->name);
    if (target == NULL)
        return ERR_OK;
    xmlChar *content = xmlNodeGetContent(target);
    const char *text = arena_strdup(import->arena, content != NULL ? (const char *)content : "");
    xmlFree(content);
    if (text[0] == '\0')
        return ERR_OK;
    enum err err = check_target(source, text, why);
    if (err == ERR_OK)
        (void)xmlHashUpdateEntry(import->targets, BAD_CAST id, (void *)(uintptr_t)text, NULL);
    return err;
}

static enum err take_units(struct import *import, const xmlNode *element, struct fail *why)
{
    enum err err = ERR_OK;
    for (const xmlNode *child = dom_first_element(element); child != NULL && err == ERR_OK;
         child = dom_next_element(child))
        err = dom_is(child, XLIFF_URI, "trans-unit") ? take_unit(import, child, why)
                                                     : take_units(import, child, why);
    return err;
}

static bool says(struct arena *arena, const xmlNode *element, const char *name, const char *value)
{
    const char *is = dom_attribute(arena, element, NULL, name);
    return is != NULL && text_equal(is, value);
}

static enum err take_file(struct import *import, const xmlNode *root, struct fail *why)
{
    const struct sentences_exchange *exchange = import->exchange;
    const xmlNode *file =
        dom_is(root, XLIFF_URI, "xliff") ? dom_child(root, XLIFF_URI, "file") : NULL;
    if (file == NULL)
        return fail_set(why, ERR_INPUT, "it is no XLIFF 1.2");
    if (!says(import->arena, file, "original", exchange->name) ||
        !says(import->arena, file, "target-language", exchange->to))
        return fail_set(why, ERR_INPUT, "it is not of the table %s in %s", exchange->name,
                        exchange->to);
    return take_units(import, file, why);
}

/// RFC 4180: quotes where they are needed.
static void write_cell(const char *text, struct strbuf *out)
{
    bool plain = strpbrk(text, ",\"\r\n") == NULL && text[0] != ' ' && !text_ends(text, " ");
    if (plain) {
        strbuf_adds(out, text);
        return;
    }
    strbuf_addc(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            strbuf_addc(out, '"');
        strbuf_addc(out, *text);
    }
    strbuf_addc(out, '"');
}

static enum err write_table(const struct import *import, struct strbuf *out, struct fail *why)
{
    const struct sentences_exchange *exchange = import->exchange;
    strbuf_adds(out, "id,text\n");
    for (size_t i = 0; i < sentences_count(exchange->source); i++) {
        const char *id = sentences_at(exchange->source, i)->id;
        const char *text = xmlHashLookup(import->targets, BAD_CAST id);
        const struct sentence *before =
            text == NULL && exchange->target != NULL ? sentences_find(exchange->target, id) : NULL;
        if (text == NULL && before == NULL)
            continue;
        write_cell(id, out);
        strbuf_addc(out, ',');
        write_cell(text != NULL ? text : before->text, out);
        strbuf_addc(out, '\n');
    }
    return strbuf_result(out, why);
}

enum err sentences_import(const struct sentences_exchange *exchange, const char *xliff,
                          size_t length, struct strbuf *out, struct fail *why)
{
    xmlDoc *doc = NULL;
    struct import import = {
        .exchange = exchange, .arena = arena_new(0), .targets = xmlHashCreate(256)};
    enum err err = dom_parse(xliff, length, "the file", true, &doc, why);
    if (err == ERR_OK)
        err = take_file(&import, xmlDocGetRootElement(doc), why);
    if (err == ERR_OK)
        err = write_table(&import, out, why);
    xmlFreeDoc(doc);
    xmlHashFree(import.targets, NULL);
    arena_free(import.arena);
    return err;
}
