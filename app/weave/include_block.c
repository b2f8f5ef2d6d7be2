// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks that a form takes whole, in one line among its data. Lists, binds and screens follow the
// order of the data: a block's come before the form's own of whatever stands behind it there.
#include "include_internal.h"

#include "yimen/base/text.h"
#include "yimen/form/uris.h"

#include <string.h>

struct frame {
    xmlNode *model, *data, *body;
};

static bool find_frame(const xmlDoc *form, struct frame *out)
{
    const xmlNode *html = xmlDocGetRootElement(form);
    const xmlNode *head = dom_child(html, XHTML_URI, "head");
    out->model = head != NULL ? dom_child(head, XFORMS_URI, "model") : NULL;
    const xmlNode *instance =
        out->model != NULL ? dom_child(out->model, XFORMS_URI, "instance") : NULL;
    out->data = instance != NULL ? dom_first_element(instance) : NULL;
    out->body = dom_child(html, XHTML_URI, "body");
    return out->data != NULL && out->body != NULL;
}

/// How many parts of the data stand before the one that `node` is or stands in.
static int place_of(const struct frame *frame, const xmlNode *node)
{
    int place = 0;
    while (node != NULL && node->parent != frame->data)
        node = node->parent;
    for (const xmlNode *at = dom_first_element(frame->data); at != node && at != NULL;
         at = dom_next_element(at))
        place++;
    return place;
}

/// The same for what a ref or nodeset names, "/data/about/who"; -1: nothing there.
static int place_named(const struct frame *frame, const char *path)
{
    const char *root = path[0] == '/' ? strchr(path + 1, '/') : NULL;
    if (root == NULL)
        return -1;
    size_t length = strcspn(root + 1, "/");
    for (const xmlNode *at = dom_first_element(frame->data); at != NULL; at = dom_next_element(at))
        if (strncmp((const char *)at->name, root + 1, length) == 0 && at->name[length] == '\0')
            return place_of(frame, at);
    return -1;
}

/// Where the first thing stands that an element of the model or the body is about; -1: nothing.
static int place_about(const struct frame *frame, struct arena *arena, const xmlNode *node)
{
    static const char *const names[] = {"nodeset", "ref"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = dom_attribute(arena, node, NULL, names[i]);
        int place = path != NULL ? place_named(frame, path) : -1;
        if (place >= 0)
            return place;
    }
    for (const xmlNode *child = dom_first_element(node); child != NULL;
         child = dom_next_element(child)) {
        int place = place_about(frame, arena, child);
        if (place >= 0)
            return place;
    }
    return -1;
}

/// The first child of `parent` called `name` (NULL: any) that is about something behind `place`, or
/// in it; NULL: none is.
static xmlNode *first_behind(const struct frame *frame, xmlNode *parent, const char *name,
                             int place)
{
    struct arena *arena = arena_new(0);
    xmlNode *found = NULL;
    for (xmlNode *child = dom_first_element(parent); child != NULL && found == NULL;
         child = dom_next_element(child))
        if ((name == NULL || dom_has_local(child, name)) &&
            place_about(frame, arena, child) >= place)
            found = child;
    arena_free(arena);
    return found;
}

static xmlNode *last_named(xmlNode *parent, const char *name)
{
    xmlNode *last = NULL;
    for (xmlNode *child = dom_first_element(parent); child != NULL; child = dom_next_element(child))
        if (dom_has_local(child, name))
            last = child;
    return last;
}

/// A place in front of `before`, or at the end of `parent`: close what was opened.
struct spot {
    xmlNode *before, *end;
};

static struct spot open_spot(xmlNode *parent, xmlNode *before)
{
    if (before != NULL)
        return (struct spot){before, NULL};
    xmlNode *end = xmlAddChild(parent, xmlNewDocComment(parent->doc, BAD_CAST ""));
    return (struct spot){end, end};
}

static void close_spot(const struct spot *spot)
{
    xmlUnlinkNode(spot->end);
    xmlFreeNode(spot->end);
}

static enum err insert(struct expansion *expansion, xmlNode *parent, xmlNode *before,
                       const struct part *part, const char *pointer, struct fail *why)
{
    const struct spot spot = open_spot(parent, before);
    enum err err = include_select(expansion, spot.before, part->doc, pointer, why);
    close_spot(&spot);
    return err;
}

static bool has_piece(const struct part *part, const char *id)
{
    return xmlGetID(part->doc, BAD_CAST id) != NULL;
}

static bool has_instance(const struct frame *frame, const char *id)
{
    struct arena *arena = arena_new(0);
    bool found = false;
    for (const xmlNode *at = dom_first_element(frame->model); at != NULL && !found;
         at = dom_next_element(at)) {
        const char *its =
            dom_has_local(at, "instance") ? dom_attribute(arena, at, NULL, "id") : NULL;
        found = its != NULL && text_equal(its, id);
    }
    arena_free(arena);
    return found;
}

/// Lists stand behind those that are there; one that another block has brought is not brought
/// again.
static enum err place_lists(struct expansion *expansion, const struct frame *frame,
                            const struct part *part, struct fail *why)
{
    struct arena *arena = arena_new(0);
    const xmlAttr *holder = xmlGetID(part->doc, BAD_CAST "lists");
    enum err err = ERR_OK;
    for (xmlNode *list = dom_first_element(holder->parent); list != NULL && err == ERR_OK;
         list = dom_next_element(list)) {
        const char *id = dom_attribute(arena, list, NULL, "id");
        xmlNode *last = last_named(frame->model, "instance");
        const struct spot spot = open_spot(frame->model, dom_next_element(last));
        if (id != NULL && !has_instance(frame, id))
            err = include_copy(expansion, spot.before, list, why);
        close_spot(&spot);
    }
    arena_free(arena);
    return err;
}

static enum err place_block(struct expansion *expansion, const struct frame *frame,
                            const struct whole_block *block, struct fail *why)
{
    const struct part *part = block->part;
    int place = place_of(frame, block->data);
    enum err err = ERR_OK;
    if (!part->is_placed[BLOCK_LISTS] && has_piece(part, "lists"))
        err = place_lists(expansion, frame, part, why);
    if (err == ERR_OK && !part->is_placed[BLOCK_BINDS] && has_piece(part, "binds"))
        err = insert(expansion, frame->model, first_behind(frame, frame->model, "bind", place),
                     part, "xpointer(id('binds')/*)", why);
    if (err == ERR_OK && !part->is_placed[BLOCK_BODY] && has_piece(part, "body"))
        err = insert(expansion, frame->body, first_behind(frame, frame->body, NULL, place + 1),
                     part, "xpointer(id('body')/*)", why);
    return err ? fail_prefix(why, err, "%s", part->path) : ERR_OK;
}

enum err blocks_place(struct expansion *expansion, xmlDoc *form, struct fail *why)
{
    struct frame frame;
    enum err err = ERR_OK;
    if (expansion->block_count == 0)
        return ERR_OK;
    if (!find_frame(form, &frame))
        return fail_set(why, ERR_INPUT, "%s: no form takes this block", expansion->parts->name);
    for (size_t i = 0; i < expansion->block_count && err == ERR_OK; i++)
        err = place_block(expansion, &frame, &expansion->blocks[i], why);
    return err;
}
