// SPDX-License-Identifier: GPL-3.0-or-later
// What an evaluation takes: memory, node lists, a map from nodes to numbers, and the nodes it may
// visit.
#include "xpath_internal.h"
#include "yimen/base/text.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *xpath_allocate(size_t size)
{
    void *memory = calloc(1, size > 0 ? size : 1);
    if (memory == NULL)
        abort();
    return memory;
}

void *xpath_grow(void *memory, size_t count, size_t size)
{
    void *grown = reallocarray(memory, count, size);
    if (grown == NULL)
        abort();
    return grown;
}

void xpath_string_free(char *text)
{
    if (text != NULL)
        memory_wipe(text, strlen(text));
    free(text);
}

enum err xpath_visit(struct xpath_evaluation *evaluation, size_t count)
{
    if (count > evaluation->visits_left) {
        evaluation->visits_left = 0;
        return fail_set(evaluation->why, ERR_FULL, "the expression visits too many nodes");
    }
    evaluation->visits_left -= count;
    return ERR_OK;
}

void xpath_list_add(struct xpath_list *list, xmlNode *node)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 4;
        list->nodes = xpath_grow(list->nodes, list->capacity, sizeof *list->nodes);
    }
    list->nodes[list->count++] = node;
}

void xpath_list_free(struct xpath_list *list)
{
    free(list->nodes);
    *list = (struct xpath_list){0};
}

// ------------------------------------------------------------------ pointer -> number

struct entry {
    const void *key;
    size_t number;
};
struct xpath_map {
    struct entry *entries;
    size_t count, capacity; ///< capacity is a power of two, at most half full
};

struct xpath_map *xpath_map_new(void)
{
    struct xpath_map *map = xpath_allocate(sizeof *map);
    map->capacity = 64;
    map->entries = xpath_allocate(map->capacity * sizeof *map->entries);
    return map;
}

void xpath_map_free(struct xpath_map *map)
{
    if (map == NULL)
        return;
    free(map->entries);
    free(map);
}

static struct entry *find(const struct xpath_map *map, const void *key)
{
    uint64_t hash = (uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(hash >> 32) & (map->capacity - 1);
    while (map->entries[at].key != NULL && map->entries[at].key != key)
        at = (at + 1) & (map->capacity - 1);
    return &map->entries[at];
}

static void widen(struct xpath_map *map)
{
    struct xpath_map wider = {.count = map->count, .capacity = map->capacity * 2};
    wider.entries = xpath_allocate(wider.capacity * sizeof *wider.entries);
    for (size_t i = 0; i < map->capacity; i++)
        if (map->entries[i].key != NULL)
            *find(&wider, map->entries[i].key) = map->entries[i];
    free(map->entries);
    *map = wider;
}

size_t *xpath_map_at(struct xpath_map *map, const void *key, bool *is_new)
{
    struct entry *entry = find(map, key);
    *is_new = entry->key == NULL;
    if (*is_new) {
        if (map->count * 2 >= map->capacity) {
            widen(map);
            entry = find(map, key);
        }
        entry->key = key;
        map->count++;
    }
    return &entry->number;
}

bool xpath_map_has(const struct xpath_map *map, const void *key)
{
    return find(map, key)->key != NULL;
}
