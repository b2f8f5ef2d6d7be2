// SPDX-License-Identifier: GPL-3.0-or-later
// Which expression reads which node, in what order to compute them, and cycles.
//
// A rule changes what is read of its target: a calculation its value, a relevance the values of
// all below it. jr:count changes the shape; since counts may follow from what is counted, shapes
// take no part in the search for cycles.
#include "form_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATTERN_READERS = 2000 };

struct edge {
    size_t to;
    struct edge *next;
};

struct grapher {
    struct form_loader *loader;
    struct form_rule *rule;
    size_t patterns;
    struct arena *scratch;
    struct edge **edges; ///< per rule, in order of loading
    struct form_rule **loaded;
    unsigned char *marks;
};

struct form_rule *rule_add(struct form_loader *loader, struct form_node *node, enum rule_kind kind,
                           struct form_expression *expression)
{
    struct form *form = loader->form;
    struct form_rule *rule = ARENA_NEW(form->arena, struct form_rule);
    rule->kind = kind;
    rule->target = node;
    rule->expression = expression;
    rule->order = form->rule_count++;
    rule->next_loaded = form->loaded_rules;
    form->loaded_rules = rule;
    node->rules[kind] = rule;
    form->has_language_rules = form->has_language_rules || expression->language;
    return rule;
}

static void add_reader(struct grapher *graph, struct form_reader **list)
{
    if (*list != NULL && (*list)->rule == graph->rule)
        return;
    struct form_reader *reader = ARENA_NEW(graph->loader->form->arena, struct form_reader);
    reader->rule = graph->rule;
    reader->next = *list;
    *list = reader;
}

static void read_node(struct grapher *graph, struct form_node *node, bool deep)
{
    if (deep && node->first_element != NULL)
        add_reader(graph, &node->deep_readers);
    else if (node->first_element != NULL)
        add_reader(graph, &node->shape_readers);
    else
        add_reader(graph, &node->readers);
    // Counting the instances beside its own, by "/data/r" or "../../r", is no matter of its own.
    const struct form_node *target = graph->rule->target;
    if (node->is_repeat && target->index >= node->index && target->index < node->end)
        graph->rule->local = false;
    for (struct form_node *at = node; at != NULL; at = at->parent) {
        if (at->is_repeat)
            add_reader(graph, &at->shape_readers);
    }
}

static bool step_matches(const char *pattern, const char *path)
{
    size_t want = strcspn(pattern + 1, "/"), have = strcspn(path + 1, "/");
    bool any = want == 1 && pattern[1] == '*';
    return any || (want == have && strncmp(pattern + 1, path + 1, want) == 0);
}

/// Does a path with "*" or "//" in it name this node?
static bool matches(const char *pattern, const char *path)
{
    const char *again = NULL, *from = NULL; // where the last "//" may try further down
    while (path[0] == '/') {
        if (strncmp(pattern, "//", 2) == 0) {
            again = ++pattern;
            from = path;
        } else if (pattern[0] == '/' && step_matches(pattern, path)) {
            pattern += 1 + strcspn(pattern + 1, "/");
            path += 1 + strcspn(path + 1, "/");
        } else if (again != NULL) {
            from += 1 + strcspn(from + 1, "/");
            path = from;
            pattern = again;
        } else {
            return false;
        }
        if (path[0] == '\0' && pattern[0] != '\0' && again != NULL && from[0] == '/') {
            from += 1 + strcspn(from + 1, "/");
            path = from;
            pattern = again;
        }
    }
    return pattern[0] == '\0';
}

static void read_pattern(struct grapher *graph, const char *path, bool deep)
{
    struct form *form = graph->loader->form;
    if (++graph->patterns > PATTERN_READERS) {
        if (graph->patterns == PATTERN_READERS + 1)
            loader_find(graph->loader, FORM_ERROR, NULL, "Name the nodes plainly.",
                        "more than %d expressions use * or //", PATTERN_READERS);
        return;
    }
    for (size_t i = 0; i < form->node_count; i++) {
        if (matches(path, form->nodes[i]->local_path))
            read_node(graph, form->nodes[i], deep);
    }
}

/// Whether a question is asked cannot follow from its own answer. Where a form that is in use says
/// so all the same, what it holds when something else asks for it decides, and answering does not.
static bool asks_itself(struct grapher *graph, const struct form_node *node)
{
    const struct form_rule *rule = graph->rule;
    bool itself =
        rule->kind == RULE_RELEVANT && rule->target == node && node->first_element == NULL;
    if (itself)
        loader_find(graph->loader, graph->loader->source->strict ? FORM_ERROR : FORM_WARNING,
                    rule->expression->element, "Let no value depend on itself.",
                    "cycle: %.200s -> %.200s", node->path, node->path);
    return itself;
}

static void on_reference(void *self, const char *path, bool deep)
{
    struct grapher *graph = self;
    const struct form *form = graph->loader->form;
    if (strncmp(path, "instance(", 9) == 0) {
        const char *end = strchr(path, ')');
        size_t length = strlen(form->primary_id);
        if (end == NULL || length == 0 || (size_t)(end - path) - 9 != length ||
            strncmp(path + 9, form->primary_id, length) != 0)
            return;
        path = end + 1;
    }
    struct form_node *node = xmlHashLookup(form->local_paths, (const xmlChar *)path);
    // The children of what an itemset lists are read too: their values, their labels.
    if (graph->rule->kind == RULE_CHOICES)
        deep = true;
    if (node != NULL && asks_itself(graph, node))
        return;
    if (node != NULL)
        read_node(graph, node, deep);
    else if (strstr(path, "//") != NULL || strchr(path, '*') != NULL)
        read_pattern(graph, path, deep);
}

/// Longest run of ".." in a path of the text.
static size_t climbs(const char *text)
{
    size_t longest = 0, run = 0;
    for (; *text != '\0'; text++) {
        if (text[0] == '.' && text[1] == '.') {
            run++;
            longest = run > longest ? run : longest;
            text++;
        } else if (*text != '/' && !isspace((unsigned char)*text)) {
            run = 0;
        }
    }
    return longest;
}

static bool reaches_siblings(const struct form_rule *rule)
{
    const char *text = rule->expression->text;
    return strchr(text, '[') != NULL || strstr(text, "indexed-repeat") != NULL ||
           strstr(text, "sibling") != NULL || strstr(text, "::") != NULL;
}

/// True when the expression stays within the repeat instance it stands in.
static bool is_local(const struct form_rule *rule)
{
    const struct form_node *target = rule->target;
    if (target->repeat == NULL || reaches_siblings(rule) || rule->expression->positions ||
        strstr(rule->expression->text, "//") != NULL || rule->kind == RULE_CHOICES)
        return false;
    return climbs(rule->expression->text) <= target->depth - target->repeat->depth;
}

static void add_edge(struct grapher *graph, size_t from, const struct form_reader *readers)
{
    for (; readers != NULL; readers = readers->next) {
        const struct form_rule *rule = readers->rule;
        const struct form_rule *source = graph->loaded[from];
        bool sibling = source->target->repeat != NULL && rule->target->repeat != NULL &&
                       reaches_siblings(rule);
        if (sibling || rule->kind == RULE_READONLY || rule->kind == RULE_REQUIRED ||
            rule->kind == RULE_COUNT || rule->kind == RULE_CHOICES)
            continue;
        struct edge *edge = ARENA_NEW(graph->scratch, struct edge);
        edge->to = rule->order;
        edge->next = graph->edges[from];
        graph->edges[from] = edge;
    }
}

static void add_edges(struct grapher *graph, size_t from)
{
    const struct form_rule *rule = graph->loaded[from];
    const struct form *form = graph->loader->form;
    if (rule->kind != RULE_CALCULATE && rule->kind != RULE_RELEVANT)
        return;
    size_t end = rule->kind == RULE_RELEVANT ? rule->target->end : rule->target->index + 1;
    for (size_t i = rule->target->index; i < end; i++) {
        add_edge(graph, from, form->nodes[i]->readers);
        add_edge(graph, from, form->nodes[i]->deep_readers);
    }
    for (const struct form_node *at = rule->target->parent; at != NULL; at = at->parent)
        add_edge(graph, from, at->deep_readers);
}

static void report_cycle(struct grapher *graph, const size_t *stack, size_t depth, size_t to)
{
    char text[300];
    size_t used = 0, start = 0;
    while (start < depth && stack[start] != to)
        start++;
    text[0] = '\0';
    for (size_t i = start; i <= depth && used < sizeof text - 1; i++) {
        const struct form_rule *rule = graph->loaded[i < depth ? stack[i] : to];
        int wrote = snprintf(text + used, sizeof text - used, "%s%s", i > start ? " -> " : "",
                             rule->target->path);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
    loader_find(graph->loader, FORM_ERROR, graph->loaded[to]->expression->element,
                "Let no value depend on itself.", "cycle: %s", text);
}

/// Depth first with a stack of our own; numbers rules behind all that they feed.
static void visit(struct grapher *graph, size_t start, size_t *stack, struct edge **next,
                  size_t *number)
{
    size_t depth = 0;
    stack[depth] = start;
    next[depth++] = graph->edges[start];
    graph->marks[start] = 1;
    while (depth > 0) {
        struct edge *edge = next[depth - 1];
        if (edge == NULL) {
            size_t done = stack[--depth];
            graph->marks[done] = 2;
            graph->loaded[done]->order = --*number;
            continue;
        }
        next[depth - 1] = edge->next;
        if (graph->marks[edge->to] == 1) {
            if (graph->loader->error_count < 20)
                report_cycle(graph, stack, depth, edge->to);
        } else if (graph->marks[edge->to] == 0) {
            graph->marks[edge->to] = 1;
            stack[depth] = edge->to;
            next[depth++] = graph->edges[edge->to];
        }
    }
}

static void order_rules(struct grapher *graph)
{
    struct form *form = graph->loader->form;
    size_t count = form->rule_count;
    size_t *stack = arena_array(graph->scratch, count + 1, sizeof *stack);
    struct edge **next = ARENA_ARRAY(graph->scratch, struct edge *, count + 1);
    graph->edges = ARENA_ARRAY(graph->scratch, struct edge *, count + 1);
    graph->marks = arena_alloc(graph->scratch, count + 1);
    for (size_t i = 0; i < count; i++)
        add_edges(graph, i);
    size_t number = count;
    for (size_t i = count; i > 0; i--) {
        if (graph->marks[i - 1] == 0)
            visit(graph, i - 1, stack, next, &number);
    }
    for (size_t i = 0; i < count; i++)
        form->rules[graph->loaded[i]->order] = graph->loaded[i];
}

void graph_build(struct form_loader *loader)
{
    struct form *form = loader->form;
    struct grapher graph = {.loader = loader, .scratch = arena_new(0)};
    form->rules = ARENA_ARRAY(form->arena, struct form_rule *, form->rule_count + 1);
    graph.loaded = ARENA_ARRAY(graph.scratch, struct form_rule *, form->rule_count + 1);
    for (struct form_rule *rule = form->loaded_rules; rule != NULL; rule = rule->next_loaded) {
        graph.loaded[rule->order] = rule;
        graph.rule = rule;
        rule->local = is_local(rule);
        if (rule->expression->constant < 0)
            xpath_each_reference(rule->expression->compiled, rule->target->path, on_reference,
                                 &graph);
    }
    order_rules(&graph);
    arena_free(graph.scratch);
}
