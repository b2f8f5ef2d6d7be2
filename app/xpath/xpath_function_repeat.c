// SPDX-License-Identifier: GPL-3.0-or-later
// randomize() and indexed-repeat().
//
// Seeded shuffles are the same on every ODK engine: inside-out Fisher-Yates over the Park-Miller
// minimal standard generator (a = 16807, m = 2^31 - 1). A seed that is no number is the first 64
// bits of its SHA-256.
#include "xpath_internal.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PARK_MILLER_A = 16807, PARK_MILLER_M = 2147483647 };

static int64_t first_state(int64_t seed)
{
    int64_t state = seed % PARK_MILLER_M;
    return state <= 0 ? state + PARK_MILLER_M - 1 : state;
}

static double next_random(int64_t *state)
{
    *state = *state * PARK_MILLER_A % PARK_MILLER_M;
    return (double)(*state - 1) / (PARK_MILLER_M - 1);
}

static enum err seed_of_text(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                             const char *text, int64_t *seed)
{
    enum err err = xpath_need_crypto(evaluation, call);
    if (err != ERR_OK)
        return err;
    const struct crypto *crypto = evaluation->host->crypto;
    uint8_t digest[CRYPTO_DIGEST_MAX] = {0};
    (void)crypto->ops->digest(crypto->self, DIGEST_SHA256, text, strlen(text), digest);
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | digest[i];
    memcpy(seed, &bits, sizeof *seed);
    return ERR_OK;
}

static enum err read_seed(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                          int64_t *seed)
{
    struct xpath_value value = {0};
    enum err err = xpath_evaluate_node(evaluation, call->arguments[1], call->focus, &value);
    if (err != ERR_OK)
        return err;
    double number = trunc(xpath_to_number(evaluation->host, &value));
    char *text = xpath_to_string(evaluation->host, &value);
    *seed = 0;
    if (fabs(number) < 9e15)
        *seed = (int64_t)number;
    else if (text[0] != '\0')
        err = seed_of_text(evaluation, call, text, seed);
    xpath_string_free(text);
    xpath_value_clear(&value);
    return err;
}

static enum err shuffle(struct xpath_evaluation *evaluation, struct xpath_value *nodes, bool seeded,
                        int64_t seed)
{
    int64_t state = first_state(seed);
    xmlNode **original = xpath_grow(NULL, nodes->node_count + 1, sizeof *original);
    if (nodes->node_count > 0)
        memcpy(original, nodes->nodes, nodes->node_count * sizeof *original);
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < nodes->node_count; i++) {
        double random = 0;
        if (seeded)
            random = next_random(&state);
        else
            err = xpath_random(evaluation, &random);
        size_t other = (size_t)floor(random * (double)(i + 1));
        other = other <= i ? other : i;
        nodes->nodes[i] = nodes->nodes[other];
        nodes->nodes[other] = original[i];
    }
    free(original);
    return err;
}

static enum err call_randomize(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                               struct xpath_value *out)
{
    bool seeded = call->count > 1;
    int64_t seed = 0;
    enum err err =
        seeded ? read_seed(evaluation, call, &seed) : xpath_need_crypto(evaluation, call);
    if (err == ERR_OK)
        err = xpath_argument_nodes(evaluation, call, 0, out);
    if (err == ERR_OK)
        err = shuffle(evaluation, out, seeded, seed);
    if (err != ERR_OK)
        xpath_value_clear(out);
    return err;
}

// ------------------------------------------------------------------ indexed-repeat

enum { MAXIMUM_INDEXES = 3 };

/// The repeat instances that were asked for, one list a level.
struct indexes {
    struct xpath_map *chosen[MAXIMUM_INDEXES];
    struct xpath_map *series[MAXIMUM_INDEXES]; ///< all instances of the same repeats
    size_t count;
};

static bool same_element(const xmlNode *a, const xmlNode *b)
{
    return a->type == XML_ELEMENT_NODE && b->type == XML_ELEMENT_NODE &&
           text_equal((const char *)a->name, (const char *)b->name);
}

/// Adds the elements under `parent` that have the same names as a known one at the same place;
/// names[0] is the deepest.
static void add_alike(const xmlNode *parent, const xmlNode *const *names, size_t depth,
                      struct xpath_list *out, size_t *visits)
{
    for (xmlNode *child = parent->children; child != NULL; child = child->next) {
        (*visits)++;
        if (!same_element(child, names[depth - 1]))
            continue;
        if (depth == 1)
            xpath_list_add(out, child);
        else
            add_alike(child, names, depth - 1, out, visits);
    }
}

static void add_all_like(const xmlNode *node, struct xpath_list *out, size_t *visits)
{
    const xmlNode *names[LIMIT_FORM_DEPTH];
    size_t depth = 0;
    for (; node != NULL && node->type == XML_ELEMENT_NODE && depth < LIMIT_FORM_DEPTH;
         node = node->parent)
        names[depth++] = node;
    if (node != NULL && depth > 0 && depth < LIMIT_FORM_DEPTH)
        add_alike(node, names, depth, out, visits);
}

/// A relative path from within a repeat reaches one instance only: takes what has the same names in
/// all of them.
static enum err widen(struct xpath_evaluation *evaluation, struct xpath_value *nodes)
{
    struct xpath_map *known = xpath_map_new();
    struct xpath_list all = {0};
    size_t visits = 0, marked = 0;
    bool is_new;
    for (size_t i = 0; i < nodes->node_count && visits < evaluation->visits_left; i++) {
        if (xpath_map_has(known, nodes->nodes[i]))
            continue;
        add_all_like(nodes->nodes[i], &all, &visits);
        for (; marked < all.count; marked++)
            (void)xpath_map_at(known, all.nodes[marked], &is_new);
    }
    xpath_map_free(known);
    xpath_value_clear(nodes);
    enum err err = xpath_visit(evaluation, visits);
    if (err == ERR_OK)
        err = xpath_list_normalise(evaluation, &all);
    xpath_set_list(nodes, &all);
    if (err != ERR_OK)
        xpath_value_clear(nodes);
    return err;
}

static bool is_plain_relative(const struct xpath_node *node)
{
    bool plain = node->kind == KIND_PATH && !node->absolute;
    for (size_t i = 0; plain && i < node->step_count; i++)
        plain = node->steps[i].predicate_count == 0 && node->steps[i].axis != AXIS_ATTRIBUTE;
    return plain;
}

/// Nodes of an argument in all repeat instances: "../item/value" means what it would from any of
/// them.
static enum err generic_nodes(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                              size_t index, struct xpath_value *out)
{
    bool before = evaluation->unbound;
    evaluation->unbound = true;
    enum err err = xpath_argument_nodes(evaluation, call, index, out);
    evaluation->unbound = before;
    return err == ERR_OK && is_plain_relative(call->arguments[index]) ? widen(evaluation, out)
                                                                      : err;
}

static size_t number_in_series(const xmlNode *node)
{
    size_t number = 1;
    for (const xmlNode *prev = node->prev; prev != NULL; prev = prev->prev)
        number += same_element(prev, node) ? 1 : 0;
    return number;
}

/// Marks the instances of one repeat, and those among them with the wanted number in their series.
static enum err choose(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                       size_t level, struct indexes *indexes)
{
    struct xpath_value nodes = {0};
    double wanted = 0;
    enum err err = xpath_argument_number(evaluation, call, 2 + 2 * level, &wanted);
    if (err == ERR_OK)
        err = generic_nodes(evaluation, call, 1 + 2 * level, &nodes);
    if (err != ERR_OK)
        return err;
    indexes->chosen[level] = xpath_map_new();
    indexes->series[level] = xpath_map_new();
    indexes->count = level + 1;
    size_t number = 0, visits = 0;
    const xmlNode *last = NULL;
    for (size_t i = 0; i < nodes.node_count; i++) {
        const xmlNode *node = nodes.nodes[i];
        bool follows =
            last != NULL && last->parent == node->parent && same_element(last, node) && number > 0;
        number = follows ? number + 1 : number_in_series(node);
        visits += follows ? 1 : number;
        last = node;
        bool is_new;
        (void)xpath_map_at(indexes->series[level], node, &is_new);
        if ((double)number == trunc(wanted))
            (void)xpath_map_at(indexes->chosen[level], node, &is_new);
    }
    xpath_value_clear(&nodes);
    return xpath_visit(evaluation, visits);
}

/// The context node's own instance of the series that `node` belongs to.
static const xmlNode *own_instance(const struct xpath_evaluation *evaluation, const xmlNode *node)
{
    for (const xmlNode *at = evaluation->context; at != NULL; at = xpath_parent(at))
        if (xpath_parent(at) == xpath_parent(node))
            return same_element(at, node) ? at : NULL;
    return NULL;
}

/// A target stays when each indexed repeat it stands in is the chosen one, and every other repeat
/// is the context's own.
static bool is_wanted(const struct xpath_evaluation *evaluation, const struct indexes *indexes,
                      const xmlNode *target)
{
    const struct xpath_host *host = evaluation->host;
    size_t found = 0;
    for (const xmlNode *node = target; node != NULL && xpath_parent(node) != NULL;
         node = xpath_parent(node)) {
        bool indexed = false;
        for (size_t level = 0; level < indexes->count; level++) {
            if (!xpath_map_has(indexes->series[level], node))
                continue;
            if (!xpath_map_has(indexes->chosen[level], node))
                return false;
            indexed = true;
            found++;
        }
        bool repeat = !indexed && host->is_repeat != NULL && host->is_repeat(host->self, node);
        const xmlNode *own = repeat ? own_instance(evaluation, node) : NULL;
        if (own != NULL && own != node)
            return false;
    }
    return found == indexes->count;
}

static void indexes_free(struct indexes *indexes)
{
    for (size_t i = 0; i < MAXIMUM_INDEXES; i++) {
        xpath_map_free(indexes->chosen[i]);
        xpath_map_free(indexes->series[i]);
    }
}

static enum err select_targets(struct xpath_evaluation *evaluation, const struct xpath_call *call,
                               const struct indexes *indexes, struct xpath_value *out)
{
    enum err err = generic_nodes(evaluation, call, 0, out);
    if (err != ERR_OK)
        return err;
    size_t kept = 0;
    for (size_t i = 0; i < out->node_count; i++)
        if (is_wanted(evaluation, indexes, out->nodes[i]))
            out->nodes[kept++] = out->nodes[i];
    out->node_count = kept;
    return ERR_OK;
}

/// indexed-repeat(node, repeat, index, ...): the node in the instance that has each number in its
/// series.
static enum err call_indexed_repeat(struct xpath_evaluation *evaluation,
                                    const struct xpath_call *call, struct xpath_value *out)
{
    if (call->count % 2 == 0)
        return fail_set(evaluation->why, ERR_INPUT,
                        "indexed-repeat() at %zu has a repeat without an index",
                        call->node->function_position);
    struct indexes indexes = {.count = 0};
    enum err err = ERR_OK;
    for (size_t level = 0; err == ERR_OK && 1 + 2 * level < call->count; level++)
        err = choose(evaluation, call, level, &indexes);
    if (err == ERR_OK)
        err = select_targets(evaluation, call, &indexes, out);
    indexes_free(&indexes);
    return err;
}

const struct xpath_function xpath_repeat_functions[] = {
    {"randomize", 1, 2, FUNCTION_RANDOM, call_randomize, NULL},
    {"indexed-repeat", 3, 7, FUNCTION_CONTEXT, call_indexed_repeat, NULL},
    {NULL, 0, 0, 0, NULL, NULL},
};
