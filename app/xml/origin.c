// SPDX-License-Identifier: GPL-3.0-or-later
// Where the lines of a form written in parts stand, so that a message names the part and not the
// whole that nobody has written.
#include "yimen/xml/origin_tree.h"

#include "yimen/base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct origin {
    int line; ///< of the whole
    int part, part_line;
};

struct xml_origins {
    char name[256]; ///< of the form
    char parts[ORIGIN_PARTS][ORIGIN_PATH];
    size_t count, room;
    struct origin *lines; ///< by `line`
};

void origin_mark(xmlNode *node, int part)
{
    node->_private = (void *)(uintptr_t)part;
    for (xmlNode *child = dom_first_element(node); child != NULL; child = dom_next_element(child))
        origin_mark(child, part);
}

void origin_copy(xmlNode *to, const xmlNode *from)
{
    to->_private = from->_private;
    to->line = from->line;
    xmlNode *copy = dom_first_element(to);
    for (const xmlNode *child = dom_first_element(from); child != NULL && copy != NULL;
         child = dom_next_element(child), copy = dom_next_element(copy))
        origin_copy(copy, child);
}

struct xml_origins *origins_new(const char *name)
{
    struct xml_origins *origins = calloc(1, sizeof *origins);
    if (origins == NULL)
        abort();
    (void)text_copy(origins->name, sizeof origins->name, name);
    return origins;
}

void origins_name(struct xml_origins *origins, int part, const char *path)
{
    char folder[sizeof origins->name];
    (void)text_copy(folder, sizeof folder, origins->name);
    char *slash = strrchr(folder, '/');
    *(slash != NULL ? slash + 1 : folder) = '\0';
    if (part > 0 && part < ORIGIN_PARTS)
        (void)snprintf(origins->parts[part], ORIGIN_PATH, "%s%s", folder, path);
}

static void add(struct xml_origins *origins, const struct origin *origin)
{
    if (origins->count == origins->room) {
        size_t room = origins->room == 0 ? 1024 : origins->room * 2;
        struct origin *lines = realloc(origins->lines, room * sizeof *lines);
        if (lines == NULL)
            abort();
        origins->lines = lines;
        origins->room = room;
    }
    origins->lines[origins->count++] = *origin;
}

void origins_read(struct xml_origins *origins, const xmlNode *whole, const xmlNode *made)
{
    add(origins, &(struct origin){.line = (int)xmlGetLineNo(whole),
                                  .part = (int)(uintptr_t)made->_private,
                                  .part_line = (int)xmlGetLineNo(made)});
    const xmlNode *other = dom_first_element(made);
    for (const xmlNode *child = dom_first_element(whole); child != NULL && other != NULL;
         child = dom_next_element(child), other = dom_next_element(other))
        origins_read(origins, child, other);
}

void xml_origins_free(struct xml_origins *origins)
{
    if (origins == NULL)
        return;
    free(origins->lines);
    free(origins);
}

bool xml_origins_find(const struct xml_origins *origins, int line, const char **file, int *at)
{
    const struct origin *best = NULL;
    for (size_t i = 0; origins != NULL && i < origins->count; i++) {
        const struct origin *one = &origins->lines[i];
        if (one->line <= line && (best == NULL || one->line > best->line))
            best = one;
    }
    if (best == NULL || best->part < 0 || best->part >= ORIGIN_PARTS)
        return false;
    *file = best->part == 0 ? origins->name : origins->parts[best->part];
    *at = best->part_line + (line - best->line);
    return true;
}
