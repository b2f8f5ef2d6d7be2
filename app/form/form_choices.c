// SPDX-License-Identifier: GPL-3.0-or-later
// What a select or rank offers: written items, or an itemset over an instance.
#include "form_internal.h"

/// A plain child name ("label"), which needs no expression to be read. NULL otherwise.
static const char *plain_child(const char *ref)
{
    return ref[0] != '\0' && strpbrk(ref, "/()[]@.*:|=+'\" ") == NULL ? ref : NULL;
}

static void load_item(struct form_loader *loader, struct form_choice ***last,
                      const xmlNode *element)
{
    struct arena *arena = loader->form->arena;
    const xmlNode *value = dom_child(element, NULL, "value");
    if (value == NULL) {
        loader_find(loader, FORM_ERROR, element, "Give the item a <value>.",
                    "an item has no value");
        return;
    }
    struct form_choice *choice = ARENA_NEW(arena, struct form_choice);
    const char *text = dom_text(arena, value);
    size_t start = strspn(text, " \t\r\n");
    size_t length = strlen(text);
    while (length > start && strchr(" \t\r\n", text[length - 1]) != NULL)
        length--;
    choice->value = arena_strndup(arena, text + start, length - start);
    const xmlNode *label = dom_child(element, NULL, "label");
    if (label != NULL) {
        choice->label = text_load(loader, label);
    } else {
        struct form_piece *piece = ARENA_NEW(arena, struct form_piece);
        piece->literal = choice->value;
        choice->label.pieces = choice->label.last = piece;
    }
    **last = choice;
    *last = &choice->next;
}

static void load_itemset_label(struct form_loader *loader, struct form_itemset *itemset,
                               const xmlNode *label)
{
    struct arena *arena = loader->form->arena;
    const char *ref = dom_attribute_trimmed(arena, label, NULL, "ref");
    if (ref == NULL) {
        loader_find(loader, FORM_ERROR, label, "Give the label a ref.",
                    "the label of an itemset names no child");
        return;
    }
    size_t length = strlen(ref);
    if (strncmp(ref, "jr:itext(", 9) == 0 && ref[length - 1] == ')') {
        itemset->label_is_itext = true;
        ref = arena_strndup(arena, ref + 9, length - 10);
        ref += strspn(ref, " ");
    }
    itemset->label_child = plain_child(ref);
    if (itemset->label_child == NULL)
        itemset->label = expression_compile(loader, ref, label);
}

/// "randomize(x)": without a seed the order is new each time it is evaluated.
static bool is_shuffled(const char *text)
{
    int depth = 0;
    if (strncmp(text, "randomize(", 10) != 0)
        return false;
    for (text += 10; *text != '\0'; text++) {
        depth += *text == '(' || *text == '[' ? 1 : 0;
        depth -= *text == ')' || *text == ']' ? 1 : 0;
        if (*text == ',' && depth == 0)
            return false;
    }
    return true;
}

static void load_itemset(struct form_loader *loader, struct form_control *control,
                         const xmlNode *element)
{
    struct form *form = loader->form;
    struct form_itemset *itemset = ARENA_NEW(form->arena, struct form_itemset);
    itemset->nodes = expression_attribute(loader, element, NULL, "nodeset");
    if (itemset->nodes == NULL)
        itemset->nodes = expression_attribute(loader, element, NULL, "ref");
    const xmlNode *value = dom_child(element, NULL, "value");
    const char *ref = value != NULL ? dom_attribute_trimmed(form->arena, value, NULL, "ref") : NULL;
    if (itemset->nodes == NULL || ref == NULL) {
        loader_find(loader, FORM_ERROR, element, "Give it a nodeset, and a <value ref=\"...\"/>.",
                    "the itemset has no nodes or no value");
        return;
    }
    itemset->is_shuffled = is_shuffled(itemset->nodes->text);
    itemset->value_child = plain_child(ref);
    if (itemset->value_child == NULL)
        itemset->value = expression_compile(loader, ref, value);
    const xmlNode *label = dom_child(element, NULL, "label");
    if (label != NULL)
        load_itemset_label(loader, itemset, label);
    control->itemset = itemset;
    if (control->node != NULL && control->node->control == control)
        rule_add(loader, control->node, RULE_CHOICES, itemset->nodes);
}

void control_load_choices(struct form_loader *loader, struct form_control *control,
                          const xmlNode *element)
{
    struct form_choice **last = &control->choices;
    for (xmlNode *child = dom_first_element(element); child != NULL;
         child = dom_next_element(child)) {
        if (dom_has_local(child, "item"))
            load_item(loader, &last, child);
        else if (dom_has_local(child, "itemset"))
            load_itemset(loader, control, child);
        else if (dom_has_local(child, "choices"))
            control_load_choices(loader, control, child);
    }
}
