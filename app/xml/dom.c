// SPDX-License-Identifier: GPL-3.0-or-later
// Bounded XML: a form comes from outside, so its parser knows no DTD, no entities, no network, and
// stops at a stated depth and number of elements.
#include "yimen/xml/dom.h"

#include "yimen/base/limits.h"
#include "yimen/base/text.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dom_guard {
    size_t depth, nodes;
    bool has_dtd, too_deep, too_many;
    int error_line;
    char error[160];
};

static void on_dtd(void *context, const xmlChar *name, const xmlChar *external,
                   const xmlChar *system)
{
    (void)name;
    (void)external;
    (void)system;
    xmlParserCtxt *parser = context;
    struct dom_guard *guard = parser->_private;
    guard->has_dtd = true;
    xmlStopParser(parser);
}

static void on_start(void *context, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int attribute_count,
                     int defaulted, const xmlChar **attributes)
{
    xmlParserCtxt *parser = context;
    struct dom_guard *guard = parser->_private;
    guard->depth++;
    guard->nodes += 1 + (size_t)attribute_count;
    if (guard->depth > LIMIT_FORM_DEPTH || guard->nodes > LIMIT_FORM_NODES) {
        guard->too_deep = guard->depth > LIMIT_FORM_DEPTH;
        guard->too_many = !guard->too_deep;
        xmlStopParser(parser);
        return;
    }
    xmlSAX2StartElementNs(context, local, prefix, uri, namespace_count, namespaces, attribute_count,
                          defaulted, attributes);
}

static void on_end(void *context, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    xmlParserCtxt *parser = context;
    struct dom_guard *guard = parser->_private;
    if (guard->depth > 0)
        guard->depth--;
    xmlSAX2EndElementNs(context, local, prefix, uri);
}

static void on_error(void *context, xmlErrorPtr error)
{
    xmlParserCtxt *parser = context;
    struct dom_guard *guard = parser->_private;
    if (guard->error[0] != '\0' || error == NULL || error->level < XML_ERR_ERROR)
        return;
    guard->error_line = error->line;
    (void)text_copy(guard->error, sizeof guard->error,
                    error->message != NULL ? error->message : "not well-formed");
    char *newline = strchr(guard->error, '\n');
    if (newline != NULL)
        *newline = '\0';
}

static enum err report_fault(const struct dom_guard *guard, const char *name, struct fail *why)
{
    if (guard->has_dtd)
        return fail_set(why, ERR_INPUT, "%s: a DOCTYPE is not allowed", name);
    if (guard->too_deep)
        return fail_set(why, ERR_FULL, "%s: elements nest deeper than %d", name, LIMIT_FORM_DEPTH);
    if (guard->too_many)
        return fail_set(why, ERR_FULL, "%s: more than %d elements and attributes", name,
                        LIMIT_FORM_NODES);
    return fail_set(why, ERR_INPUT, "%s line %d: %s", name, guard->error_line,
                    guard->error[0] != '\0' ? guard->error : "is not XML");
}

enum err dom_parse(const char *text, size_t length, const char *name, bool keep_blanks,
                   xmlDoc **out, struct fail *why)
{
    *out = NULL;
    if (length > LIMIT_FORM_BYTES)
        return fail_set(why, ERR_FULL, "%s: larger than %d bytes", name, LIMIT_FORM_BYTES);
    while (length > 0 && strchr(" \t\r\n", text[0]) != NULL && text[0] != '\0') {
        text++;
        length--;
    }
    xmlParserCtxt *parser = xmlCreatePushParserCtxt(NULL, NULL, NULL, 0, NULL);
    if (parser == NULL)
        return fail_set(why, ERR_RETRY, "%s: no memory for the XML parser", name);
    struct dom_guard guard = {0};
    int options = XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES |
                  XML_PARSE_COMPACT;
    if (!keep_blanks)
        options |= XML_PARSE_NOBLANKS;
    xmlCtxtUseOptions(parser, options);
    parser->_private = &guard;
    parser->sax->internalSubset = on_dtd;
    parser->sax->startElementNs = on_start;
    parser->sax->endElementNs = on_end;
    parser->sax->serror = on_error;
    xmlParseChunk(parser, text, (int)length, 1);
    xmlDoc *doc = parser->myDoc;
    parser->myDoc = NULL;
    bool sound = parser->wellFormed && doc != NULL && !guard.has_dtd && !guard.too_deep &&
                 !guard.too_many && xmlDocGetRootElement(doc) != NULL;
    enum err err = sound ? ERR_OK : report_fault(&guard, name, why);
    xmlFreeParserCtxt(parser);
    if (sound)
        *out = doc;
    else if (doc != NULL)
        xmlFreeDoc(doc);
    return err;
}

bool dom_has_local(const xmlNode *node, const char *local)
{
    return node != NULL && node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, local) == 0;
}

bool dom_is(const xmlNode *node, const char *uri, const char *local)
{
    return dom_has_local(node, local) && node->ns != NULL && node->ns->href != NULL &&
           strcmp((const char *)node->ns->href, uri) == 0;
}

xmlNode *dom_first_element(const xmlNode *parent)
{
    xmlNode *node = parent != NULL ? parent->children : NULL;
    while (node != NULL && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

xmlNode *dom_next_element(const xmlNode *node)
{
    xmlNode *next = node->next;
    while (next != NULL && next->type != XML_ELEMENT_NODE)
        next = next->next;
    return next;
}

xmlNode *dom_child(const xmlNode *parent, const char *uri, const char *local)
{
    for (xmlNode *node = dom_first_element(parent); node != NULL; node = dom_next_element(node)) {
        if (uri == NULL ? dom_has_local(node, local) : dom_is(node, uri, local))
            return node;
    }
    return NULL;
}

const char *dom_attribute(struct arena *arena, const xmlNode *node, const char *uri,
                          const char *local)
{
    for (const xmlAttr *at = node->properties; at != NULL; at = at->next) {
        if (strcmp((const char *)at->name, local) != 0)
            continue;
        bool same = uri == NULL ? at->ns == NULL
                                : at->ns != NULL && strcmp((const char *)at->ns->href, uri) == 0;
        if (!same)
            continue;
        if (at->children == NULL)
            return "";
        if (at->children->next == NULL && at->children->type == XML_TEXT_NODE)
            return (const char *)at->children->content;
        xmlChar *value = xmlNodeGetContent((const xmlNode *)at);
        const char *copy = arena_strdup(arena, value != NULL ? (const char *)value : "");
        xmlFree(value);
        return copy;
    }
    return NULL;
}

const char *dom_trimmed(struct arena *arena, const char *value)
{
    size_t length = strlen(value);
    size_t start = strspn(value, " \t\r\n");
    while (length > start && strchr(" \t\r\n", value[length - 1]) != NULL)
        length--;
    if (start == 0 && value[length] == '\0')
        return value;
    return arena_strndup(arena, value + start, length - start);
}

const char *dom_attribute_trimmed(struct arena *arena, const xmlNode *node, const char *uri,
                                  const char *local)
{
    const char *value = dom_attribute(arena, node, uri, local);
    return value != NULL ? dom_trimmed(arena, value) : NULL;
}

const char *dom_text(struct arena *arena, const xmlNode *node)
{
    const xmlNode *child = node->children;
    if (child == NULL)
        return "";
    if (child->next == NULL && child->type == XML_TEXT_NODE)
        return (const char *)child->content;
    xmlChar *value = xmlNodeGetContent(node);
    const char *copy = arena_strdup(arena, value != NULL ? (const char *)value : "");
    xmlFree(value);
    return copy;
}

const char *dom_name(struct arena *arena, const xmlNode *node)
{
    if (node->ns == NULL || node->ns->prefix == NULL)
        return (const char *)node->name;
    size_t prefix = strlen((const char *)node->ns->prefix);
    size_t local = strlen((const char *)node->name);
    char *name = arena_alloc(arena, prefix + local + 2);
    memcpy(name, node->ns->prefix, prefix);
    name[prefix] = ':';
    memcpy(name + prefix + 1, node->name, local);
    return name;
}
