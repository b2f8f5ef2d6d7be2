// SPDX-License-Identifier: GPL-3.0-or-later
// The record as XML: as it is sent, and as it is kept to go on from.
#include "record_internal.h"

#include <stdlib.h>

struct writer {
    struct strbuf *out;
    bool all;         ///< also what is not relevant, and stored choices that are not on offer
    const char *note; ///< elements for the end of meta, "" none
};

static void write_escaped(struct strbuf *out, const char *text, bool attribute)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&': strbuf_adds(out, "&amp;"); break;
        case '<': strbuf_adds(out, "&lt;"); break;
        case '>': strbuf_adds(out, "&gt;"); break;
        case '\r': strbuf_adds(out, "&#13;"); break;
        case '"':
            if (attribute)
                strbuf_adds(out, "&quot;");
            else
                strbuf_addc(out, '"');
            break;
        case '\n':
        case '\t':
            if (attribute)
                strbuf_adds(out, *text == '\n' ? "&#10;" : "&#9;");
            else
                strbuf_addc(out, *text);
            break;
        default: strbuf_addc(out, *text); break;
        }
    }
}

static void write_attribute(struct strbuf *out, const char *prefix, const char *name,
                            const char *value)
{
    strbuf_addc(out, ' ');
    if (prefix != NULL)
        strbuf_addf(out, "%s:", prefix);
    strbuf_adds(out, name);
    strbuf_adds(out, "=\"");
    write_escaped(out, value, true);
    strbuf_addc(out, '"');
}

static void write_namespace(struct strbuf *out, const xmlNs *ns)
{
    const char *uri = ns->href != NULL ? (const char *)ns->href : "";
    if (ns->prefix == NULL)
        write_attribute(out, NULL, "xmlns", uri);
    else
        write_attribute(out, "xmlns", (const char *)ns->prefix, uri);
}

enum { PREFIXES = 32 };
struct prefixes {
    const xmlNs *known[PREFIXES];
    size_t count;
};

static void add_prefix(struct prefixes *prefixes, const xmlNs *ns)
{
    if (ns == NULL || ns->prefix == NULL || strcmp((const char *)ns->prefix, "xml") == 0)
        return;
    for (size_t i = 0; i < prefixes->count; i++) {
        if (strcmp((const char *)prefixes->known[i]->prefix, (const char *)ns->prefix) == 0)
            return;
    }
    if (prefixes->count < PREFIXES)
        prefixes->known[prefixes->count++] = ns;
}

/// Prefixes that the record uses but the form declares outside of the instance.
static void collect_prefixes(const xmlNode *node, struct prefixes *prefixes)
{
    const xmlNode *model = state_of(node)->def->model;
    for (const xmlNs *ns = model->nsDef; ns != NULL; ns = ns->next)
        add_prefix(prefixes, ns);
    add_prefix(prefixes, node->ns);
    for (const xmlAttr *at = node->properties; at != NULL; at = at->next)
        add_prefix(prefixes, at->ns);
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            collect_prefixes(child, prefixes);
    }
}

static void write_name(struct strbuf *out, const xmlNode *node)
{
    if (node->ns != NULL && node->ns->prefix != NULL)
        strbuf_addf(out, "%s:", (const char *)node->ns->prefix);
    strbuf_adds(out, (const char *)node->name);
}

static void write_declarations(const struct writer *writer, const xmlNode *node)
{
    const xmlNode *model = state_of(node)->def->model;
    for (const xmlNs *ns = model->nsDef; ns != NULL; ns = ns->next) {
        if (ns->prefix == NULL)
            write_namespace(writer->out, ns);
    }
    if (node->parent == NULL || node->parent->type != XML_DOCUMENT_NODE)
        return;
    struct prefixes prefixes = {.count = 0};
    collect_prefixes(node, &prefixes);
    for (size_t i = 0; i < prefixes.count; i++)
        write_namespace(writer->out, prefixes.known[i]);
}

static bool is_written(const struct writer *writer, const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE && (writer->all || state_of(node)->relevant);
}

// The meta of the whole record, not one that a form's author called so somewhere.
static bool is_meta(const xmlNode *node)
{
    return node->parent != NULL && node->parent->parent != NULL &&
           node->parent->parent->type == XML_DOCUMENT_NODE && node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, "meta") == 0;
}

static void write_element(const struct writer *writer, const xmlNode *node)
{
    struct strbuf *out = writer->out;
    strbuf_addc(out, '<');
    write_name(out, node);
    write_declarations(writer, node);
    for (const xmlAttr *at = node->properties; at != NULL; at = at->next)
        write_attribute(out, at->ns != NULL ? (const char *)at->ns->prefix : NULL,
                        (const char *)at->name, tree_value((const xmlNode *)at));
    const struct node_state *state = state_of(node);
    bool leaf = tree_is_leaf(node);
    const char *value = writer->all && state->stored != NULL ? state->stored : tree_value(node);
    size_t before = out->length;
    strbuf_addc(out, '>');
    if (leaf)
        write_escaped(out, value, false);
    for (const xmlNode *child = node->children; !leaf && child != NULL; child = child->next) {
        if (is_written(writer, child))
            write_element(writer, child);
    }
    if (is_meta(node))
        strbuf_adds(out, writer->note);
    if (out->length == before + 1 && !out->failed) {
        out->length = before;
        out->data[before] = '\0';
        strbuf_adds(out, "/>");
        return;
    }
    strbuf_adds(out, "</");
    write_name(out, node);
    strbuf_addc(out, '>');
}

static void note_not_asked(void *context, const char *ref)
{
    struct strbuf *note = context;
    strbuf_adds(note, "<not-asked xmlns=\"urn:yimen:record:1\">");
    write_escaped(note, ref, false);
    strbuf_adds(note, "</not-asked>");
}

enum err record_submission(struct record *record, bool even_if_invalid, struct strbuf *out,
                           struct fail *why)
{
    eval_begin(record);
    moment_finish(record);
    screens_forget(record);
    const char *wrong = even_if_invalid ? NULL : record_first_violation(record, NULL);
    if (wrong != NULL)
        return fail_set(why, ERR_INPUT, "%s is not answered as the form asks", wrong);
    struct strbuf note;
    strbuf_init(&note, LIMIT_SUBMISSION_XML);
    (void)record_not_asked(record, note_not_asked, &note);
    struct writer writer = {out, false, strbuf_text(&note)};
    write_element(&writer, record->root);
    enum err err = strbuf_result(&note, why);
    strbuf_free(&note);
    return err ? err : strbuf_result(out, why);
}

enum err record_draft(struct record *record, struct strbuf *out, struct fail *why)
{
    struct writer writer = {out, true, ""};
    write_element(&writer, record->root);
    return strbuf_result(out, why);
}
