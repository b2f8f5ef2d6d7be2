// SPDX-License-Identifier: GPL-3.0-or-later
// The record as XML: as it is sent, and as it is kept to go on from.
#include "record_internal.h"
#include "yimen/xml/write.h"

#include <stdio.h>

struct writer {
    struct xml_writer *xml;
    struct arena *names;   ///< as they are written
    bool all;              ///< also what is not relevant, and stored choices that are not on offer
    struct record *record; ///< what it did not ask stands at the end of meta; NULL: nothing does
};

static void write_namespace(const struct writer *writer, const xmlNs *ns)
{
    const char *name = "xmlns", *uri = ns->href != NULL ? (const char *)ns->href : "";
    if (ns->prefix != NULL) {
        size_t size = strlen((const char *)ns->prefix) + sizeof "xmlns:";
        char *written = arena_alloc(writer->names, size);
        (void)snprintf(written, size, "xmlns:%s", (const char *)ns->prefix);
        name = written;
    }
    xml_put_attribute(writer->xml, name, uri);
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

static void write_declarations(const struct writer *writer, const xmlNode *node)
{
    const xmlNode *model = state_of(node)->def->model;
    for (const xmlNs *ns = model->nsDef; ns != NULL; ns = ns->next) {
        if (ns->prefix == NULL)
            write_namespace(writer, ns);
    }
    if (node->parent == NULL || node->parent->type != XML_DOCUMENT_NODE)
        return;
    struct prefixes prefixes = {.count = 0};
    collect_prefixes(node, &prefixes);
    for (size_t i = 0; i < prefixes.count; i++)
        write_namespace(writer, prefixes.known[i]);
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

static void note_not_asked(void *context, const char *ref)
{
    struct xml_writer *xml = context;
    xml_begin(xml, "not-asked");
    xml_put_attribute(xml, "xmlns", "urn:yimen:record:1");
    xml_put_text(xml, ref);
    xml_end(xml);
}

static void write_element(const struct writer *writer, const xmlNode *node)
{
    struct xml_writer *xml = writer->xml;
    xml_begin(xml, dom_name(writer->names, node));
    write_declarations(writer, node);
    for (const xmlAttr *at = node->properties; at != NULL; at = at->next)
        xml_put_attribute(xml, dom_name(writer->names, (const xmlNode *)at),
                          tree_value((const xmlNode *)at));
    const struct node_state *state = state_of(node);
    bool leaf = tree_is_leaf(node);
    const char *value = writer->all && state->stored != NULL ? state->stored : tree_value(node);
    if (leaf && value[0] != '\0')
        xml_put_text(xml, value);
    for (const xmlNode *child = node->children; !leaf && child != NULL; child = child->next) {
        if (is_written(writer, child))
            write_element(writer, child);
    }
    if (writer->record != NULL && is_meta(node))
        (void)record_not_asked(writer->record, note_not_asked, xml);
    xml_end(xml);
}

static enum err write_record(struct record *record, bool all, struct strbuf *out, struct fail *why)
{
    const struct writer writer = {.xml = xml_writer_new(XML_FRAGMENT),
                                  .names = arena_new(0),
                                  .all = all,
                                  .record = all ? NULL : record};
    write_element(&writer, record->root);
    arena_free(writer.names);
    return xml_writer_finish(writer.xml, out, why);
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
    return write_record(record, false, out, why);
}

enum err record_draft(struct record *record, struct strbuf *out, struct fail *why)
{
    return write_record(record, true, out, why);
}
