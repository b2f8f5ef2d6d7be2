// SPDX-License-Identifier: GPL-3.0-or-later
// Values that come from where and when the record is made.
#include "record_internal.h"

#include <stdlib.h>

static void set_expression(struct record *record, xmlNode *node,
                           const struct form_expression *expression)
{
    char *value = eval_string(record, expression, node);
    (void)store_value(record, node, value);
    free(value);
}

static void set_text(struct record *record, xmlNode *node, const char *text)
{
    if (text != NULL && text[0] != '\0')
        (void)store_value(record, node, text);
}

static void preload(struct record *record, xmlNode *node)
{
    const struct form *form = record->form;
    switch (state_of(node)->def->bind.preload) {
    case PRELOAD_NONE:
    case PRELOAD_END: break;
    case PRELOAD_UID: set_expression(record, node, form->uid); break;
    case PRELOAD_START: set_expression(record, node, form->now); break;
    case PRELOAD_TODAY: set_expression(record, node, form->today); break;
    case PRELOAD_DEVICE: set_text(record, node, record->device_id); break;
    case PRELOAD_USER: set_text(record, node, record->user_name); break;
    case PRELOAD_EMAIL: set_text(record, node, record->email); break;
    case PRELOAD_PHONE: set_text(record, node, record->phone_number); break;
    }
}

void preload_run(struct record *record, xmlNode *from)
{
    if (from->type != XML_ELEMENT_NODE)
        return;
    if (tree_is_leaf(from))
        preload(record, from);
    for (xmlAttr *at = from->properties; at != NULL; at = at->next) {
        if (at->_private != NULL)
            preload(record, (xmlNode *)at);
    }
    for (xmlNode *child = from->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            preload_run(record, child);
    }
}

struct finish {
    struct record *record;
};

static void set_end(void *context, xmlNode *node)
{
    struct finish *finish = context;
    set_expression(finish->record, node, finish->record->form->now);
}

void preload_finish(struct record *record)
{
    const struct form *form = record->form;
    struct finish finish = {record};
    for (size_t i = 0; i < form->node_count; i++) {
        if (form->nodes[i]->bind.preload == PRELOAD_END)
            tree_each(record, form->nodes[i], NULL, set_end, &finish);
    }
    xmlNode *id = form->instance_id != NULL ? tree_near(record, NULL, form->instance_id) : NULL;
    if (id != NULL && tree_value(id)[0] == '\0')
        set_expression(record, id, form->uid);
}
