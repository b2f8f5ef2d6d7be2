// SPDX-License-Identifier: GPL-3.0-or-later
// Values and their conversions: string values of nodes, dates as days.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

void xpath_value_clear(struct xpath_value *value)
{
    xpath_string_free(value->string);
    free(value->nodes);
    for (size_t i = 0; i < value->made_count; i++)
        free(value->made[i]);
    free(value->made);
    *value = (struct xpath_value){0};
}

void xpath_set_string(struct xpath_value *out, char *taken)
{
    *out = (struct xpath_value){.kind = XPATH_STRING, .string = taken};
}

enum err xpath_set_buffer(struct xpath_evaluation *evaluation, struct xpath_value *out,
                          struct strbuf *buffer)
{
    if (buffer->failed) {
        strbuf_free(buffer);
        return fail_set(evaluation->why, ERR_FULL, "a text has more than %d bytes",
                        XPATH_MAXIMUM_STRING);
    }
    strbuf_adds(buffer, "");
    char *text = strbuf_take(buffer);
    xpath_set_string(out, text != NULL ? text : text_duplicate(""));
    return ERR_OK;
}

void xpath_set_number(struct xpath_value *out, double number)
{
    *out = (struct xpath_value){.kind = XPATH_NUMBER, .number = number};
}

void xpath_set_boolean(struct xpath_value *out, bool boolean)
{
    *out = (struct xpath_value){.kind = XPATH_BOOLEAN, .boolean = boolean};
}

void xpath_set_list(struct xpath_value *out, struct xpath_list *list)
{
    *out =
        (struct xpath_value){.kind = XPATH_NODES, .nodes = list->nodes, .node_count = list->count};
    *list = (struct xpath_list){0};
}

void xpath_set_node(struct xpath_value *out, xmlNode *node)
{
    struct xpath_list list = {0};
    if (node != NULL)
        xpath_list_add(&list, node);
    xpath_set_list(out, &list);
}

void xpath_value_copy(const struct xpath_value *from, struct xpath_value *out)
{
    *out = *from;
    out->made = NULL;
    out->made_count = 0;
    if (from->string != NULL)
        out->string = text_duplicate(from->string);
    if (from->nodes != NULL) {
        out->nodes = xpath_grow(NULL, from->node_count, sizeof *out->nodes);
        memcpy(out->nodes, from->nodes, from->node_count * sizeof *out->nodes);
    }
}

// ------------------------------------------------------------------ nodes

static bool is_hidden(const struct xpath_host *host, const xmlNode *node)
{
    bool asks = host != NULL && host->is_relevant != NULL;
    return asks && (node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE) &&
           !host->is_relevant(host->self, node);
}

static bool is_character_data(const xmlNode *node)
{
    return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
}

static void subtree_text(const struct xpath_host *host, const xmlNode *root, struct strbuf *out,
                         size_t *visits)
{
    const xmlNode *node = root->children;
    while (node != NULL) {
        (*visits)++;
        if (is_character_data(node) && node->content != NULL)
            strbuf_adds(out, (const char *)node->content);
        if (node->type == XML_ELEMENT_NODE && node->children != NULL && !is_hidden(host, node)) {
            node = node->children;
            continue;
        }
        while (node != root && node->next == NULL)
            node = node->parent;
        node = node == root ? NULL : node->next;
    }
}

void xpath_node_text(const struct xpath_host *host, const xmlNode *node, struct strbuf *out,
                     size_t *visits)
{
    size_t unused = 0;
    visits = visits != NULL ? visits : &unused;
    if (node->type == XML_NAMESPACE_DECL) {
        const xmlChar *href = ((const xmlNs *)node)->href;
        strbuf_adds(out, href != NULL ? (const char *)href : "");
        return;
    }
    bool parent = node->type == XML_ELEMENT_NODE || node->type == XML_DOCUMENT_NODE ||
                  node->type == XML_ATTRIBUTE_NODE;
    if (parent && !is_hidden(host, node))
        subtree_text(host, node, out, visits);
    else if (!parent && node->type != XML_DTD_NODE && node->content != NULL)
        strbuf_adds(out, (const char *)node->content);
}

/// The text of a node that has at most one text child, as almost every answer; NULL: it must be put
/// together.
static const char *plain_text(const struct xpath_host *host, const xmlNode *node)
{
    if (node->type != XML_ELEMENT_NODE && node->type != XML_ATTRIBUTE_NODE)
        return is_character_data(node) && node->content != NULL ? (const char *)node->content
                                                                : NULL;
    const xmlNode *child = node->children;
    if (child == NULL || is_hidden(host, node))
        return "";
    bool alone = is_character_data(child) && child->next == NULL && child->content != NULL;
    return alone ? (const char *)child->content : NULL;
}

char *xpath_node_string(const struct xpath_host *host, const xmlNode *node, const char **borrowed,
                        size_t *visits)
{
    const char *plain = plain_text(host, node);
    if (plain != NULL && borrowed != NULL) {
        *borrowed = plain;
        return NULL;
    }
    if (plain != NULL)
        return text_duplicate(plain);
    struct strbuf text;
    strbuf_init(&text, XPATH_MAXIMUM_STRING);
    xpath_node_text(host, node, &text, visits);
    strbuf_adds(&text, "");
    char *taken = strbuf_take(&text);
    if (taken == NULL) {
        strbuf_free(&text); // longer than any answer or group may be: it reads as nothing
        taken = text_duplicate("");
    }
    if (borrowed != NULL)
        *borrowed = taken;
    return taken;
}

double xpath_node_number(const struct xpath_host *host, const xmlNode *node, size_t *visits)
{
    const char *text;
    char *owned = xpath_node_string(host, node, &text, visits);
    double number = xpath_text_to_number(host, text);
    xpath_string_free(owned);
    return number;
}

// ------------------------------------------------------------------ conversions

double xpath_text_to_number(const struct xpath_host *host, const char *text)
{
    double number = xpath_parse_number(text, strlen(text));
    if (isnan(number) && xpath_date_parse(host, text, false, &number))
        return number;
    return number;
}

char *xpath_to_string(const struct xpath_host *host, const struct xpath_value *value)
{
    char number[400];
    switch (value->kind) {
    case XPATH_BOOLEAN: return text_duplicate(value->boolean ? "true" : "false");
    case XPATH_NUMBER:
        (void)xpath_format_number(value->number, number);
        return text_duplicate(number);
    case XPATH_NODES:
        return value->node_count > 0 ? xpath_node_string(host, value->nodes[0], NULL, NULL)
                                     : text_duplicate("");
    case XPATH_STRING:
    case XPATH_DATE: break;
    }
    return text_duplicate(value->string != NULL ? value->string : "");
}

double xpath_to_number(const struct xpath_host *host, const struct xpath_value *value)
{
    switch (value->kind) {
    case XPATH_BOOLEAN: return value->boolean ? 1 : 0;
    case XPATH_NUMBER: return value->number;
    case XPATH_NODES:
        return value->node_count > 0 ? xpath_node_number(host, value->nodes[0], NULL) : NAN;
    case XPATH_DATE: return value->days;
    case XPATH_STRING: break;
    }
    return xpath_text_to_number(host, value->string != NULL ? value->string : "");
}

bool xpath_to_boolean(const struct xpath_host *host, const struct xpath_value *value)
{
    (void)host;
    switch (value->kind) {
    case XPATH_BOOLEAN: return value->boolean;
    case XPATH_NUMBER: return value->number != 0 && !isnan(value->number);
    case XPATH_NODES: return value->node_count > 0;
    case XPATH_DATE: return !isnan(value->days);
    case XPATH_STRING: break;
    }
    return value->string != NULL && value->string[0] != '\0';
}
