// SPDX-License-Identifier: GPL-3.0-or-later
// What an expression reads, as definition paths: a walk over the tree that follows each location
// path by name only. A path that cannot be followed by name keeps "*" or "//" in it; names are
// local names, attributes have "@" in front.
#include "xpath_internal.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 8192 };

struct walk {
    void (*each)(void *self, const char *path, bool deep);
    void *self;
    const char *context; ///< what current() is
};

static void walk_node(const struct walk *walk, const struct xpath_node *node, const char *base);
static void walk_part(const struct walk *walk, const struct xpath_node *node, const char *base,
                      bool by_value);

static void report(const struct walk *walk, const char *path, bool deep)
{
    walk->each(walk->self, path[0] != '\0' ? path : "/", deep);
}

static void set_path(struct strbuf *path, const char *text)
{
    strbuf_clear(path);
    strbuf_adds(path, text);
}

// ------------------------------------------------------------------ steps by name

/// Takes the last name away. A path that ends in "*" or holds "//" at its end loses that name only.
static void go_up(struct strbuf *path)
{
    while (path->length > 0 && path->data[path->length - 1] != '/')
        path->length--;
    if (path->length > 0)
        path->length--;
    if (path->data != NULL)
        path->data[path->length] = '\0';
}

static const char *name_of(const struct xpath_step *step)
{
    return step->test == TEST_NAME && step->local != NULL ? step->local : "*";
}

static void go_down(struct strbuf *path, const char *before, const char *name)
{
    strbuf_adds(path, before);
    strbuf_adds(path, name);
}

/// Up to the nearest name that the step asks for; "//name" when there is none on the path.
static void go_to_ancestor(struct strbuf *path, const struct xpath_step *step)
{
    const char *name = name_of(step);
    size_t length = strlen(name);
    for (size_t at = path->length; at > 0; at--) {
        if (path->data[at - 1] != '/' || strncmp(path->data + at, name, length) != 0)
            continue;
        if (path->data[at + length] == '/' || path->data[at + length] == '\0') {
            path->length = at + length;
            path->data[path->length] = '\0';
            return;
        }
    }
    strbuf_clear(path);
    go_down(path, "//", name);
}

/// Moves a path one step on. Returns true when the string value of what is there may be a whole
/// subtree.
static bool follow(struct strbuf *path, const struct xpath_step *step)
{
    bool self_test = step->test == TEST_NODE;
    switch (step->axis) {
    case AXIS_CHILD:
        if (step->test == TEST_TEXT || step->test == TEST_COMMENT || step->test == TEST_INSTRUCTION)
            return false;
        go_down(path, "/", name_of(step));
        return step->test != TEST_NAME;
    case AXIS_ATTRIBUTE: go_down(path, "/@", name_of(step)); return false;
    case AXIS_SELF: return true;
    case AXIS_PARENT: go_up(path); return true;
    case AXIS_DESCENDANT:
    case AXIS_DESCENDANT_OR_SELF:
        if (!self_test || step->axis == AXIS_DESCENDANT)
            go_down(path, "//", name_of(step));
        else
            strbuf_adds(path, "/"); // the next step adds "/name": "//name"
        return true;
    case AXIS_ANCESTOR:
        go_up(path);
        go_to_ancestor(path, step);
        return true;
    case AXIS_ANCESTOR_OR_SELF: go_to_ancestor(path, step); return true;
    case AXIS_FOLLOWING_SIBLING:
    case AXIS_PRECEDING_SIBLING:
        go_up(path);
        go_down(path, "/", name_of(step));
        return true;
    case AXIS_FOLLOWING:
    case AXIS_PRECEDING:
        strbuf_clear(path);
        go_down(path, "//", name_of(step));
        return true;
    case AXIS_NAMESPACE:
    case AXIS_COUNT: break;
    }
    return false;
}

// ------------------------------------------------------------------ where a path starts

static bool is_call(const struct xpath_node *node, const char *name)
{
    return node->kind == KIND_CALL && text_equal(node->text, name);
}

/// The definition path an expression denotes, with what stands in its predicates reported on the
/// way. False: unknown.
static bool resolve(const struct walk *walk, const struct xpath_node *node, const char *base,
                    struct strbuf *path, bool *deep)
{
    *deep = true;
    if (node->kind == KIND_FILTER) {
        if (!resolve(walk, node->arguments[0], base, path, deep))
            return false;
        for (size_t i = 0; i < node->predicate_count; i++)
            walk_node(walk, node->predicates[i], strbuf_text(path));
        return true;
    }
    if (is_call(node, "current")) {
        set_path(path, walk->context);
        return true;
    }
    if (is_call(node, "instance") && node->argument_count == 1 &&
        node->arguments[0]->kind == KIND_LITERAL) {
        strbuf_clear(path);
        strbuf_addf(path, "instance(%s)", node->arguments[0]->text);
        return true;
    }
    if (is_call(node, "randomize") && node->argument_count > 0) {
        if (node->argument_count > 1)
            walk_node(walk, node->arguments[1], base);
        return resolve(walk, node->arguments[0], base, path, deep);
    }
    if (node->kind != KIND_PATH)
        return false;
    if (node->argument_count > 0 && !resolve(walk, node->arguments[0], base, path, deep))
        return false;
    if (node->argument_count == 0)
        set_path(path, node->absolute ? "" : base);
    for (size_t i = 0; i < node->step_count && !path->failed; i++) {
        *deep = follow(path, &node->steps[i]);
        for (size_t k = 0; k < node->steps[i].predicate_count; k++)
            walk_node(walk, node->steps[i].predicates[k], strbuf_text(path));
    }
    return !path->failed;
}

static void walk_path(const struct walk *walk, const struct xpath_node *node, const char *base,
                      bool by_value)
{
    struct strbuf path;
    strbuf_init(&path, PATH_BYTES);
    bool deep = true;
    if (resolve(walk, node, base, &path, &deep))
        report(walk, strbuf_text(&path), deep && by_value);
    else if (node->argument_count > 0)
        // It starts at a function's answer: what that reads is all we know.
        walk_part(walk, node->arguments[0], base, by_value);
    strbuf_free(&path);
}

/// Functions that read more than their arguments say.
static void walk_hidden(const struct walk *walk, const struct xpath_node *node)
{
    bool literal = node->argument_count > 0 && node->arguments[0]->kind == KIND_LITERAL;
    if (is_call(node, "pulldata") && literal) {
        struct strbuf path;
        strbuf_init(&path, PATH_BYTES);
        strbuf_addf(&path, "instance(%s)", node->arguments[0]->text);
        report(walk, strbuf_text(&path), true);
        strbuf_free(&path);
    }
}

static bool denotes_nodes(const struct xpath_node *node)
{
    return node->kind == KIND_PATH || node->kind == KIND_FILTER || is_call(node, "current") ||
           is_call(node, "instance") || is_call(node, "randomize");
}

/// Which nodes there are is all that counts in count(), position(), the repeats of
/// indexed-repeat().
static bool reads_value(const struct xpath_node *call, size_t argument)
{
    if (call->kind != KIND_CALL || call->function == NULL)
        return true;
    bool repeat = is_call(call, "indexed-repeat") && argument % 2 == 1;
    return !repeat && !(call->function->flags & FUNCTION_STRUCTURE);
}

static void walk_part(const struct walk *walk, const struct xpath_node *node, const char *base,
                      bool by_value)
{
    if (denotes_nodes(node)) {
        walk_path(walk, node, base, by_value);
        return;
    }
    walk_hidden(walk, node);
    bool implicit = node->kind == KIND_CALL && node->function != NULL &&
                    node->argument_count == 0 && (node->function->flags & FUNCTION_IMPLICIT) &&
                    !(node->function->flags & FUNCTION_POSITION);
    if (implicit)
        report(walk, base, true);
    for (size_t i = 0; i < node->argument_count; i++)
        walk_part(walk, node->arguments[i], base, reads_value(node, i));
}

static void walk_node(const struct walk *walk, const struct xpath_node *node, const char *base)
{
    walk_part(walk, node, base, true);
}

void xpath_each_reference(const struct xpath_expression *expression, const char *context_path,
                          void (*each)(void *self, const char *path, bool deep), void *self)
{
    struct walk walk = {.each = each, .self = self, .context = context_path};
    walk_node(&walk, expression->root, context_path);
}

// ------------------------------------------------------------------ which functions it calls

struct question {
    unsigned flags;
    const char *name;
};

static bool any_calls(struct xpath_node *const *nodes, size_t count,
                      const struct question *question);

static bool calls(const struct xpath_node *node, const struct question *question)
{
    if (node->kind == KIND_CALL) {
        if (node->function != NULL && (node->function->flags & question->flags))
            return true;
        if (question->name != NULL && text_equal(node->text, question->name))
            return true;
    }
    for (size_t i = 0; i < node->step_count; i++)
        if (any_calls(node->steps[i].predicates, node->steps[i].predicate_count, question))
            return true;
    return any_calls(node->arguments, node->argument_count, question) ||
           any_calls(node->predicates, node->predicate_count, question);
}

static bool any_calls(struct xpath_node *const *nodes, size_t count,
                      const struct question *question)
{
    for (size_t i = 0; i < count; i++)
        if (calls(nodes[i], question))
            return true;
    return false;
}

bool xpath_is_volatile(const struct xpath_expression *expression)
{
    const struct question question = {.flags =
                                          FUNCTION_VOLATILE | FUNCTION_POSITION | FUNCTION_RANDOM};
    return calls(expression->root, &question);
}

bool xpath_calls(const struct xpath_expression *expression, const char *function)
{
    const struct question question = {.name = function};
    return calls(expression->root, &question);
}
