// SPDX-License-Identifier: GPL-3.0-or-later
// Loading a form: XML to definitions, in the order in which the parts need each other.
#include "form_internal.h"

#include <libxml/parser.h>
#include <stdlib.h>

const char *form_id(const struct form *form)
{
    return form->id;
}

const char *form_version(const struct form *form)
{
    return form->version;
}

const char *form_title(const struct form *form)
{
    return form->title;
}

const char *form_public_key(const struct form *form)
{
    return form->public_key;
}

const char *const *form_languages(const struct form *form)
{
    return form->language_names;
}

size_t form_question_count(const struct form *form)
{
    return form->question_count;
}

void form_free(struct form *form)
{
    if (form == NULL)
        return;
    struct form_expression *expression = form->expressions;
    while (expression != NULL) {
        struct form_expression *next = expression->next_loaded;
        xpath_free(expression->compiled);
        expression = next;
    }
    for (struct form_language *at = form->languages; at != NULL; at = at->next)
        xmlHashFree(at->texts, NULL);
    if (form->paths != NULL)
        xmlHashFree(form->paths, NULL);
    if (form->local_paths != NULL)
        xmlHashFree(form->local_paths, NULL);
    for (struct form_instance *at = form->instances; at != NULL; at = at->next)
        xmlFreeDoc(at->doc);
    if (form->doc != NULL)
        xmlFreeDoc(form->doc);
    arena_free(form->arena);
}

/// Prefixes of all elements on the way from the top to the model and the instance.
static void collect_namespaces(struct form *form)
{
    enum { PREFIXES = 64 };
    const char **pairs = ARENA_ARRAY(form->arena, const char *, PREFIXES * 2 + 1);
    size_t count = 1;
    pairs[0] = ""; // a name without a prefix
    pairs[1] = XFORMS_URI;
    for (const xmlNode *at = form->root; at != NULL && at->type == XML_ELEMENT_NODE;
         at = at->parent) {
        for (const xmlNs *ns = at->nsDef; ns != NULL && count < PREFIXES; ns = ns->next) {
            if (ns->prefix == NULL || ns->href == NULL)
                continue;
            pairs[count * 2] = (const char *)ns->prefix;
            pairs[count * 2 + 1] = (const char *)ns->href;
            count++;
        }
    }
    form->namespaces = pairs;
}

static xmlNode *find_model(xmlNode *head)
{
    return dom_child(head, NULL, "model");
}

static void load_identity(struct form_loader *loader)
{
    struct form *form = loader->form;
    const xmlNode *root = form->root;
    form->id = dom_attribute(form->arena, root, NULL, "id");
    form->version = dom_attribute(form->arena, root, NULL, "version");
    if (form->version == NULL)
        form->version = dom_attribute(form->arena, root, OPENROSA_URI, "version");
    if (form->version == NULL)
        form->version = "";
    if (form->id == NULL && root->nsDef != NULL && root->nsDef->prefix == NULL) {
        form->id = (const char *)root->nsDef->href;
        loader_find(loader, FORM_WARNING, root, "Give the root of the instance an id.",
                    "the form's id is taken from its namespace");
    }
    if (form->id == NULL) {
        loader_find(loader, FORM_ERROR, root, "Give the root of the instance an id.",
                    "the form has no id");
        form->id = "";
    }
    const xmlNode *title = dom_child(loader->head, NULL, "title");
    form->title = title != NULL ? dom_text(form->arena, title) : "";
    form->public_key = "";
    const xmlNode *submission = dom_child(loader->model, NULL, "submission");
    const char *key = submission != NULL ? dom_attribute_trimmed(form->arena, submission, NULL,
                                                                 "base64RsaPublicKey")
                                         : NULL;
    if (key != NULL)
        form->public_key = key;
}

/// Head, model, primary instance and body. False when the form is no form.
static bool find_parts(struct form_loader *loader)
{
    struct form *form = loader->form;
    xmlNode *html = xmlDocGetRootElement(form->doc);
    loader->head = dom_child(html, NULL, "head");
    loader->body = dom_child(html, NULL, "body");
    loader->model = find_model(loader->head);
    xmlNode *instance = dom_child(loader->model, NULL, "instance");
    form->root = dom_first_element(instance);
    if (loader->head == NULL || loader->model == NULL || loader->body == NULL) {
        loader_find(loader, FORM_ERROR, html, "Write h:html with h:head, model and h:body.",
                    "this is not an XForm: %s is missing",
                    loader->head == NULL    ? "h:head"
                    : loader->model == NULL ? "model"
                                            : "h:body");
        return false;
    }
    if (form->root == NULL) {
        loader_find(loader, FORM_ERROR, loader->model, "Put the data in the first <instance>.",
                    "the form has no primary instance");
        return false;
    }
    return true;
}

static void load_parts(struct form_loader *loader)
{
    struct form *form = loader->form;
    load_identity(loader);
    collect_namespaces(form);
    form->uid = expression_compile(loader, "concat('uuid:', uuid())", NULL);
    form->now = expression_compile(loader, "now()", NULL);
    form->today = expression_compile(loader, "today()", NULL);
    instances_load(loader);
    model_build(loader);
    itext_load(loader);
    body_load(loader);
    binds_load(loader);
    events_load(loader);
    xmlHashFree(loader->bind_ids, NULL);
    model_finish(loader);
    graph_build(loader);
    loader_check_texts(loader);
    loader_check_media(loader);
    loader_check_controls(loader);
    if (loader->source->strict) {
        loader_check_unused(loader);
        loader_lint(loader);
    }
}

enum err form_load(const struct form_source *source, form_report *report, void *context,
                   struct form **out, struct fail *why)
{
    *out = NULL;
    xmlInitParser();
    xmlDoc *doc = NULL;
    struct fail parse = {0};
    enum err err = dom_parse(source->text, source->length, source->name, true, &doc, &parse);
    struct arena *arena = arena_new(0);
    struct form *form = ARENA_NEW(arena, struct form);
    form->arena = arena;
    form->doc = doc;
    form->crypto = source->crypto;
    (void)text_copy(form->file, sizeof form->file, source->name);
    struct form_loader loader = {
        .form = form, .source = source, .report = report, .context = context};
    if (err != ERR_OK) {
        loader_find(&loader, FORM_ERROR, NULL, "Correct the XML.", "%s", parse.text);
    } else if (find_parts(&loader)) {
        load_parts(&loader);
    }
    loader_report(&loader);
    if (loader.error_count == 0) {
        *out = form;
        return ERR_OK;
    }
    form_free(form);
    if (err == ERR_OK)
        err = ERR_INPUT;
    return fail_set(why, err, "%s", loader.first.text);
}
