// SPDX-License-Identifier: GPL-3.0-or-later
// One expression against one document, with a host that finds instances, repeats and itext in the
// document itself.
#include "xpath_internal.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/xpath/job.h"
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

static const char xforms_uri[] = "http://www.w3.org/2002/xforms";

struct document {
    xmlDoc *tree;
    const char *language;
    xmlNode **repeats; ///< <repeat> elements
    size_t repeat_count;
};

// ------------------------------------------------------------------ paths of nodes

static bool has_name(const xmlAttr *attribute, const char *written)
{
    const char *colon = strchr(written, ':');
    const xmlChar *prefix = attribute->ns != NULL ? attribute->ns->prefix : NULL;
    if (!text_equal((const char *)attribute->name, colon != NULL ? colon + 1 : written))
        return false;
    if (colon == NULL || prefix == NULL)
        return colon == NULL && prefix == NULL;
    size_t length = (size_t)(colon - written);
    return strlen((const char *)prefix) == length &&
           strncmp((const char *)prefix, written, length) == 0;
}

/// Follows "/node()[1]/node()[2]/@name"; NULL when it leads nowhere.
static xmlNode *node_at(xmlDoc *tree, const char *path)
{
    xmlNode *node = (xmlNode *)tree;
    static const char step[] = "/node()[";
    while (path != NULL && path[0] != '\0' && !text_equal(path, "/")) {
        if (text_starts(path, "/@")) {
            xmlAttr *attribute = node->type == XML_ELEMENT_NODE ? node->properties : NULL;
            while (attribute != NULL && !has_name(attribute, path + 2))
                attribute = attribute->next;
            return (xmlNode *)attribute;
        }
        if (!text_starts(path, step) ||
            (node->type != XML_ELEMENT_NODE && node->type != XML_DOCUMENT_NODE))
            return NULL;
        char *end = NULL;
        long number = strtol(path + strlen(step), &end, 10);
        node = node->children;
        for (; node != NULL && number > 1; number--)
            node = node->next;
        if (node == NULL || number != 1 || *end != ']')
            return NULL;
        path = end + 1;
    }
    return node;
}

static size_t place_of(const xmlNode *node)
{
    size_t place = 1;
    for (const xmlNode *prev = node->prev; prev != NULL; prev = prev->prev)
        place++;
    return place;
}

static void write_path(const xmlNode *node, struct strbuf *out)
{
    const xmlNode *parents[LIMIT_FORM_DEPTH * 2];
    size_t depth = 0;
    const xmlNode *at = node->type == XML_ATTRIBUTE_NODE || node->type == XML_NAMESPACE_DECL
                            ? xpath_parent(node)
                            : node;
    for (; at != NULL && at->type != XML_DOCUMENT_NODE && depth < LIMIT_FORM_DEPTH * 2;
         at = at->parent)
        parents[depth++] = at;
    if (depth == 0)
        strbuf_adds(out, "/");
    while (depth > 0)
        strbuf_addf(out, "/node()[%zu]", place_of(parents[--depth]));
    if (node->type == XML_NAMESPACE_DECL) {
        const xmlChar *prefix = ((const xmlNs *)node)->prefix;
        strbuf_addf(out, prefix != NULL ? "/@xmlns:%s" : "/@xmlns", (const char *)prefix);
    } else if (node->type == XML_ATTRIBUTE_NODE) {
        bool prefixed = node->ns != NULL && node->ns->prefix != NULL;
        strbuf_addf(out, "/@%s%s%s", prefixed ? (const char *)node->ns->prefix : "",
                    prefixed ? ":" : "", (const char *)node->name);
    }
}

// ------------------------------------------------------------------ the host

static bool is_named(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && text_equal((const char *)node->name, name) &&
           (node->ns == NULL || text_equal((const char *)node->ns->href, xforms_uri));
}

static bool attribute_is(const xmlNode *node, const char *name, const char *wanted)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    bool equal = value != NULL && text_equal((const char *)value, wanted);
    xmlFree(value);
    return equal;
}

static xmlNode *next_node(xmlNode *node)
{
    if (node->children != NULL && node->type != XML_DTD_NODE && node->type != XML_ENTITY_REF_NODE)
        return node->children;
    while (node != NULL && node->next == NULL)
        node = node->type == XML_DOCUMENT_NODE ? NULL : node->parent;
    return node != NULL ? node->next : NULL;
}

static xmlNode *first_element(const xmlNode *parent)
{
    xmlNode *child = parent->children;
    while (child != NULL && child->type != XML_ELEMENT_NODE)
        child = child->next;
    return child;
}

static xmlNode *find_instance(void *self, const char *id)
{
    const struct document *document = self;
    for (xmlNode *node = document->tree->children; node != NULL; node = next_node(node))
        if (is_named(node, "instance") && attribute_is(node, "id", id))
            return first_element(node);
    return NULL;
}

/// True when the node's names from the instance down are those of a repeat's nodeset.
static bool matches_nodeset(const xmlNode *node, const char *nodeset)
{
    size_t end = strlen(nodeset);
    for (; node != NULL && node->type == XML_ELEMENT_NODE && end > 0; node = node->parent) {
        size_t start = end;
        while (start > 0 && nodeset[start - 1] != '/')
            start--;
        const char *name = (const char *)node->name;
        if (start == 0 || strlen(name) != end - start ||
            strncmp(nodeset + start, name, end - start) != 0)
            return false;
        end = start - 1;
    }
    return end == 0;
}

static bool is_repeat(void *self, const xmlNode *node)
{
    const struct document *document = self;
    for (size_t i = 0; i < document->repeat_count; i++) {
        xmlChar *nodeset = xmlGetNoNsProp(document->repeats[i], (const xmlChar *)"nodeset");
        bool matches = nodeset != NULL && matches_nodeset(node, (const char *)nodeset);
        xmlFree(nodeset);
        if (matches)
            return true;
    }
    return false;
}

static void find_repeats(struct document *document)
{
    for (xmlNode *node = document->tree->children; node != NULL; node = next_node(node))
        if (is_named(node, "repeat")) {
            document->repeats = xpath_grow(document->repeats, document->repeat_count + 1,
                                           sizeof *document->repeats);
            document->repeats[document->repeat_count++] = node;
        }
}

/// The translation in the active language; without one, the default, else the first.
static xmlNode *find_translation(const struct document *document)
{
    xmlNode *first = NULL, *flagged = NULL;
    for (xmlNode *node = document->tree->children; node != NULL; node = next_node(node)) {
        if (!is_named(node, "translation"))
            continue;
        if (document->language != NULL && attribute_is(node, "lang", document->language))
            return node;
        first = first != NULL ? first : node;
        bool is_default =
            attribute_is(node, "default", "") || attribute_is(node, "default", "true()");
        flagged = flagged == NULL && is_default ? node : flagged;
    }
    return flagged != NULL ? flagged : first;
}

static xmlNode *find_itext(void *self, const char *id)
{
    const xmlNode *translation = find_translation(self);
    for (xmlNode *text = translation != NULL ? translation->children : NULL; text != NULL;
         text = text->next) {
        if (!is_named(text, "text") || !attribute_is(text, "id", id))
            continue;
        for (xmlNode *value = text->children; value != NULL; value = value->next)
            if (is_named(value, "value") && !xmlHasProp(value, (const xmlChar *)"form"))
                return value;
    }
    return NULL;
}

// ------------------------------------------------------------------ the job

static enum err write_answer(const struct xpath_job *job, const struct xpath_host *host,
                             const struct xpath_value *value, struct strbuf *out, struct fail *why)
{
    char number[400];
    switch (job->want) {
    case XPATH_ANSWER_BOOLEAN:
        strbuf_adds(out, xpath_to_boolean(host, value) ? "true" : "false");
        break;
    case XPATH_ANSWER_NUMBER:
        (void)xpath_format_number(xpath_to_number(host, value), number);
        strbuf_adds(out, number);
        break;
    case XPATH_ANSWER_STRING: {
        char *text = xpath_to_string(host, value);
        strbuf_adds(out, text);
        xpath_string_free(text);
        break;
    }
    case XPATH_ANSWER_NODES:
        if (value->kind != XPATH_NODES)
            return fail_set(why, ERR_INPUT, "the answer is not a node-set");
        for (size_t i = 0; i < value->node_count; i++) {
            strbuf_adds(out, i > 0 ? "\n" : "");
            write_path(value->nodes[i], out);
        }
        break;
    }
    return strbuf_result(out, why);
}

static enum err evaluate(const struct xpath_job *job, struct document *document, struct strbuf *out,
                         struct fail *why)
{
    xmlNode *root = node_at(document->tree, job->root),
            *context = node_at(document->tree, job->context);
    if (root == NULL || context == NULL)
        return fail_set(why, ERR_INPUT, "the root or the context is not in the document");
    const struct xpath_host host = {
        .self = document,
        .root = root,
        .xforms = job->xforms,
        .instance = find_instance,
        .is_repeat = is_repeat,
        .itext_node = find_itext,
        .namespaces = job->namespaces,
        .crypto = job->crypto,
        .now_utc_ms = job->now_utc_ms,
        .time_zone = job->time_zone,
        .language = job->language,
    };
    struct xpath_expression *expression = NULL;
    enum err err = xpath_compile_lenient(job->expression, job->namespaces, &expression, why);
    if (err != ERR_OK)
        return err;
    struct xpath_value value = {0};
    err = xpath_evaluate(expression, &host, context, context, &value, why);
    if (err == ERR_OK)
        err = write_answer(job, &host, &value, out, why);
    xpath_value_clear(&value);
    xpath_free(expression);
    return err;
}

static void be_quiet(void *context, const char *format, ...) PRINTF_LIKE(2, 3);
static void be_quiet(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

static xmlDoc *parse(const char *xml, struct fail *why)
{
    xml += strspn(xml, " \t\r\n"); // before an XML declaration nothing may stand
    size_t length = strlen(xml);
    xmlParserCtxt *parser = length <= LIMIT_FORM_BYTES ? xmlNewParserCtxt() : NULL;
    if (parser == NULL) {
        (void)fail_set(why, ERR_FULL, "the document is longer than %d bytes", LIMIT_FORM_BYTES);
        return NULL;
    }
    parser->sax->error = be_quiet;
    xmlDoc *tree = xmlCtxtReadMemory(parser, xml, (int)length, NULL, "UTF-8",
                                     XML_PARSE_NONET | XML_PARSE_NOWARNING);
    if (tree == NULL)
        (void)fail_set(why, ERR_INPUT, "the document is not well-formed XML (line %d)",
                       parser->lastError.line);
    xmlFreeParserCtxt(parser);
    return tree;
}

enum err xpath_job_run(const struct xpath_job *job, struct strbuf *out, struct fail *why)
{
    struct fail own = {ERR_OK, ""};
    why = why != NULL ? why : &own;
    struct document document = {.tree = parse(job->xml, why), .language = job->language};
    if (document.tree == NULL)
        return why->err;
    find_repeats(&document);
    enum err err = evaluate(job, &document, out, why);
    free(document.repeats);
    xmlFreeDoc(document.tree);
    return err;
}
