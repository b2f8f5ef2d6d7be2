// SPDX-License-Identifier: GPL-3.0-or-later
// itext: translations of texts, by language and id.
#include "form_internal.h"

static enum text_form form_named(const char *name)
{
    static const struct {
        const char *name;
        enum text_form form;
    } forms[] = {{"short", TEXT_SHORT}, {"guidance", TEXT_GUIDANCE}, {"image", TEXT_IMAGE},
                 {"audio", TEXT_AUDIO}, {"video", TEXT_VIDEO},       {"long", TEXT_PLAIN}};
    if (name == NULL || name[0] == '\0')
        return TEXT_PLAIN;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(forms[i].name, name) == 0)
            return forms[i].form;
    }
    return TEXT_OTHER;
}

const struct itext_value *itext_find(const struct form_language *language, const char *id)
{
    return xmlHashLookup(language->texts, (const xmlChar *)id);
}

static void load_text(struct form_loader *loader, struct form_language *language, xmlNode *element)
{
    struct arena *arena = loader->form->arena;
    const char *id = dom_attribute(arena, element, NULL, "id");
    if (id == NULL) {
        loader_find(loader, FORM_WARNING, element, "Give the text an id.", "a text has no id");
        return;
    }
    struct itext_value *first = NULL;
    struct itext_value **last = &first;
    for (xmlNode *child = dom_first_element(element); child != NULL;
         child = dom_next_element(child)) {
        if (!dom_has_local(child, "value"))
            continue;
        struct itext_value *value = ARENA_NEW(arena, struct itext_value);
        value->form = form_named(dom_attribute_trimmed(arena, child, NULL, "form"));
        value->text = text_load(loader, child);
        *last = value;
        last = &value->next;
    }
    if (first == NULL) {
        first = ARENA_NEW(arena, struct itext_value);
    }
    if (xmlHashAddEntry(language->texts, (const xmlChar *)id, first) != 0)
        loader_find(loader, FORM_WARNING, element, "Keep one of the two.",
                    "the text \"%.200s\" is there twice", id);
}

static bool is_default(struct arena *arena, const xmlNode *translation)
{
    const char *flag = dom_attribute_trimmed(arena, translation, NULL, "default");
    return flag != NULL && strcmp(flag, "false()") != 0 && strcmp(flag, "false") != 0;
}

static void load_translation(struct form_loader *loader, xmlNode *translation)
{
    struct form *form = loader->form;
    const char *name = dom_attribute(form->arena, translation, NULL, "lang");
    struct form_language *language = ARENA_NEW(form->arena, struct form_language);
    language->name = name != NULL ? name : "default";
    language->texts = xmlHashCreate(512);
    bool first = is_default(form->arena, translation);
    struct form_language **place = &form->languages;
    while (!first && *place != NULL)
        place = &(*place)->next;
    language->next = first ? form->languages : NULL;
    *place = language;
    for (xmlNode *text = dom_first_element(translation); text != NULL;
         text = dom_next_element(text)) {
        if (dom_has_local(text, "text"))
            load_text(loader, language, text);
    }
}

void itext_load(struct form_loader *loader)
{
    struct form *form = loader->form;
    const xmlNode *itext = dom_child(loader->model, NULL, "itext");
    for (xmlNode *element = dom_first_element(itext); element != NULL;
         element = dom_next_element(element)) {
        if (dom_has_local(element, "translation"))
            load_translation(loader, element);
    }
    size_t count = 0;
    for (struct form_language *at = form->languages; at != NULL; at = at->next)
        count++;
    form->language_names = ARENA_ARRAY(form->arena, const char *, count + 1);
    count = 0;
    for (struct form_language *at = form->languages; at != NULL; at = at->next)
        form->language_names[count++] = at->name;
}
