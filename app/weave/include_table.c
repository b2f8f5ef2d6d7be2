// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences from tables: a translation gets those of the form's blocks, its own, and of the common
// ones those that the form names.
#include "include_internal.h"

#include "yimen/base/text.h"
#include "yimen/form/uris.h"
#include "yimen/weave/sentences.h"

#include <libxml/hash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL "jr:itext('"
#define COMMON "common"

struct filling {
    struct expansion *expansion;
    xmlNode *translation;
    xmlHashTable *named; ///< ids that the form's attributes name
    xmlHashTable *there; ///< ids that the translation has
};

// ------------------------------------------------------------------ which sentences are named

static void note_named(xmlHashTable *named, const char *text)
{
    for (const char *at = strstr(text, CALL); at != NULL; at = strstr(at, CALL)) {
        char id[SENTENCE_ID];
        at += strlen(CALL);
        size_t length = strcspn(at, "'");
        if (length >= sizeof id)
            continue;
        (void)snprintf(id, sizeof id, "%.*s", (int)length, at);
        (void)xmlHashAddEntry(named, BAD_CAST id, named); // a second time changes nothing
    }
}

static void find_named(const xmlNode *element, struct arena *arena, xmlHashTable *named)
{
    for (const xmlAttr *at = element->properties; at != NULL; at = at->next)
        note_named(named, dom_text(arena, (const xmlNode *)at));
    for (const xmlNode *child = dom_first_element(element); child != NULL;
         child = dom_next_element(child))
        find_named(child, arena, named);
}

// ------------------------------------------------------------------ a row becomes a text

/// A text as <value> with everything in it; NULL: it is no XML.
static xmlNode *make_value(struct filling *filling, const char *text, struct fail *why)
{
    struct strbuf xml;
    xmlDoc *doc = NULL;
    xmlNode *value = NULL;
    strbuf_init(&xml, LIMIT_FORM_BYTES);
    strbuf_addf(&xml, "<value xmlns=\"%s\">%s</value>", XFORMS_URI, text);
    enum err err = strbuf_result(&xml, why);
    if (err == ERR_OK)
        err = dom_parse(strbuf_text(&xml), xml.length, "its text", true, &doc, why);
    if (err == ERR_OK)
        value = xmlDocCopyNode(xmlDocGetRootElement(doc), filling->translation->doc, 1);
    xmlFreeDoc(doc);
    strbuf_free(&xml);
    return value;
}

static xmlNode *make_text(struct filling *filling, const char *id)
{
    xmlNode *text =
        xmlNewDocNode(filling->translation->doc, filling->translation->ns, BAD_CAST "text", NULL);
    xmlSetProp(text, BAD_CAST "id", BAD_CAST id);
    xmlAddChild(filling->translation, xmlNewDocText(text->doc, BAD_CAST "\n"));
    return xmlAddChild(filling->translation, text);
}

/// "id#short" is another form of the text "id", which stands before it.
static enum err add_row(struct filling *filling, const struct sentence *row, int part,
                        struct fail *why)
{
    char id[SENTENCE_ID];
    const char *hash = strchr(row->id, '#');
    (void)snprintf(id, sizeof id, "%.*s", (int)strcspn(row->id, "#"), row->id);
    xmlNode *text = xmlHashLookup(filling->there, BAD_CAST id);
    if (hash != NULL && text == NULL)
        return fail_set(why, ERR_INPUT, "line %d: \"%.120s\" stands behind no \"%.120s\"",
                        row->line, row->id, id);
    xmlNode *value = make_value(filling, row->text, why);
    if (value == NULL)
        return fail_prefix(why, ERR_INPUT, "line %d: %s", row->line, row->id);
    if (hash == NULL) {
        text = make_text(filling, id);
        (void)xmlHashUpdateEntry(filling->there, BAD_CAST id, text, NULL);
    } else {
        xmlSetProp(value, BAD_CAST "form", BAD_CAST(hash + 1));
    }
    xmlAddChild(text, value);
    origin_mark(hash == NULL ? text : value, part);
    value->line = (unsigned short)row->line;
    text->line = hash == NULL ? value->line : text->line;
    filling->expansion->node_count += 2;
    return filling->expansion->node_count > LIMIT_FORM_NODES
               ? fail_set(why, ERR_FULL, "more than %d elements", LIMIT_FORM_NODES)
               : ERR_OK;
}

/// Of the common sentences only what the form names and nobody has said.
static bool is_wanted(const struct filling *filling, const char *row_id)
{
    char id[SENTENCE_ID];
    (void)snprintf(id, sizeof id, "%.*s", (int)strcspn(row_id, "#"), row_id);
    const xmlNode *there = xmlHashLookup(filling->there, BAD_CAST id);
    return xmlHashLookup(filling->named, BAD_CAST id) != NULL &&
           (there == NULL || strchr(row_id, '#') != NULL);
}

static enum err add_rows(struct filling *filling, const struct sentences *table, const char *path,
                         bool common, struct fail *why)
{
    const struct part *part = include_add(filling->expansion, path, why);
    if (part == NULL)
        return ERR_FULL;
    int number = (int)(part - filling->expansion->files) + 1;
    enum err err = ERR_OK;
    for (size_t i = 0; i < sentences_count(table) && err == ERR_OK; i++) {
        const struct sentence *row = sentences_at(table, i);
        if (!common || is_wanted(filling, row->id))
            err = add_row(filling, row, number, why);
    }
    return err;
}

/// ERR_NOT_FOUND: there is no such table.
static enum err add_table(struct filling *filling, const char *path, bool common, struct fail *why)
{
    const struct form_parts *parts = filling->expansion->parts;
    struct strbuf text;
    struct sentences *table = NULL;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    enum err err = parts->read(parts->context, path, &text, why);
    if (err == ERR_OK)
        err = sentences_read(strbuf_text(&text), text.length, &table, why);
    if (err == ERR_OK)
        err = add_rows(filling, table, path, common, why);
    sentences_free(table);
    strbuf_free(&text);
    return err ? fail_prefix(why, err, "%s", path) : ERR_OK;
}

// ------------------------------------------------------------------ which tables

/// "blocks/care.xml" beside "texts/ko/home_care.csv" is "texts/ko/care.csv".
static bool table_of(const char *own, const char *block, char out[INCLUDE_PATH])
{
    const char *slash = strrchr(own, '/'), *name = strrchr(block, '/');
    int folder = slash != NULL ? (int)(slash - own) + 1 : 0;
    name = name != NULL ? name + 1 : block;
    int length =
        snprintf(out, INCLUDE_PATH, "%.*s%.*s.csv", folder, own, (int)strcspn(name, "."), name);
    return length > 0 && length < INCLUDE_PATH;
}

static enum err fill(struct filling *filling, const struct table_wish *wish, size_t parts,
                     struct fail *why)
{
    char path[INCLUDE_PATH];
    enum err err = ERR_OK;
    for (size_t i = 0; i < parts && err == ERR_OK; i++)
        if (table_of(wish->path, filling->expansion->files[i].path, path)) {
            err = add_table(filling, path, false, why);
            err = err == ERR_NOT_FOUND ? ERR_OK : err; // a block may have nothing to say
        }
    if (err == ERR_OK)
        err = add_table(filling, wish->path, false, why);
    if (err == ERR_OK && table_of(wish->path, COMMON, path)) {
        err = add_table(filling, path, true, why);
        err = err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    return err;
}

enum err tables_fill(struct expansion *expansion, xmlDoc *form, struct fail *why)
{
    if (expansion->table_count == 0)
        return ERR_OK;
    struct arena *arena = arena_new(0);
    xmlHashTable *named = xmlHashCreate(512);
    size_t parts = expansion->file_count; // tables come behind them
    enum err err = ERR_OK;
    find_named(xmlDocGetRootElement(form), arena, named);
    for (size_t i = 0; i < expansion->table_count && err == ERR_OK; i++) {
        struct filling filling = {.expansion = expansion,
                                  .translation = expansion->tables[i].translation,
                                  .named = named,
                                  .there = xmlHashCreate(512)};
        err = fill(&filling, &expansion->tables[i], parts, why);
        xmlHashFree(filling.there, NULL);
    }
    xmlHashFree(named, NULL);
    arena_free(arena);
    return err;
}
