// SPDX-License-Identifier: GPL-3.0-or-later
// <setvalue>: values set when something happens.
#include "form_internal.h"

static unsigned events_of(struct form_loader *loader, const xmlNode *element)
{
    static const struct {
        const char *name;
        unsigned event;
    } known[] = {{"odk-instance-first-load", EVENT_FIRST_LOAD},
                 {"xforms-ready", EVENT_FIRST_LOAD},
                 {"odk-instance-load", EVENT_LOAD},
                 {"odk-new-repeat", EVENT_NEW_REPEAT},
                 {"jr-insert", EVENT_NEW_REPEAT},
                 {"xforms-revalidate", EVENT_REVALIDATE},
                 {"xforms-value-changed", EVENT_VALUE_CHANGED}};
    const char *words = dom_attribute_trimmed(loader->form->arena, element, NULL, "event");
    unsigned events = 0;
    if (words == NULL || words[0] == '\0') {
        loader_find(loader, FORM_ERROR, element, "Say on which event it acts.",
                    "the action has no event");
        return 0;
    }
    while (words[0] != '\0') {
        size_t length = strcspn(words, " \t\r\n");
        unsigned event = 0;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            if (strlen(known[i].name) == length && strncmp(known[i].name, words, length) == 0)
                event = known[i].event;
        }
        if (event == 0)
            loader_find(loader, FORM_ERROR, element,
                        "Use odk-instance-first-load, odk-instance-load, odk-new-repeat or "
                        "xforms-value-changed.",
                        "unknown event \"%.*s\"", (int)(length < 80 ? length : 80), words);
        events |= event;
        words += length;
        words += strspn(words, " \t\r\n");
    }
    return events;
}

static void add_action(struct form *form, struct form_action *action)
{
    if (form->last_action != NULL)
        form->last_action->next = action;
    else
        form->actions = action;
    form->last_action = action;
    if ((action->events & EVENT_VALUE_CHANGED) == 0 || action->scope == NULL)
        return;
    struct form_node *scope = action->scope;
    if (scope->on_change_last != NULL)
        scope->on_change_last->next_on_change = action;
    else
        scope->on_change = action;
    scope->on_change_last = action;
}

static void load_value(struct form_loader *loader, struct form_action *action,
                       const xmlNode *element)
{
    struct arena *arena = loader->form->arena;
    const char *value = dom_attribute_trimmed(arena, element, NULL, "value");
    action->literal = value != NULL ? "" : dom_text(arena, element);
    if (value != NULL && value[0] != '\0')
        action->value = expression_compile(loader, value, element);
}

/// Setting one of many from outside its repeat has no single target.
static void check_target(struct form_loader *loader, const struct form_action *action,
                         const xmlNode *element)
{
    if ((action->events & EVENT_VALUE_CHANGED) == 0 || action->scope == NULL)
        return;
    for (const struct form_node *at = action->target; at != NULL; at = at->parent) {
        bool shared = strncmp(action->scope->path, at->path, strlen(at->path)) == 0;
        if (at->is_repeat && !shared && strchr(action->ref, '[') == NULL) {
            loader_find(loader, FORM_WARNING, element, "Set a node of one repeat instance.",
                        "%.200s may be there more than once: then nothing is set",
                        action->target->path);
            return;
        }
    }
}

/// Named by its path, or by the id of its bind.
static const char *target_of(struct form_loader *loader, const xmlNode *element)
{
    struct arena *arena = loader->form->arena;
    const char *ref = dom_attribute_trimmed(arena, element, NULL, "ref");
    const char *bind = ref == NULL ? dom_attribute_trimmed(arena, element, NULL, "bind") : NULL;
    return bind != NULL ? bind_nodeset(loader, bind) : ref;
}

static void load_action(struct form_loader *loader, struct form_node *scope, bool in_model,
                        const xmlNode *element)
{
    struct form *form = loader->form;
    struct form_action *action = ARENA_NEW(form->arena, struct form_action);
    action->events = events_of(loader, element);
    action->scope = scope;
    action->line = (int)xmlGetLineNo(element);
    if (in_model && (action->events & EVENT_NEW_REPEAT) != 0) {
        loader_find(loader, FORM_ERROR, element, "Put it inside the <repeat>.",
                    "odk-new-repeat acts only inside a repeat");
        return;
    }
    const char *ref = target_of(loader, element);
    const char *path = NULL;
    const char *base = scope != NULL ? scope->path : form->top->path;
    if (ref == NULL || !path_resolve(form->arena, base, ref, &path) ||
        (action->target = model_find(form, path)) == NULL) {
        action->target = path != NULL ? model_attribute(loader, path) : NULL;
        if (action->target == NULL) {
            loader_find(loader, loader->source->strict ? FORM_ERROR : FORM_WARNING, element,
                        "Correct the ref.", "the action sets no node: %.200s",
                        ref != NULL ? ref : "");
            return;
        }
    }
    action->ref = ref;
    action->ref_expression = expression_compile(loader, ref, element);
    load_value(loader, action, element);
    check_target(loader, action, element);
    add_action(form, action);
}

static struct form_node *scope_of(struct form_loader *loader, const xmlNode *element,
                                  struct form_node *outer)
{
    struct arena *arena = loader->form->arena;
    const char *ref = dom_attribute_trimmed(arena, element, NULL, "ref");
    if (ref == NULL)
        ref = dom_attribute_trimmed(arena, element, NULL, "nodeset");
    const char *path = NULL;
    const char *base = outer != NULL ? outer->path : loader->form->top->path;
    if (ref == NULL || dom_has_local(element, "itemset") || !path_resolve(arena, base, ref, &path))
        return outer;
    struct form_node *node = model_find(loader->form, path);
    return node != NULL ? node : outer;
}

static void walk(struct form_loader *loader, xmlNode *parent, struct form_node *scope,
                 bool in_model)
{
    for (xmlNode *element = dom_first_element(parent); element != NULL;
         element = dom_next_element(element)) {
        if (dom_has_local(element, "setvalue") && parent == loader->body) {
            loader_find(loader, FORM_WARNING, element,
                        "Put it in the model, a question or a repeat.",
                        "an action directly in the body is ignored");
        } else if (dom_has_local(element, "setvalue")) {
            load_action(loader, scope, in_model, element);
        } else if (dom_is(element, ODK_URI, "setgeopoint") ||
                   dom_is(element, ODK_URI, "recordaudio")) {
            (void)events_of(loader, element);
            loader_find(loader, FORM_NOTE, element, "Leave it out for kiosks.",
                        "%.40s is not offered here", (const char *)element->name);
        } else if (!in_model) {
            walk(loader, element, scope_of(loader, element, scope), false);
        }
    }
}

void events_load(struct form_loader *loader)
{
    walk(loader, loader->model, NULL, true);
    walk(loader, loader->body, NULL, false);
}
