// SPDX-License-Identifier: GPL-3.0-or-later
// What is looked at once all of a form is known.
#include "form_internal.h"

/// A text that one language has and another lacks.
void loader_check_texts(struct form_loader *loader)
{
    const xmlNode *itext = dom_child(loader->model, XFORMS_URI, "itext");
    const struct form_language *first = loader->form->languages;
    if (itext == NULL || first == NULL)
        return;
    for (xmlNode *translation = dom_first_element(itext); translation != NULL;
         translation = dom_next_element(translation)) {
        for (xmlNode *text = dom_first_element(translation); text != NULL;
             text = dom_next_element(text)) {
            const char *id = dom_attribute(loader->form->arena, text, NULL, "id");
            for (const struct form_language *language = first; id != NULL && language != NULL;
                 language = language->next) {
                if (itext_find(language, id) == NULL) {
                    loader_find(loader, FORM_WARNING, text, "Add the text to that translation.",
                                "the translation \"%.60s\" has no text \"%.120s\"", language->name,
                                id);
                }
            }
        }
    }
}

#define CALL "jr:itext("

/// Notes the ids that the attributes of the tree name. False where one is worked out while the form
/// is filled in: then any text may be meant.
static bool note_named(const struct form *form, const xmlNode *element, xmlHashTable *named)
{
    for (const xmlAttr *attribute = element->properties; attribute != NULL;
         attribute = attribute->next) {
        const char *at = strstr(dom_text(form->arena, (const xmlNode *)attribute), CALL);
        for (; at != NULL; at = strstr(at, CALL)) {
            at += strlen(CALL);
            const char *end = *at == '\'' || *at == '"' ? strchr(at + 1, *at) : NULL;
            if (end == NULL)
                return false;
            const char *id = arena_strndup(form->arena, at + 1, (size_t)(end - at) - 1);
            (void)xmlHashAddEntry(named, (const xmlChar *)id, named);
        }
    }
    for (const xmlNode *child = dom_first_element(element); child != NULL;
         child = dom_next_element(child))
        if (!note_named(form, child, named))
            return false;
    return true;
}

/// A text that nothing names.
void loader_check_unused(struct form_loader *loader)
{
    const struct form *form = loader->form;
    const xmlNode *itext = dom_child(loader->model, XFORMS_URI, "itext");
    const xmlNode *first = itext != NULL ? dom_first_element(itext) : NULL;
    xmlHashTable *named = xmlHashCreate(512);
    bool all_known = note_named(form, xmlDocGetRootElement(form->doc), named);
    for (const xmlNode *text = first != NULL ? dom_first_element(first) : NULL;
         text != NULL && all_known; text = dom_next_element(text)) {
        const char *id = dom_attribute(form->arena, text, NULL, "id");
        if (id != NULL && xmlHashLookup(named, (const xmlChar *)id) == NULL)
            loader_find(loader, FORM_NOTE, text, "Take it out, or name it where it belongs.",
                        "nothing says the text \"%.120s\"", id);
    }
    xmlHashFree(named, NULL);
}

static void check_media_value(struct form_loader *loader, const xmlNode *value, const char *uri)
{
    const struct form_source *source = loader->source;
    if (source->resource == NULL || strncmp(uri, "jr://", 5) != 0)
        return;
    struct strbuf content;
    strbuf_init(&content, LIMIT_PART_BYTES);
    if (source->resource(source->context, uri, &content, NULL) == ERR_NOT_FOUND) {
        loader_find(loader, FORM_WARNING, value,
                    "Put the file beside the form, or remove the reference.",
                    "the file %.200s is missing", uri);
    }
    strbuf_free(&content);
}

void loader_check_media(struct form_loader *loader)
{
    const xmlNode *itext = dom_child(loader->model, XFORMS_URI, "itext");
    if (itext == NULL)
        return;
    struct arena *arena = loader->form->arena;
    for (xmlNode *translation = dom_first_element(itext); translation != NULL;
         translation = dom_next_element(translation)) {
        for (xmlNode *text = dom_first_element(translation); text != NULL;
             text = dom_next_element(text)) {
            for (xmlNode *value = dom_first_element(text); value != NULL;
                 value = dom_next_element(value)) {
                const char *form = dom_attribute(arena, value, NULL, "form");
                if (form != NULL && strcmp(form, "image") == 0)
                    check_media_value(loader, value, dom_text(arena, value));
                else if (form != NULL && strcmp(form, "audio") == 0)
                    check_media_value(loader, value, dom_text(arena, value));
            }
        }
    }
}

/// The applicant's name and number are asked by the visit, on its identity screen.
static bool visit_asks(const struct form_node *node)
{
    return text_starts(node->path, "/data/applicant/");
}

static void check_required(struct form_loader *loader, const struct form_node *node)
{
    const struct form_rule *rule = node->rules[RULE_REQUIRED];
    if (rule == NULL || rule->expression->constant == 0 || node->control != NULL ||
        node->rules[RULE_CALCULATE] != NULL || node->first_element != NULL || visit_asks(node))
        return;
    loader_find(loader, FORM_WARNING, node->model,
                "Give it a question or a calculation, or drop required.",
                "%.200s is required but nothing asks for it", node->path);
}

/// Why a question cannot be asked here; NULL when it can.
static const char *why_not_offered(const struct form_node *node)
{
    const struct form_control *control = node->control;
    if (control->kind == CONTROL_OTHER)
        return control->element;
    if (node->bind.type == TYPE_GEO)
        return "a place on a map";
    if (strstr(control->appearance, "ex:") != NULL ||
        strstr(control->appearance, "intent:") != NULL)
        return "another app";
    if (control->kind == CONTROL_UPLOAD &&
        (text_starts(control->media_type, "audio") || text_starts(control->media_type, "video")))
        return "recording sound or video";
    return control->is_query ? "a query" : NULL;
}

void loader_check_controls(struct form_loader *loader)
{
    struct form *form = loader->form;
    for (size_t i = 0; i < form->node_count; i++) {
        const struct form_node *node = form->nodes[i];
        check_required(loader, node);
        const char *reason = node->control != NULL ? why_not_offered(node) : NULL;
        if (reason == NULL)
            continue;
        node->control->is_unsupported = true;
        loader_find(loader, FORM_NOTE, node->model,
                    "Ask in another way on kiosks; the question shows that it is not offered.",
                    "%.200s: %.60s is not offered here", node->path, reason);
    }
}
