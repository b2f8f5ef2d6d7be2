// SPDX-License-Identifier: GPL-3.0-or-later
// What a short form says: the sentences of the first form, without what they said of other answers,
// and the district's reasons, which are plain text.
#include "subset_internal.h"

#include "yimen/base/limits.h"
#include "yimen/base/text.h"

#include <libxml/hash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char marks[] = "*_#[]<>\\", between[] = " · ", instead[] = "…";

/// Words that a label shows as they are: what would be markup there is escaped.
static void add_plain(const char *text, struct strbuf *out)
{
    for (; *text != '\0'; text++) {
        if (strchr(marks, *text) != NULL)
            strbuf_addc(out, '\\');
        strbuf_addc(out, *text);
    }
}

static xmlNode *itext_of(const struct subset *subset)
{
    return dom_child(subset->model, NULL, "itext");
}

/// The id in "jr:itext('id')", NULL when it is none. In the arena.
static const char *text_id(const struct subset *subset, const char *reference)
{
    static const char call[] = "jr:itext(";
    const char *at = strstr(reference, call);
    if (at == NULL)
        return NULL;
    at += sizeof call - 1;
    at += strspn(at, " \t\r\n");
    const char *end = *at == '\'' || *at == '"' ? strchr(at + 1, *at) : NULL;
    return end != NULL ? arena_strndup(subset->arena, at + 1, (size_t)(end - at) - 1) : NULL;
}

/// The plain words of a text in a translation; NULL when it has none there.
static const xmlNode *text_value(const struct subset *subset, const xmlNode *translation,
                                 const char *id)
{
    for (xmlNode *text = dom_first_element(translation); text != NULL;
         text = dom_next_element(text)) {
        const char *name = dom_attribute(subset->arena, text, NULL, "id");
        if (name == NULL || strcmp(name, id) != 0)
            continue;
        for (xmlNode *value = dom_first_element(text); value != NULL;
             value = dom_next_element(value))
            if (dom_attribute(subset->arena, value, NULL, "form") == NULL)
                return value;
    }
    return NULL;
}

static void add_words(const xmlNode *element, struct strbuf *out)
{
    for (const xmlNode *child = element->children; child != NULL; child = child->next) {
        if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
            strbuf_adds(out, (const char *)child->content);
        else if (dom_has_local(child, "output"))
            strbuf_adds(out, instead);
    }
}

/// What a group is called in a translation (NULL: without itext), appended.
static void add_group_name(const struct subset *subset, const xmlNode *group,
                           const xmlNode *translation, struct strbuf *out)
{
    const xmlNode *label = dom_child(group, NULL, "label");
    if (label == NULL)
        return;
    const char *reference = dom_attribute(subset->arena, label, NULL, "ref");
    const char *id = reference != NULL ? text_id(subset, reference) : NULL;
    const xmlNode *value =
        id != NULL && translation != NULL ? text_value(subset, translation, id) : NULL;
    if (value != NULL)
        add_words(value, out);
    else if (reference == NULL)
        add_words(label, out);
}

/// The number in a ref's part that belongs to a repeat: "/data/member[2]/x" and "/data/member".
static int instance_of(const char *ref, const char *path)
{
    const char *at = ref;
    while (*path != '\0' && *at != '\0') {
        if (*at == '[') {
            at += strcspn(at, "]");
            at += *at == ']';
        } else if (*at++ != *path++) {
            return 0;
        }
    }
    return *at == '[' ? (int)strtol(at + 1, NULL, 10) : 0;
}

/// The repeat that a group holds or is, "" when none.
static const char *repeat_path(const struct subset *subset, const xmlNode *group)
{
    const char *path = dom_has_local(group, "repeat")
                           ? dom_attribute(subset->arena, group, NULL, "nodeset")
                           : NULL;
    return path != NULL ? path : "";
}

/// "家庭成员 2 · 基本情况": repeats with their numbers, and the innermost group.
static void add_label(const struct subset *subset, const struct subset_question *question,
                      const xmlNode *translation, struct strbuf *out)
{
    for (size_t i = 0; i < question->group_count; i++) {
        const xmlNode *group = question->groups[i];
        bool innermost = i + 1 == question->group_count;
        bool holds = !innermost && dom_has_local(question->groups[i + 1], "repeat");
        const char *path = repeat_path(subset, group);
        size_t before = out->length;
        struct strbuf name;
        if (!innermost && !holds && path[0] == '\0')
            continue;
        strbuf_init(&name, LIMIT_ANSWER);
        add_group_name(subset, group, translation, &name);
        if (name.length > 0)
            strbuf_addf(out, "%s%s", before > 0 ? between : "", strbuf_text(&name));
        strbuf_free(&name);
        if (path[0] != '\0')
            strbuf_addf(out, " %d", instance_of(question->ref, path));
    }
}

static xmlNode *add_element(xmlNode *parent, const char *name)
{
    return xmlNewChild(parent, parent->ns, BAD_CAST name, NULL);
}

/// One text of its own in every translation; false when none has words.
static bool add_texts(const struct subset *subset, const struct subset_question *question,
                      const char *id)
{
    bool any = false;
    for (xmlNode *translation = dom_first_element(itext_of(subset)); translation != NULL;
         translation = dom_next_element(translation)) {
        struct strbuf words;
        strbuf_init(&words, LIMIT_ANSWER);
        add_label(subset, question, translation, &words);
        xmlNode *text = add_element(translation, "text");
        xmlSetProp(text, BAD_CAST "id", BAD_CAST id);
        xmlNode *value = add_element(text, "value");
        xmlNodeAddContent(value, BAD_CAST strbuf_text(&words));
        any = any || words.length > 0;
        strbuf_free(&words);
    }
    return any;
}

static void add_reason(const struct subset_question *question, xmlNode *group)
{
    struct strbuf words;
    char path[SUBSET_REF];
    strbuf_init(&words, LIMIT_ANSWER);
    add_plain(question->reason, &words);
    snprintf(path, sizeof path, "/data/reason/r%s", strrchr(question->answer, 'a') + 1);
    xmlNode *note = add_element(group, "input");
    xmlSetProp(note, BAD_CAST "ref", BAD_CAST path);
    xmlNodeAddContent(add_element(note, "label"), BAD_CAST strbuf_text(&words));
    strbuf_free(&words);
}

void subset_label(const struct subset *subset, const struct subset_question *question,
                  xmlNode *group)
{
    char id[SUBSET_REF + 8], reference[SUBSET_REF + 32];
    snprintf(id, sizeof id, "%s:group", question->answer);
    snprintf(reference, sizeof reference, "jr:itext('%s')", id);
    if (add_texts(subset, question, id)) {
        xmlSetProp(add_element(group, "label"), BAD_CAST "ref", BAD_CAST reference);
    } else if (itext_of(subset) == NULL) {
        struct strbuf words;
        strbuf_init(&words, LIMIT_ANSWER);
        add_label(subset, question, NULL, &words);
        if (words.length > 0)
            xmlNodeAddContent(add_element(group, "label"), BAD_CAST strbuf_text(&words));
        strbuf_free(&words);
    }
    add_reason(question, group);
}

static void fit_output(const struct subset *subset, const struct subset_question *question,
                       xmlNode *output)
{
    const char *value = dom_attribute(subset->arena, output, NULL, "value");
    const char *ref = dom_attribute(subset->arena, output, NULL, "ref");
    const char *kept = subset_shown(subset, question,
                                    value != NULL ? value
                                    : ref != NULL ? ref
                                                  : "");
    if (kept != NULL) {
        xmlSetProp(output, BAD_CAST(value != NULL ? "value" : "ref"), BAD_CAST kept);
        return;
    }
    xmlAddPrevSibling(output, xmlNewDocText(subset->doc, BAD_CAST instead));
    xmlUnlinkNode(output);
    xmlFreeNode(output);
}

void subset_outputs(const struct subset *subset, const struct subset_question *question,
                    xmlNode *element)
{
    for (xmlNode *child = dom_first_element(element), *next; child != NULL; child = next) {
        next = dom_next_element(child);
        if (dom_has_local(child, "output"))
            fit_output(subset, question, child);
        else
            subset_outputs(subset, question, child);
    }
}

// ------------------------------------------------------------------ what nothing names any longer

struct naming {
    const struct subset *subset;
    xmlHashTable *ids;
    bool computed; ///< some are named by values: then all of them stay
};

static void note_names(struct naming *naming, const xmlNode *element)
{
    for (const xmlAttr *at = element->properties; at != NULL; at = at->next) {
        xmlChar *value = xmlNodeGetContent((const xmlNode *)at);
        const char *text = value != NULL ? (const char *)value : "";
        if (strstr(text, "jr:itext(") != NULL) {
            const char *id = text_id(naming->subset, text);
            if (id != NULL)
                (void)xmlHashAddEntry(naming->ids, BAD_CAST id, naming->ids);
            else
                naming->computed = true;
        }
        xmlFree(value);
    }
    for (xmlNode *child = dom_first_element(element); child != NULL;
         child = dom_next_element(child))
        if (!dom_has_local(child, "itext"))
            note_names(naming, child);
}

static void prune(const struct subset *subset, const struct naming *naming, xmlNode *translation)
{
    for (xmlNode *text = dom_first_element(translation), *next; text != NULL; text = next) {
        next = dom_next_element(text);
        const char *id = dom_attribute(subset->arena, text, NULL, "id");
        if (naming->computed || (id != NULL && xmlHashLookup(naming->ids, BAD_CAST id) != NULL))
            continue;
        xmlUnlinkNode(text);
        xmlFreeNode(text);
    }
}

void subset_prune_texts(const struct subset *subset)
{
    struct naming naming = {.subset = subset, .ids = xmlHashCreate(64)};
    note_names(&naming, subset->html);
    for (xmlNode *translation = dom_first_element(itext_of(subset)); translation != NULL;
         translation = dom_next_element(translation))
        prune(subset, &naming, translation);
    xmlHashFree(naming.ids, NULL);
}
