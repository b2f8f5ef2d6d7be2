// SPDX-License-Identifier: GPL-3.0-or-later
// Secondary instances: written in the form, or external lists (XML, CSV, GeoJSON).
#include "form_internal.h"

#include <libxml/dict.h>

static xmlDoc *new_doc(const struct form *form)
{
    xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
    if (form->doc->dict != NULL && doc != NULL) {
        doc->dict = form->doc->dict;
        xmlDictReference(doc->dict);
    }
    return doc;
}

static struct form_instance *add_instance(struct form *form, const char *id, xmlDoc *doc)
{
    struct form_instance *instance = ARENA_NEW(form->arena, struct form_instance);
    instance->id = id;
    instance->doc = doc;
    struct form_instance **last = &form->instances;
    while (*last != NULL)
        last = &(*last)->next;
    *last = instance;
    return instance;
}

static bool is_named_missing(const struct form_source *source, const char *uri)
{
    for (size_t i = 0; source->missing != NULL && source->missing[i] != NULL; i++) {
        if (strcmp(source->missing[i], uri) == 0)
            return true;
    }
    return false;
}

static bool looks_like_csv(const char *uri, const struct strbuf *text)
{
    if (text_starts(uri, "jr://file-csv/") || text_ends(uri, ".csv"))
        return strbuf_text(text)[strspn(strbuf_text(text), " \t\r\n")] != '<';
    return false;
}

/// Trees built in a document of their own keep their names: only their own dictionary owns them.
static enum err parse_external(const char *uri, const struct strbuf *text, struct form *form,
                               xmlDoc **out, struct fail *why)
{
    *out = NULL;
    if (looks_like_csv(uri, text) || text_ends(uri, ".geojson")) {
        xmlDoc *doc = new_doc(form);
        enum err err = text_ends(uri, ".geojson")
                           ? geojson_parse(strbuf_text(text), text->length, doc, why)
                           : csv_parse(strbuf_text(text), text->length, doc, why);
        if (err == ERR_OK)
            *out = doc;
        else
            xmlFreeDoc(doc);
        return err;
    }
    return dom_parse(strbuf_text(text), text->length, uri, false, out, why);
}

static void load_external(struct form_loader *loader, const xmlNode *element, const char *id,
                          const char *uri)
{
    struct form *form = loader->form;
    const struct form_source *source = loader->source;
    if (strcmp(uri, "jr://instance/last-saved") == 0) {
        loader_find(loader, FORM_NOTE, element, "Do not count on the record before this one.",
                    "last-saved is always empty here: a kiosk keeps no answers");
        (void)add_instance(form, id, new_doc(form));
        return;
    }
    if (is_named_missing(source, uri)) {
        (void)add_instance(form, id, new_doc(form));
        return;
    }
    struct strbuf text;
    strbuf_init(&text, LIMIT_CSV_BYTES);
    struct fail why = {0};
    enum err err = source->resource != NULL ? source->resource(source->context, uri, &text, &why)
                                            : ERR_NOT_FOUND;
    xmlDoc *doc = NULL;
    if (err == ERR_OK)
        err = strbuf_result(&text, &why);
    if (err == ERR_OK)
        err = parse_external(uri, &text, form, &doc, &why);
    strbuf_free(&text);
    if (err == ERR_OK) {
        add_instance(form, id, doc)->is_external = true;
    } else if (err == ERR_NOT_FOUND) {
        loader_find(loader, FORM_ERROR, element, "Put the file beside the form.",
                    "the external list %.200s is missing", uri);
    } else {
        loader_find(loader, FORM_ERROR, element, "Correct the file.",
                    "the external list %.120s: %.200s", uri, why.text);
    }
}

static bool is_blank(const xmlNode *node)
{
    const char *text = node->type == XML_TEXT_NODE ? (const char *)node->content : "x";
    return text[strspn(text, " \t\r\n")] == '\0';
}

/// White space between elements is no data: without it lists are half as long to walk.
static void drop_blanks(xmlNode *parent)
{
    xmlNode *next = NULL;
    bool has_elements = dom_first_element(parent) != NULL;
    for (xmlNode *child = has_elements ? parent->children : NULL; child != NULL; child = next) {
        next = child->next;
        if (child->type == XML_ELEMENT_NODE) {
            drop_blanks(child);
        } else if (is_blank(child)) {
            xmlUnlinkNode(child);
            xmlFreeNode(child);
        }
    }
}

static void load_internal(struct form_loader *loader, xmlNode *element, const char *id)
{
    xmlDoc *doc = new_doc(loader->form);
    xmlNode *root = dom_first_element(element);
    if (root != NULL) {
        xmlReconciliateNs(loader->form->doc, root);
        xmlUnlinkNode(root);
        xmlDocSetRootElement(doc, root);
        drop_blanks(root);
    }
    (void)add_instance(loader->form, id, doc);
}

void instances_load(struct form_loader *loader)
{
    struct form *form = loader->form;
    bool first = true;
    for (xmlNode *element = dom_first_element(loader->model); element != NULL;
         element = dom_next_element(element)) {
        if (!dom_has_local(element, "instance"))
            continue;
        const char *id = dom_attribute_trimmed(form->arena, element, NULL, "id");
        if (first) {
            form->primary_id = id != NULL ? id : "";
            first = false;
            continue;
        }
        if (id == NULL) {
            loader_find(loader, FORM_ERROR, element, "Give the instance an id.",
                        "a secondary instance has no id");
            continue;
        }
        const char *uri = dom_attribute_trimmed(form->arena, element, NULL, "src");
        if (uri != NULL && uri[0] != '\0' && dom_first_element(element) == NULL)
            load_external(loader, element, id, uri);
        else
            load_internal(loader, element, id);
    }
}
