// SPDX-License-Identifier: GPL-3.0-or-later
// A short form out of a whole one: the tree of the first form, of which everything goes that is not
// asked again. What stays is moved, not rewritten, so that sentences and choices are the same.
#include "subset_internal.h"

#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/form/form.h"
#include "yimen/form/uris.h"

#include <stdio.h>
#include <string.h>

/// What the visit itself fills in, as in every form.
static const char *const visit_nodes[] = {
    "language",           "who",       "identity_source", "receipt_number", "counter", "key_id",
    "notice_version",     "papers",    "signature_way",   "witness",        "of",      "of_number",
    "commitment_version", "signature", "characters",      "of_proof"};

void form_subset_ref(size_t index, char out[SUBSET_REF])
{
    snprintf(out, SUBSET_REF, "/data/answer/a%zu", index + 1);
}

static void drop(xmlNode *node)
{
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

static xmlNode *add_element(xmlNode *parent, const char *name)
{
    return xmlNewChild(parent, parent->ns, BAD_CAST name, NULL);
}

// ------------------------------------------------------------------ finding what is wanted

/// "/data/member[2]/relation" without its numbers.
static const char *path_of(struct arena *arena, const char *ref)
{
    char *path = arena_strdup(arena, ref), *to = path;
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '[')
            at += strcspn(at, "]");
        else
            *to++ = *at;
        if (*at == '\0')
            break;
    }
    *to = '\0';
    return path;
}

static const char *bound_path(const struct subset *subset, const xmlNode *element)
{
    const char *path = dom_attribute_trimmed(subset->arena, element, NULL, "ref");
    return path != NULL ? path : dom_attribute_trimmed(subset->arena, element, NULL, "nodeset");
}

static bool is_question(const xmlNode *element)
{
    static const char *const names[] = {"input", "select", "select1", "rank", "range", "trigger"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (dom_has_local(element, names[i]))
            return true;
    return false;
}

/// Depth first; fills control and groups.
static bool find_control(const struct subset *subset, struct subset_question *question,
                         xmlNode *parent, size_t depth)
{
    for (xmlNode *child = dom_first_element(parent); child != NULL;
         child = dom_next_element(child)) {
        bool group = dom_has_local(child, "group") || dom_has_local(child, "repeat");
        const char *path = bound_path(subset, child);
        if (is_question(child) && path != NULL && text_equal(path, question->path)) {
            question->control = child;
            question->group_count = depth;
            return true;
        }
        if (!group || depth == SUBSET_GROUPS)
            continue;
        question->groups[depth] = child;
        if (find_control(subset, question, child, depth + 1))
            return true;
    }
    return false;
}

static xmlNode *bind_of(const struct subset *subset, const char *path)
{
    for (xmlNode *child = dom_first_element(subset->model); child != NULL;
         child = dom_next_element(child)) {
        const char *nodeset = dom_has_local(child, "bind")
                                  ? dom_attribute_trimmed(subset->arena, child, NULL, "nodeset")
                                  : NULL;
        if (nodeset != NULL && text_equal(nodeset, path))
            return child;
    }
    return NULL;
}

static bool is_repeat_around(const struct subset *subset, const struct subset_question *question,
                             const char *path)
{
    for (size_t i = 0; i < question->group_count; i++)
        if (dom_has_local(question->groups[i], "repeat") &&
            text_equal(bound_path(subset, question->groups[i]), path))
            return true;
    return false;
}

/// Each repeat around it has its number, and nothing else has one.
static bool numbers_fit(const struct subset *subset, const struct subset_question *question)
{
    size_t numbers = 0, repeats = 0;
    for (size_t i = 0; i < question->group_count; i++)
        repeats += dom_has_local(question->groups[i], "repeat") &&
                   bound_path(subset, question->groups[i]) != NULL;
    for (const char *at = question->ref; (at = strchr(at, '[')) != NULL; at++) {
        const char *before =
            arena_strndup(subset->arena, question->ref, (size_t)(at - question->ref));
        size_t digits = strspn(at + 1, "0123456789");
        if (at[1] == '0' || digits == 0 || digits > 4 || at[1 + digits] != ']' ||
            !is_repeat_around(subset, question, path_of(subset->arena, before)))
            return false;
        numbers++;
    }
    return numbers == repeats;
}

static bool is_computed(const struct subset *subset, const xmlNode *bind)
{
    if (bind == NULL)
        return false;
    const char *readonly = dom_attribute_trimmed(subset->arena, bind, NULL, "readonly");
    return dom_attribute(subset->arena, bind, NULL, "calculate") != NULL ||
           (readonly != NULL && text_equal(readonly, "true()"));
}

static enum err find_question(struct subset *subset, const struct form_wanted *wanted,
                              struct fail *why)
{
    struct subset_question *question = &subset->questions[subset->count];
    if (strlen(wanted->ref) >= LIMIT_REF || wanted->ref[0] != '/')
        return fail_set(why, ERR_INPUT, "\"%.80s\" is no ref", wanted->ref);
    question->ref = arena_strdup(subset->arena, wanted->ref);
    question->path = path_of(subset->arena, wanted->ref);
    question->reason = wanted->reason;
    form_subset_ref(subset->count, question->answer);
    for (size_t i = 0; i < subset->count; i++)
        if (text_equal(subset->questions[i].ref, question->ref))
            return fail_set(why, ERR_INPUT, "%s is wanted twice", wanted->ref);
    if (!find_control(subset, question, subset->body, 0))
        return fail_set(why, ERR_INPUT, "%s is no question of this form", wanted->ref);
    question->bind = bind_of(subset, question->path);
    if (is_computed(subset, question->bind))
        return fail_set(why, ERR_INPUT, "%s is shown or computed, not asked", wanted->ref);
    if (!numbers_fit(subset, question))
        return fail_set(why, ERR_INPUT, "%s: each repeat, and nothing else, needs its number",
                        wanted->ref);
    subset->count++;
    return ERR_OK;
}

static enum err find_parts(struct subset *subset, struct fail *why)
{
    subset->html = xmlDocGetRootElement(subset->doc);
    subset->head = dom_child(subset->html, NULL, "head");
    subset->body = dom_child(subset->html, NULL, "body");
    subset->model = dom_child(subset->head, NULL, "model");
    const xmlNode *instance = dom_child(subset->model, NULL, "instance");
    subset->data = instance != NULL ? dom_first_element(instance) : NULL;
    if (subset->body == NULL || subset->data == NULL)
        return fail_set(why, ERR_INPUT, "this is not an XForm");
    if (!dom_has_local(subset->data, "data"))
        return fail_set(why, ERR_UNSUPPORTED, "the form's data must be called data");
    return ERR_OK;
}

// ------------------------------------------------------------------ the short form's model

static xmlNode *add_bind(const struct subset *subset, const char *nodeset, const char *type)
{
    xmlNode *bind = add_element(subset->model, "bind");
    xmlSetProp(bind, BAD_CAST "nodeset", BAD_CAST nodeset);
    xmlSetProp(bind, BAD_CAST "type", BAD_CAST type);
    return bind;
}

/// The namespace under its usual prefix, declared where it is not.
static xmlNs *namespace_of(const struct subset *subset, const char *uri, const char *prefix)
{
    xmlNs *found = xmlSearchNsByHref(subset->doc, subset->data, BAD_CAST uri);
    if (found != NULL && found->prefix != NULL)
        return found;
    return xmlNewNs(subset->html, BAD_CAST uri, BAD_CAST prefix);
}

/// The same attribute of the first form's bind; a message may stand in either namespace.
static void copy_attribute(const struct subset *subset, const xmlNode *from, xmlNode *to,
                           const char *uri, const char *name)
{
    const char *value = dom_attribute(subset->arena, from, uri, name);
    if (value == NULL)
        return;
    if (uri == NULL)
        xmlSetProp(to, BAD_CAST name, BAD_CAST value);
    else
        xmlSetNsProp(to, namespace_of(subset, uri, "jr"), BAD_CAST name, BAD_CAST value);
}

/// When it is asked: its own condition and those of the groups around it.
static void add_relevant(const struct subset *subset, const struct subset_question *question,
                         xmlNode *to)
{
    struct strbuf all;
    strbuf_init(&all, LIMIT_FORM_BYTES);
    for (const char *end = question->path + 1; end != NULL;) {
        end = strchr(end, '/');
        size_t length = end != NULL ? (size_t)(end++ - question->path) : strlen(question->path);
        const xmlNode *bind = bind_of(subset, arena_strndup(subset->arena, question->path, length));
        const char *text =
            bind != NULL ? dom_attribute(subset->arena, bind, NULL, "relevant") : NULL;
        const char *kept = text != NULL ? subset_terms(subset, question, text, end == NULL) : NULL;
        if (kept != NULL)
            strbuf_addf(&all, "%s(%s)", all.length > 0 ? " and " : "", kept);
    }
    if (all.length > 0)
        xmlSetProp(to, BAD_CAST "relevant", BAD_CAST strbuf_text(&all));
    strbuf_free(&all);
}

static void bind_question(const struct subset *subset, const struct subset_question *question,
                          xmlNode *to)
{
    const xmlNode *bind = question->bind;
    if (bind == NULL)
        return;
    const char *required = dom_attribute(subset->arena, bind, NULL, "required");
    const char *constraint = dom_attribute(subset->arena, bind, NULL, "constraint");
    required = required != NULL ? subset_whole(subset, question, required) : NULL;
    constraint = constraint != NULL ? subset_terms(subset, question, constraint, true) : NULL;
    if (required != NULL) {
        xmlSetProp(to, BAD_CAST "required", BAD_CAST required);
        copy_attribute(subset, bind, to, JAVAROSA_URI, "requiredMsg");
    }
    if (constraint != NULL) {
        xmlSetProp(to, BAD_CAST "constraint", BAD_CAST constraint);
        copy_attribute(subset, bind, to, JAVAROSA_URI, "constraintMsg");
    }
    add_relevant(subset, question, to);
}

/// The new binds are made while the old ones are still there to be read; then those go.
static void make_binds(const struct subset *subset, const char *instance_id)
{
    char path[SUBSET_REF * 2];
    const xmlNode *last = subset->model->last;
    for (size_t i = 0; i < sizeof visit_nodes / sizeof visit_nodes[0]; i++) {
        snprintf(path, sizeof path, "/data/visit/%s", visit_nodes[i]);
        (void)add_bind(subset, path, text_equal(visit_nodes[i], "signature") ? "binary" : "string");
    }
    for (size_t i = 0; i < subset->count; i++) {
        const struct subset_question *question = &subset->questions[i];
        const char *type = question->bind != NULL
                               ? dom_attribute(subset->arena, question->bind, NULL, "type")
                               : NULL;
        snprintf(path, sizeof path, "/data/reason/r%zu", i + 1);
        xmlSetProp(add_bind(subset, path, "string"), BAD_CAST "readonly", BAD_CAST "true()");
        bind_question(subset, question,
                      add_bind(subset, question->answer, type != NULL ? type : "string"));
    }
    xmlNode *id = add_bind(subset, instance_id, "string");
    xmlSetNsProp(id, namespace_of(subset, JAVAROSA_URI, "jr"), BAD_CAST "preload", BAD_CAST "uid");
    xmlSetProp(id, BAD_CAST "readonly", BAD_CAST "true()");
    for (xmlNode *child = subset->model->children, *next; child != NULL; child = next) {
        bool was_last = child == last;
        next = child->next;
        if (dom_has_local(child, "bind") || dom_has_local(child, "setvalue") ||
            dom_has_local(child, "action"))
            drop(child);
        if (was_last)
            break;
    }
}

static void make_data(const struct subset *subset, const char *id)
{
    char name[24];
    xmlNode *data = subset->data;
    for (xmlNode *child = data->children, *next; child != NULL; child = next) {
        next = child->next;
        drop(child);
    }
    xmlSetProp(data, BAD_CAST "id", BAD_CAST id);
    xmlSetProp(data, BAD_CAST "version", BAD_CAST subset->version);
    xmlNode *visit = add_element(data, "visit");
    for (size_t i = 0; i < sizeof visit_nodes / sizeof visit_nodes[0]; i++)
        (void)add_element(visit, visit_nodes[i]);
    if (subset->count > 0) {
        xmlNode *reason = add_element(data, "reason"), *answer = add_element(data, "answer");
        for (size_t i = 0; i < subset->count; i++) {
            snprintf(name, sizeof name, "r%zu", i + 1);
            (void)add_element(reason, name);
            snprintf(name, sizeof name, "a%zu", i + 1);
            (void)add_element(answer, name);
        }
    }
    xmlNs *openrosa = namespace_of(subset, OPENROSA_URI, "orx");
    xmlNode *meta = xmlNewChild(data, openrosa, BAD_CAST "meta", NULL);
    (void)xmlNewChild(meta, openrosa, BAD_CAST "instanceID", NULL);
}

// ------------------------------------------------------------------ its questions

static enum err fit_itemset(const struct subset *subset, const struct subset_question *question,
                            struct fail *why)
{
    xmlNode *itemset = dom_child(question->control, NULL, "itemset");
    const char *nodeset =
        itemset != NULL ? dom_attribute(subset->arena, itemset, NULL, "nodeset") : NULL;
    if (nodeset == NULL)
        return ERR_OK;
    const char *kept = subset_nodeset(subset, question, nodeset);
    if (kept == NULL)
        return fail_set(why, ERR_INPUT, "%s: its choices come from other answers", question->ref);
    xmlSetProp(itemset, BAD_CAST "nodeset", BAD_CAST kept);
    return ERR_OK;
}

static void drop_actions(xmlNode *control)
{
    for (xmlNode *child = dom_first_element(control), *next; child != NULL; child = next) {
        next = dom_next_element(child);
        if (dom_has_local(child, "setvalue") || dom_has_local(child, "setgeopoint"))
            drop(child);
    }
}

/// Its sentences in the itext, too: they are its own there, or of several instances', and then they
/// speak of none.
static void fit_outputs(const struct subset *subset, const struct subset_question *question)
{
    static const struct subset_question nobody = {.ref = "", .path = ""};
    const struct subset_question *speaker = question;
    char prefix[LIMIT_REF];
    subset_outputs(subset, question, question->control);
    for (size_t i = 0; i < subset->count; i++)
        if (&subset->questions[i] != question &&
            text_equal(subset->questions[i].path, question->path))
            speaker = &nobody;
    snprintf(prefix, sizeof prefix, "%s:", question->path);
    for (xmlNode *translation = dom_first_element(dom_child(subset->model, NULL, "itext"));
         translation != NULL; translation = dom_next_element(translation))
        for (xmlNode *text = dom_first_element(translation); text != NULL;
             text = dom_next_element(text)) {
            const char *id = dom_attribute(subset->arena, text, NULL, "id");
            if (id != NULL && text_starts(id, prefix))
                subset_outputs(subset, speaker, text);
        }
}

/// One screen each: the group's label, the reason, the question.
static enum err make_body(struct subset *subset, struct fail *why)
{
    enum err err = ERR_OK;
    xmlNode *old = subset->body, *body = xmlNewNode(old->ns, BAD_CAST "body");
    for (size_t i = 0; err == ERR_OK && i < subset->count; i++) {
        struct subset_question *question = &subset->questions[i];
        xmlNode *group = xmlNewChild(body, subset->model->ns, BAD_CAST "group", NULL);
        xmlSetProp(group, BAD_CAST "appearance", BAD_CAST "field-list");
        subset_label(subset, question, group);
        // A copy: another instance may ask the same.
        question->control = xmlDocCopyNode(question->control, subset->doc, 1);
        err = fit_itemset(subset, question, why);
        fit_outputs(subset, question);
        drop_actions(question->control);
        xmlUnsetProp(question->control, BAD_CAST "nodeset");
        xmlSetProp(question->control, BAD_CAST "ref", BAD_CAST question->answer);
        xmlAddChild(group, question->control);
    }
    xmlReplaceNode(old, body);
    xmlFreeNode(old);
    subset->body = body;
    return err;
}

/// Lists that no question takes its choices from.
static void drop_lists(const struct subset *subset)
{
    xmlBuffer *text = xmlBufferCreate();
    xmlNodeDump(text, subset->doc, subset->body, 0, 0);
    bool first = true;
    for (xmlNode *child = dom_first_element(subset->model), *next; child != NULL; child = next) {
        char call[160];
        next = dom_next_element(child);
        if (!dom_has_local(child, "instance"))
            continue;
        const char *id = dom_attribute(subset->arena, child, NULL, "id");
        snprintf(call, sizeof call, "instance('%s')", id != NULL ? id : "");
        bool used = strstr((const char *)xmlBufferContent(text), call) != NULL;
        if (!first && !used)
            drop(child);
        first = false;
    }
    xmlBufferFree(text);
}

static bool holds_words(const xmlNode *element)
{
    return dom_has_local(element, "value") || dom_has_local(element, "label") ||
           dom_has_local(element, "hint");
}

static void tidy(xmlNode *parent)
{
    for (xmlNode *child = parent->children, *next; child != NULL; child = next) {
        next = child->next;
        bool blank = child->type == XML_TEXT_NODE && xmlIsBlankNode(child) && !holds_words(parent);
        if (blank || child->type == XML_COMMENT_NODE || child->type == XML_PI_NODE)
            drop(child);
        else if (child->type == XML_ELEMENT_NODE)
            tidy(child);
    }
}

static enum err make(struct subset *subset, struct strbuf *out, struct fail *why)
{
    struct strbuf id;
    const char *first = dom_attribute(subset->arena, subset->data, NULL, "id");
    strbuf_init(&id, 95);
    strbuf_addf(&id, "%s%s", first != NULL ? first : "", FORM_CORRECTION_SUFFIX);
    if (id.failed || first == NULL) {
        strbuf_free(&id);
        return fail_set(why, ERR_INPUT, "the form's id is missing or too long");
    }
    xmlNs *openrosa = namespace_of(subset, OPENROSA_URI, "orx");
    char instance_id[96];
    snprintf(instance_id, sizeof instance_id, "/data/%.30s:meta/%.30s:instanceID",
             (const char *)openrosa->prefix, (const char *)openrosa->prefix);
    make_binds(subset, instance_id);
    enum err err = make_body(subset, why);
    make_data(subset, strbuf_text(&id));
    strbuf_free(&id);
    drop_lists(subset);
    subset_prune_texts(subset);
    tidy((xmlNode *)subset->doc);
    if (err)
        return err;
    xmlChar *text = NULL;
    int length = 0;
    xmlDocDumpMemoryEnc(subset->doc, &text, &length, "UTF-8");
    if (text == NULL)
        return fail_set(why, ERR_RETRY, "no memory");
    strbuf_add(out, text, (size_t)length);
    xmlFree(text);
    return strbuf_result(out, why);
}

enum err form_subset(const struct form_subset *subset, struct strbuf *out, struct fail *why)
{
    struct arena *arena = arena_new(0);
    struct subset *made = ARENA_NEW(arena, struct subset);
    made->arena = arena;
    made->version = subset->version;
    made->tokens = subset_tokens_new(arena);
    enum err err = dom_parse(subset->text, subset->length, "form", true, &made->doc, why);
    if (!err)
        err = find_parts(made, why);
    if (!err && subset->count > SUBSET_QUESTIONS)
        err = fail_set(why, ERR_FULL, "more than %d questions", SUBSET_QUESTIONS);
    for (size_t i = 0; !err && i < subset->count; i++)
        err = find_question(made, &subset->wanted[i], why);
    if (!err)
        err = make(made, out, why);
    if (made->doc != NULL)
        xmlFreeDoc(made->doc);
    arena_free(arena);
    return err ? fail_prefix(why, err, "the short form") : ERR_OK;
}
