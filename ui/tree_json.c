// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tree.h"
#include <jansson.h>
#include <stdlib.h>

static const char *const role_names[ROLE_COUNT] = {"text",  "heading",  "panel", "button",
                                                   "radio", "check",    "field", "key",
                                                   "image", "progress", "pad"};

static const char *const screen_names[SCREEN_COUNT] = {
    "attract",      "services",   "notice",      "who",        "identity",     "question",
    "repeat",       "papers",     "review",      "consent",    "commitment",   "signature",
    "saving",       "saved",      "rating",      "done",       "problem",      "staff-pin",
    "staff-queue",  "staff-case", "technician",  "track-find", "track-factor", "track-case",
    "policies",     "policy",     "fit",         "bundles",    "items",        "wanted",
    "ticket-offer", "ticket",     "staff-clock", "code",       "character",    "document"};

static const char *const overlay_names[] = {"none",     "idle",         "leave",  "call",
                                            "comfort",  "help",         "remove", "code",
                                            "withdraw", "form-changed", "answer"};

const char *role_name(enum role role)
{
    return role_names[role];
}

const char *screen_name(enum screen screen)
{
    return screen_names[screen];
}

const char *overlay_name(enum overlay overlay)
{
    return overlay_names[overlay];
}

static void set_flag(json_t *object, const char *name, bool value)
{
    json_object_set_new(object, name, json_boolean(value));
}

static json_t *node_json(const struct node *node)
{
    json_t *object = json_object();
    json_object_set_new(object, "id", json_string(node->id));
    json_object_set_new(object, "role", json_string(role_name(node->role)));
    json_object_set_new(object, "name", json_string(node->name));
    json_object_set_new(object, "value", json_string(node->value));
    json_object_set_new(object, "ref", json_string(node->action.ref ? node->action.ref : ""));
    json_object_set_new(object, "bounds",
                        json_pack("[iiii]", node->box.x, node->box.y, node->box.w, node->box.h));
    json_object_set_new(object, "page", json_integer(node->page < 0 ? 0 : node->page + 1));
    set_flag(object, "enabled", node_is_target(node));
    set_flag(object, "visible", !(node->state & STATE_AWAY));
    set_flag(object, "chosen", node->state & STATE_CHOSEN);
    set_flag(object, "active", node->state & STATE_ACTIVE);
    set_flag(object, "invalid", node->state & STATE_INVALID);
    set_flag(object, "focused", node->state & STATE_FOCUSED);
    return object;
}

void tree_json(const struct tree *tree, uint64_t frame, struct strbuf *out)
{
    json_t *root = json_object(), *nodes = json_array();
    for (size_t i = 0; i < tree->count; i++) {
        json_array_append_new(nodes, node_json(tree->nodes[i]));
    }
    json_object_set_new(root, "screen", json_string(screen_name(tree->screen)));
    json_object_set_new(root, "overlay", json_string(overlay_name(tree->overlay)));
    json_object_set_new(root, "language", json_string(tree->language ? tree->language : ""));
    json_object_set_new(root, "page", json_integer(tree->page + 1));
    json_object_set_new(root, "pages", json_integer(tree->pages));
    json_object_set_new(root, "frame", json_integer((json_int_t)frame));
    json_object_set_new(root, "nodes", nodes);
    char *text = json_dumps(root, JSON_COMPACT);
    if (text) {
        strbuf_adds(out, text);
        free(text);
    }
    json_decref(root);
}
