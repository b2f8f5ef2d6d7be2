// SPDX-License-Identifier: GPL-3.0-or-later
// What a form may say and should not: traps for whoever answers, found for its author.
#include "form_internal.h"

/// A choice that is true for somebody whom no other one describes. Whole words of the value.
static bool is_way_out(const char *value)
{
    static const char *const words[] = {
        "none",   "no",      "other",  "others",    "unknown", "unsure", "dont",   "not",
        "refuse", "refused", "prefer", "decline",   "neither", "nobody", "never",  "later",
        "skip",   "any",     "unsaid", "undecided", "na",      "dk",     "either", "nothing",
        "all",    "ask",     "lost",   "unasked",   "away",    "window", "here"};
    while (value[0] != '\0') {
        size_t length = strcspn(value, "-_. ");
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (strlen(words[i]) == length && strncmp(words[i], value, length) == 0)
                return true;
        }
        value += length;
        value += strspn(value, "-_. ");
    }
    return false;
}

static bool item_is_way_out(struct form_loader *loader, const struct form_itemset *itemset,
                            const xmlNode *item)
{
    const xmlNode *value =
        itemset->value_child != NULL ? dom_child(item, NULL, itemset->value_child) : NULL;
    return value != NULL && is_way_out(dom_text(loader->form->arena, value));
}

/// The instance that an itemset reads, "instance('x')/...". NULL: another part of the record.
static const struct form_instance *instance_of(const struct form *form,
                                               const struct form_itemset *itemset)
{
    const char *at = strstr(itemset->nodes->text, "instance(");
    if (at == NULL)
        return NULL;
    at += strlen("instance(");
    at += strspn(at, " '\"");
    for (const struct form_instance *one = form->instances; one != NULL; one = one->next) {
        size_t length = strlen(one->id);
        if (strncmp(one->id, at, length) == 0 && strchr("'\" )", at[length]) != NULL)
            return one;
    }
    return NULL;
}

/// A list from a file is data of the district, and whole by itself; so are answers given before.
static bool itemset_has_way_out(struct form_loader *loader, const struct form_itemset *itemset)
{
    const struct form_instance *instance = instance_of(loader->form, itemset);
    if (instance == NULL || instance->is_external)
        return true;
    const xmlNode *root = xmlDocGetRootElement(instance->doc);
    for (const xmlNode *item = root != NULL ? dom_first_element(root) : NULL; item != NULL;
         item = dom_next_element(item)) {
        if (item_is_way_out(loader, itemset, item))
            return true;
    }
    return false;
}

static bool has_way_out(struct form_loader *loader, const struct form_control *control)
{
    if (appearance_has(control->appearance, "complete"))
        return true;
    if (control->itemset != NULL)
        return itemset_has_way_out(loader, control->itemset);
    for (const struct form_choice *at = control->choices; at != NULL; at = at->next) {
        if (is_way_out(at->value))
            return true;
    }
    return false;
}

static void check_way_out(struct form_loader *loader, const struct form_node *node)
{
    const struct form_control *control = node->control;
    const struct form_rule *required = node->rules[RULE_REQUIRED];
    bool chooses = control->kind == CONTROL_SELECT || control->kind == CONTROL_SELECT_ONE;
    if (!chooses || control->is_heading || required == NULL ||
        required->expression->constant == 0 || has_way_out(loader, control))
        return;
    loader_find(loader, FORM_WARNING, node->model,
                "Add a choice such as none, other or unknown; or, where the choices leave nobody "
                "out, the appearance \"complete\".",
                "%.200s must be answered, and no choice is true for everybody", node->path);
}

static bool names_telephone(const char *text)
{
    static const char *const words[] = {"phone", "mobile", "telephone", "电话", "手机", "전화"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strstr(text, words[i]) != NULL)
            return true;
    }
    return false;
}

static void check_telephone(struct form_loader *loader, const struct form_node *node)
{
    bool named = names_telephone(node->local);
    const struct form_piece *piece = node->control->label.pieces;
    for (; piece != NULL && !named; piece = piece->next)
        named = piece->literal != NULL && names_telephone(piece->literal);
    if (node->bind.type == TYPE_INT && named)
        loader_find(loader, FORM_WARNING, node->model,
                    "Make it a string with the appearance \"numbers\".",
                    "%.200s: an int has 32 bits and cannot hold a telephone number", node->path);
}

/// Whatever bounds a number from below compares it, or says how it is written.
static bool is_bounded_below(const struct form_expression *constraint)
{
    return constraint != NULL &&
           (strchr(constraint->text, '>') != NULL || strstr(constraint->text, "regex") != NULL);
}

static void check_sign(struct form_loader *loader, const struct form_node *node)
{
    const struct form_rule *readonly = node->rules[RULE_READONLY];
    bool typed = node->control->kind == CONTROL_INPUT &&
                 (node->bind.type == TYPE_INT || node->bind.type == TYPE_DECIMAL);
    if (typed && readonly == NULL && !is_bounded_below(node->bind.constraint))
        loader_find(loader, FORM_WARNING, node->model,
                    "Add a constraint such as \". >= 0\", or one with the least that can be meant.",
                    "%.200s may be less than nothing, and its keys have one for the sign",
                    node->path);
}

static void check_not_offered(struct form_loader *loader, const struct form_node *node)
{
    const struct form_rule *required = node->rules[RULE_REQUIRED];
    bool upload = node->control->kind == CONTROL_UPLOAD || node->bind.type == TYPE_BINARY;
    if (required == NULL || required->expression->constant == 0 ||
        (!upload && !node->control->is_unsupported))
        return;
    loader_find(loader, FORM_WARNING, node->model, "Drop required, or ask for it in another way.",
                "%.200s is required and cannot be asked at a kiosk: it is not demanded there",
                node->path);
}

static void check_blanks(struct form_loader *loader, const struct form_node *node)
{
    if (node->first_element != NULL || node->is_attribute)
        return;
    const char *text = dom_text(loader->form->arena, node->model);
    size_t length = strlen(text);
    bool around =
        length > 0 && !text_is_blank(text) &&
        (strchr(" \t\r\n", text[0]) != NULL || strchr(" \t\r\n", text[length - 1]) != NULL);
    if (around)
        loader_find(loader, FORM_NOTE, node->model, "Write the default without blanks around it.",
                    "%.200s: the blanks around its default are left out", node->path);
}

void loader_lint(struct form_loader *loader)
{
    for (size_t i = 0; i < loader->form->node_count; i++) {
        const struct form_node *node = loader->form->nodes[i];
        check_blanks(loader, node);
        if (node->control == NULL)
            continue;
        check_way_out(loader, node);
        check_telephone(loader, node);
        check_sign(loader, node);
        check_not_offered(loader, node);
    }
}
