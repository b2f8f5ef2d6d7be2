// SPDX-License-Identifier: GPL-3.0-or-later
// What a select offers now, and which of the stored choices still are on offer.
#include "record_internal.h"

#include <stdlib.h>

/// What one item says.
struct item {
    const char *value;
    const struct form_choice *choice; ///< written item, or
    xmlNode *node;                    ///< node of the itemset
};

struct items {
    struct record *record;
    const struct form_control *control;
    xmlNode *at;
    const struct form_choice *next;
    struct xpath_value nodes;
    size_t index;
    char *text; ///< value of the item at hand, owned when it was evaluated
};

static int compare_pointers(const void *a, const void *b)
{
    uintptr_t first = (uintptr_t) * (xmlNode *const *)a, second = (uintptr_t) * (xmlNode *const *)b;
    return first < second ? -1 : first > second;
}

static bool same_set(xmlNode *const *a, xmlNode *const *b, size_t count)
{
    size_t size = count * sizeof *a;
    xmlNode **first = malloc(size + 1), **second = malloc(size + 1);
    if (first == NULL || second == NULL)
        abort();
    memcpy(first, a, size);
    memcpy(second, b, size);
    qsort(first, count, sizeof *first, compare_pointers);
    qsort(second, count, sizeof *second, compare_pointers);
    bool same = memcmp(first, second, size) == 0;
    free(first);
    free(second);
    return same;
}

/// Unseeded random order stays as it was while the same items are on offer.
static void keep_order(struct node_state *state, struct xpath_value *nodes)
{
    size_t size = nodes->node_count * sizeof *nodes->nodes;
    if (nodes->node_count == 0)
        return;
    if (state->shuffled_count == nodes->node_count &&
        same_set(state->shuffled, nodes->nodes, nodes->node_count)) {
        memcpy(nodes->nodes, state->shuffled, size);
        return;
    }
    free(state->shuffled);
    state->shuffled = malloc(size);
    if (state->shuffled == NULL)
        abort();
    memcpy(state->shuffled, nodes->nodes, size);
    state->shuffled_count = nodes->node_count;
}

static void items_begin(struct items *items, struct record *record,
                        const struct form_control *control, xmlNode *at)
{
    *items = (struct items){.record = record, .control = control, .at = at};
    items->next = control->choices;
    if (control->itemset == NULL)
        return;
    if (eval_nodes(record, control->itemset->nodes, at, &items->nodes) != ERR_OK)
        memset(&items->nodes, 0, sizeof items->nodes);
    if (control->itemset->is_shuffled)
        keep_order(state_of(at), &items->nodes);
}

static void items_end(struct items *items)
{
    free(items->text);
    if (items->nodes.kind == XPATH_NODES)
        xpath_value_clear(&items->nodes);
}

/// Text of a child by its name; "" when there is none or it is not relevant.
static const char *child_text(const struct record *record, const xmlNode *node, const char *name)
{
    for (const xmlNode *child = dom_first_element(node); child != NULL;
         child = dom_next_element(child)) {
        if (!dom_has_local(child, name))
            continue;
        if (child->doc == record->doc)
            return state_of(child)->relevant ? tree_value(child) : "";
        return dom_text(record->scratch, child);
    }
    return "";
}

static bool items_next(struct items *items, struct item *out)
{
    if (items->next != NULL) {
        *out = (struct item){items->next->value, items->next, NULL};
        items->next = items->next->next;
        return true;
    }
    if (items->index >= items->nodes.node_count)
        return false;
    const struct form_itemset *itemset = items->control->itemset;
    xmlNode *node = items->nodes.nodes[items->index++];
    if (itemset->value_child != NULL) {
        *out = (struct item){child_text(items->record, node, itemset->value_child), NULL, node};
        return true;
    }
    free(items->text);
    items->text = itemset->value != NULL ? eval_string(items->record, itemset->value, node)
                                         : text_duplicate("");
    *out = (struct item){items->text, NULL, node};
    return true;
}

static void add_label(const struct items *items, const struct item *item, bool every,
                      struct strbuf *out)
{
    struct record *record = items->record;
    struct text_wish wish = {TEXT_PLAIN, every};
    if (item->choice != NULL) {
        eval_text(record, &item->choice->label, items->at, wish, out);
        return;
    }
    const struct form_itemset *itemset = items->control->itemset;
    if (itemset->label_child == NULL && itemset->label == NULL) {
        strbuf_adds(out, item->value);
        return;
    }
    char *evaluated =
        itemset->label != NULL ? eval_string(record, itemset->label, item->node) : NULL;
    const char *text =
        evaluated != NULL ? evaluated : child_text(record, item->node, itemset->label_child);
    struct form_piece piece = {.kind = PIECE_ITEXT_ID, .literal = text};
    struct form_text words = {&piece, &piece};
    if (!itemset->label_is_itext)
        strbuf_adds(out, text);
    else
        eval_text(record, &words, item->node, wish, out);
    free(evaluated);
}

static const char *image_of(const struct items *items, const struct item *item, struct arena *arena)
{
    struct record *record = items->record;
    struct strbuf uri;
    strbuf_init(&uri, LIMIT_ANSWER);
    struct text_wish wish = {TEXT_IMAGE, false};
    const struct form_itemset *itemset = items->control->itemset;
    if (item->choice != NULL) {
        eval_text(record, &item->choice->label, items->at, wish, &uri);
    } else if (itemset->label_is_itext && itemset->label_child != NULL) {
        struct form_piece piece = {.kind = PIECE_ITEXT_ID,
                                   .literal = child_text(record, item->node, itemset->label_child)};
        struct form_text words = {&piece, &piece};
        eval_text(record, &words, item->node, wish, &uri);
    }
    const char *image = uri.length > 0 ? arena_strdup(arena, strbuf_text(&uri)) : NULL;
    strbuf_free(&uri);
    return image;
}

static bool is_chosen(const struct form_control *control, const char *stored, const char *value)
{
    if (control->kind == CONTROL_SELECT_ONE)
        return strcmp(stored, value) == 0 && value[0] != '\0';
    size_t length = strlen(value);
    for (const char *at = stored; length > 0 && *at != '\0';) {
        size_t token = strcspn(at, " ");
        if (token == length && strncmp(at, value, length) == 0)
            return true;
        at += token;
        at += strspn(at, " ");
    }
    return false;
}

struct choice_list itemset_choices(struct record *record, const struct form_control *control,
                                   xmlNode *at, struct arena *arena, bool every)
{
    struct choice_list list = {NULL, 0};
    size_t count = 0;
    for (const struct form_choice *choice = control->choices; choice != NULL; choice = choice->next)
        count++;
    struct items items;
    items_begin(&items, record, control, at);
    list.choices = ARENA_ARRAY(arena, struct question_choice, count + items.nodes.node_count + 1);
    struct item item;
    struct strbuf label;
    strbuf_init(&label, LIMIT_FORM_BYTES);
    while (items_next(&items, &item)) {
        struct question_choice *choice = &list.choices[list.count++];
        strbuf_clear(&label);
        add_label(&items, &item, every, &label);
        choice->value = arena_strdup(arena, item.value);
        choice->label = every ? arena_strdup(arena, strbuf_text(&label))
                              : markup_strip(arena, strbuf_text(&label));
        choice->image = every ? NULL : image_of(&items, &item, arena);
        choice->chosen = is_chosen(control, tree_value(at), item.value);
    }
    strbuf_free(&label);
    items_end(&items);
    return list;
}

bool itemset_label(struct record *record, const struct form_control *control, xmlNode *at,
                   const char *value, struct strbuf *out)
{
    struct items items;
    struct item item;
    bool found = false;
    items_begin(&items, record, control, at);
    while (!found && items_next(&items, &item)) {
        found = strcmp(item.value, value) == 0;
        if (found)
            add_label(&items, &item, false, out);
    }
    items_end(&items);
    return found;
}

struct token {
    const char *start;
    size_t length;
    bool on_offer;
};

static size_t split(const struct form_control *control, const char *stored, struct token *tokens,
                    size_t room)
{
    size_t count = 0;
    if (control->kind == CONTROL_SELECT_ONE) {
        tokens[0] = (struct token){stored, strlen(stored), false};
        return 1;
    }
    for (const char *at = stored + strspn(stored, " "); *at != '\0' && count < room;) {
        size_t length = strcspn(at, " ");
        tokens[count++] = (struct token){at, length, false};
        at += length;
        at += strspn(at, " ");
    }
    return count;
}

/// Marks the tokens on offer; a rank takes what is on offer and not yet ranked at its end.
static void mark_on_offer(struct items *items, struct token *tokens, size_t count,
                          struct strbuf *unranked)
{
    struct item item;
    size_t missing = count;
    bool ranks = items->control->kind == CONTROL_RANK;
    while ((missing > 0 || ranks) && items_next(items, &item)) {
        size_t length = strlen(item.value);
        bool known = false;
        for (size_t i = 0; i < count; i++) {
            if (tokens[i].length != length || memcmp(tokens[i].start, item.value, length) != 0)
                continue;
            missing -= tokens[i].on_offer ? 0 : 1;
            tokens[i].on_offer = known = true;
        }
        if (ranks && !known && length > 0)
            strbuf_addf(unranked, " %s", item.value);
    }
}

static void keep_tokens(const struct token *tokens, size_t count, struct strbuf *kept)
{
    for (size_t i = 0; i < count; i++) {
        if (!tokens[i].on_offer)
            continue;
        if (kept->length > 0)
            strbuf_addc(kept, ' ');
        strbuf_add(kept, tokens[i].start, tokens[i].length);
    }
}

bool itemset_filter(struct record *record, xmlNode *node)
{
    enum { TOKENS = 512 };
    struct token tokens[TOKENS];
    const struct node_state *state = state_of(node);
    struct strbuf kept, unranked;
    strbuf_init(&kept, LIMIT_FORM_BYTES);
    strbuf_init(&unranked, LIMIT_FORM_BYTES);
    if (state->stored != NULL) {
        struct items items;
        size_t count = split(state->def->control, state->stored, tokens, TOKENS);
        items_begin(&items, record, state->def->control, node);
        mark_on_offer(&items, tokens, count, &unranked);
        items_end(&items);
        keep_tokens(tokens, count, &kept);
        if (unranked.length > 0)
            strbuf_adds(&kept, strbuf_text(&unranked) + (kept.length == 0 ? 1 : 0));
    }
    bool changed = strcmp(tree_value(node), strbuf_text(&kept)) != 0;
    if (changed)
        tree_set_value(node, strbuf_text(&kept));
    strbuf_free(&unranked);
    strbuf_free(&kept);
    return changed;
}
