// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/xml/read.h"

#include "yimen/base/text.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <limits.h>
#include <string.h>

// The two handles are libxml2's own structures under names that do not give them away.
static xmlDoc *as_document(const struct xml_document *document)
{
    return (xmlDoc *)document;
}

static xmlNode *as_node(const struct xml_element *element)
{
    return (xmlNode *)element;
}

static const struct xml_element *as_element(xmlNode *node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return (const struct xml_element *)node;
}

static enum err refuse(xmlParserCtxt *parser, struct fail *why)
{
    const xmlError *error = xmlCtxtGetLastError(parser);
    return fail_set(why, ERR_INPUT, "not well-formed XML (line %d, code %d)",
                    error ? error->line : 0, error ? error->code : 0);
}

enum err xml_parse(const void *bytes, size_t length, size_t maximum, struct xml_document **out,
                   struct fail *why)
{
    *out = NULL;
    if (length > maximum || length > INT_MAX)
        return fail_set(why, ERR_FULL, "XML of %zu bytes, at most %zu", length, maximum);
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (!parser)
        return fail_set(why, ERR_RETRY, "no memory");
    xmlDoc *document = xmlCtxtReadMemory(parser, bytes, (int)length, NULL, NULL,
                                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                             XML_PARSE_NOCDATA);
    enum err err = ERR_OK;
    if (!document)
        err = refuse(parser, why);
    else if (xmlGetIntSubset(document) || !xmlDocGetRootElement(document))
        err = fail_set(why, ERR_INPUT, "XML with a document type is refused");
    xmlFreeParserCtxt(parser);
    if (err)
        xmlFreeDoc(document);
    else
        *out = (struct xml_document *)document;
    return err;
}

void xml_free(struct xml_document *document)
{
    xmlFreeDoc(as_document(document));
}

const struct xml_element *xml_root(const struct xml_document *document)
{
    return as_element(xmlDocGetRootElement(as_document(document)));
}

const struct xml_element *xml_child(const struct xml_element *element)
{
    return as_element(as_node(element)->children);
}

const struct xml_element *xml_next(const struct xml_element *element)
{
    return as_element(as_node(element)->next);
}

const struct xml_element *xml_find(const struct xml_element *element, const char *name)
{
    const struct xml_element *child = xml_child(element);
    while (child && !text_equal(xml_name(child), name))
        child = xml_next(child);
    return child;
}

const char *xml_name(const struct xml_element *element)
{
    return (const char *)as_node(element)->name;
}

const char *xml_namespace(const struct xml_element *element)
{
    const xmlNode *node = as_node(element);
    return node->ns && node->ns->href ? (const char *)node->ns->href : "";
}

static enum err copy_out(xmlChar *content, char *out, size_t room, struct fail *why)
{
    if (!content)
        return fail_set(why, ERR_NOT_FOUND, "not there");
    bool fits = text_copy(out, room, (const char *)content);
    xmlFree(content);
    return fits ? ERR_OK : fail_set(why, ERR_FULL, "longer than %zu bytes", room - 1);
}

enum err xml_text(const struct xml_element *element, char *out, size_t room, struct fail *why)
{
    return copy_out(element ? xmlNodeGetContent(as_node(element)) : NULL, out, room, why);
}

enum err xml_attribute(const struct xml_element *element, const char *name, char *out, size_t room,
                       struct fail *why)
{
    xmlChar *value = element ? xmlGetNoNsProp(as_node(element), (const xmlChar *)name) : NULL;
    return copy_out(value, out, room, why);
}
