// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/weave/sentences.h"

#include "yimen/base/arena.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/xml/csv.h"
#include "yimen/xml/dom.h"

#include <libxml/dict.h>
#include <libxml/hash.h>
#include <stdlib.h>
#include <string.h>

struct sentences {
    struct arena *arena;
    struct sentence *rows;
    size_t count;
    xmlHashTable *by_id;
};

static enum err read_row(struct sentences *table, const xmlNode *item, struct fail *why)
{
    struct sentence *row = &table->rows[table->count];
    const xmlNode *id = dom_child(item, NULL, "id"), *text = dom_child(item, NULL, "text");
    row->line = item->line;
    row->id = id != NULL ? dom_trimmed(table->arena, dom_text(table->arena, id)) : "";
    row->text = text != NULL ? dom_text(table->arena, text) : "";
    if (row->id[0] == '\0' || strlen(row->id) >= SENTENCE_ID)
        return fail_set(why, ERR_INPUT, "line %d: an id has 1 to %d bytes", row->line,
                        SENTENCE_ID - 1);
    row->id = arena_strdup(table->arena, row->id);
    row->text = arena_strdup(table->arena, row->text);
    if (xmlHashAddEntry(table->by_id, BAD_CAST row->id, row) != 0)
        return fail_set(why, ERR_INPUT, "line %d: \"%.120s\" is there twice", row->line, row->id);
    table->count++;
    return ERR_OK;
}

static enum err read_rows(struct sentences *table, const xmlDoc *rows, struct fail *why)
{
    const xmlNode *root = xmlDocGetRootElement(rows);
    size_t room = 0;
    for (const xmlNode *item = dom_first_element(root); item != NULL; item = dom_next_element(item))
        room++;
    table->rows = ARENA_ARRAY(table->arena, struct sentence, room + 1);
    enum err err = ERR_OK;
    for (const xmlNode *item = dom_first_element(root); item != NULL && err == ERR_OK;
         item = dom_next_element(item))
        err = read_row(table, item, why);
    return err;
}

enum err sentences_read(const char *text, size_t length, struct sentences **out, struct fail *why)
{
    xmlDoc *rows = xmlNewDoc(BAD_CAST "1.0");
    *out = NULL;
    if (rows == NULL || (rows->dict = xmlDictCreate()) == NULL)
        abort();
    struct sentences *table = calloc(1, sizeof *table);
    if (table == NULL)
        abort();
    table->arena = arena_new(0);
    table->by_id = xmlHashCreate(256);
    enum err err = csv_parse(text, length, rows, why);
    if (err == ERR_OK)
        err = read_rows(table, rows, why);
    xmlFreeDoc(rows);
    if (err == ERR_OK)
        *out = table;
    else
        sentences_free(table);
    return err;
}

void sentences_free(struct sentences *table)
{
    if (table == NULL)
        return;
    xmlHashFree(table->by_id, NULL);
    arena_free(table->arena);
    free(table);
}

size_t sentences_count(const struct sentences *table)
{
    return table->count;
}

const struct sentence *sentences_at(const struct sentences *table, size_t index)
{
    return &table->rows[index];
}

const struct sentence *sentences_find(const struct sentences *table, const char *id)
{
    return xmlHashLookup(table->by_id, BAD_CAST id);
}
