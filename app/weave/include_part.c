// SPDX-License-Identifier: GPL-3.0-or-later
// The files that a form is put together from, and copies of what stands in them.
#include "include_internal.h"

#include "yimen/base/text.h"

#include <libxml/xpath.h>
#include <libxml/xpointer.h>

enum { POINTER_STEPS = 1000000 };

struct part *include_add(struct expansion *expansion, const char *path, struct fail *why)
{
    if (expansion->file_count == INCLUDE_FILES) {
        (void)fail_set(why, ERR_FULL, "more than %d files", INCLUDE_FILES);
        return NULL;
    }
    struct part *part = &expansion->files[expansion->file_count++];
    (void)text_copy(part->path, sizeof part->path, path);
    return part;
}

static size_t tree_size(const xmlNode *node)
{
    size_t size = 1;
    for (const xmlNode *child = dom_first_element(node); child != NULL;
         child = dom_next_element(child))
        size += tree_size(child);
    return size;
}

enum err include_copy(struct expansion *expansion, xmlNode *before, xmlNode *node, struct fail *why)
{
    if (node->type != XML_ELEMENT_NODE)
        return fail_set(why, ERR_INPUT, "the pointer must name elements");
    expansion->node_count += tree_size(node);
    if (expansion->node_count > LIMIT_FORM_NODES)
        return fail_set(why, ERR_FULL, "more than %d elements", LIMIT_FORM_NODES);
    xmlNode *copy = xmlDocCopyNode(node, before->doc, 1);
    if (copy == NULL)
        return fail_set(why, ERR_RETRY, "no memory");
    origin_copy(copy, node);
    xmlAddPrevSibling(before, copy);
    xmlNode *line = xmlNewDocText(before->doc, BAD_CAST "\n");
    if (line != NULL)
        xmlAddPrevSibling(before, line);
    return ERR_OK;
}

static void keep_silent(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

enum err include_select(struct expansion *expansion, xmlNode *before, const xmlDoc *from,
                        const char *pointer, struct fail *why)
{
    xmlXPathContext *context = xmlXPtrNewContext((xmlDoc *)(uintptr_t)from, NULL, NULL);
    if (context == NULL)
        return fail_set(why, ERR_RETRY, "no memory");
    context->opLimit = POINTER_STEPS;
    context->error = keep_silent;
    xmlXPathObject *found = xmlXPtrEval(BAD_CAST pointer, context);
    const xmlNodeSet *set =
        found != NULL && found->type == XPATH_NODESET ? found->nodesetval : NULL;
    int count = set != NULL ? set->nodeNr : 0;
    enum err err =
        count > 0 ? ERR_OK : fail_set(why, ERR_INPUT, "\"%.80s\" names nothing there", pointer);
    for (int i = 0; err == ERR_OK && i < count; i++)
        err = include_copy(expansion, before, set->nodeTab[i], why);
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    return err;
}
