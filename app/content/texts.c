// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences of a pack: one sorted table a language, looked up by halving. A catalogue is a few
// hundred entries, read for every frame that is drawn, so a lookup neither allocates nor copies.
#include "yimen/content/texts.h"

#include "json_read.h"
#include "yimen/base/arena.h"
#include "yimen/base/strbuf.h"
#include "yimen/base/text.h"
#include <stdlib.h>
#include <string.h>

enum { TEXTS_LANGUAGES = 16, TEXTS_FILE = 1 << 20, TEXTS_PATH = 160, TEXTS_KEYS = 20000 };

struct entry {
    const char *key, *text, *file;
};

struct language {
    const char *name;
    struct entry *entries;
    size_t count, room;
};

struct texts {
    struct arena *arena;
    struct language languages[TEXTS_LANGUAGES];
    const char *names[TEXTS_LANGUAGES + 1];
    size_t count;
};

struct loading {
    struct texts *texts;
    const struct files *pack;
    struct language *language;
    enum err err;
    struct fail *why;
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

static enum err add(struct loading *loading, const char *key, const char *text, const char *file)
{
    struct language *language = loading->language;
    if (language->count == TEXTS_KEYS)
        return fail_set(loading->why, ERR_FULL, "%s: more than %d texts", file, TEXTS_KEYS);
    if (language->count == language->room) {
        size_t room = language->room ? language->room * 2 : 512;
        struct entry *wider = ARENA_ARRAY(loading->texts->arena, struct entry, room);
        if (language->count)
            memcpy(wider, language->entries, language->count * sizeof *wider);
        language->entries = wider;
        language->room = room;
    }
    language->entries[language->count++] = (struct entry){
        .key = arena_strdup(loading->texts->arena, key),
        .text = arena_strdup(loading->texts->arena, text),
        .file = file,
    };
    return ERR_OK;
}

static enum err add_file(struct loading *loading, const char *path)
{
    json_t *root = NULL;
    enum err err = json_file(loading->pack, path, TEXTS_FILE, &root, loading->why);
    if (err != ERR_OK)
        return err;
    if (!json_is_object(root))
        err = fail_set(loading->why, ERR_INPUT, "%s: must be an object of texts", path);
    const char *key, *file = arena_strdup(loading->texts->arena, path);
    json_t *text;
    json_object_foreach(root, key, text)
    {
        if (err == ERR_OK && !json_is_string(text))
            err = fail_set(loading->why, ERR_INPUT, "%s: \"%s\" must be a text", path, key);
        if (err == ERR_OK)
            err = add(loading, key, json_string_value(text), file);
    }
    json_decref(root);
    return err;
}

static void each_area(void *context, const char *name)
{
    struct loading *loading = context;
    if (loading->err != ERR_OK || name[0] == '.' || !text_ends(name, ".json"))
        return;
    struct strbuf path;
    strbuf_init(&path, TEXTS_PATH);
    strbuf_addf(&path, "i18n/%s/%s", loading->language->name, name);
    loading->err = strbuf_result(&path, loading->why);
    if (loading->err == ERR_OK)
        loading->err = add_file(loading, strbuf_text(&path));
    strbuf_free(&path);
}

static void each_language(void *context, const char *name)
{
    struct loading *loading = context;
    struct texts *texts = loading->texts;
    if (loading->err != ERR_OK || name[0] == '.')
        return;
    if (texts->count == TEXTS_LANGUAGES) {
        loading->err =
            fail_set(loading->why, ERR_FULL, "i18n: more than %d languages", TEXTS_LANGUAGES);
        return;
    }
    texts->languages[texts->count++].name = arena_strdup(texts->arena, name);
}

static enum err load_language(struct loading *loading, struct language *language)
{
    struct strbuf path;
    strbuf_init(&path, TEXTS_PATH);
    strbuf_addf(&path, "i18n/%s", language->name);
    loading->language = language;
    enum err err = strbuf_result(&path, loading->why);
    if (err == ERR_OK)
        err = loading->pack->ops->list(loading->pack->self, strbuf_text(&path), each_area, loading,
                                       loading->why);
    strbuf_free(&path);
    if (err == ERR_OK)
        err = loading->err;
    if (err != ERR_OK || language->count == 0)
        return err;
    qsort(language->entries, language->count, sizeof *language->entries, by_key);
    for (size_t i = 1; i < language->count; i++)
        if (by_key(&language->entries[i - 1], &language->entries[i]) == 0)
            return fail_set(loading->why, ERR_INPUT, "\"%s\" is both in %s and in %s",
                            language->entries[i].key, language->entries[i - 1].file,
                            language->entries[i].file);
    return ERR_OK;
}

// Chinese is what everything falls back to, so it stands first; the others in the order of names.
static enum err chinese_first(struct texts *texts, struct fail *why)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (!text_equal(texts->languages[i].name, "zh"))
            continue;
        struct language chinese = texts->languages[i];
        memmove(&texts->languages[1], &texts->languages[0], i * sizeof chinese);
        texts->languages[0] = chinese;
        for (size_t j = 0; j < texts->count; j++)
            texts->names[j] = texts->languages[j].name;
        return ERR_OK;
    }
    return fail_set(why, ERR_INPUT, "i18n: there is no folder zh, which the others fall back to");
}

static enum err load_all(struct loading *loading)
{
    struct texts *texts = loading->texts;
    enum err err =
        loading->pack->ops->list(loading->pack->self, "i18n", each_language, loading, loading->why);
    if (err == ERR_OK)
        err = loading->err;
    if (err == ERR_OK)
        err = chinese_first(texts, loading->why);
    for (size_t i = 0; err == ERR_OK && i < texts->count; i++)
        err = load_language(loading, &texts->languages[i]);
    return err;
}

enum err texts_load(const struct files *pack, struct texts **out, struct fail *why)
{
    struct arena *arena = arena_new(0);
    struct texts *texts = ARENA_NEW(arena, struct texts);
    texts->arena = arena;
    struct loading loading = {.texts = texts, .pack = pack, .why = why};
    enum err err = load_all(&loading);
    if (err != ERR_OK) {
        texts_free(texts);
        return fail_prefix(why, err, "loading texts");
    }
    *out = texts;
    return ERR_OK;
}

void texts_free(struct texts *texts)
{
    if (texts)
        arena_free(texts->arena);
}

const char *const *texts_languages(const struct texts *texts)
{
    return texts->names;
}

static const char *look_up(const struct language *language, const char *key)
{
    struct entry wanted = {.key = key};
    const struct entry *found = NULL;
    if (language->count)
        found = bsearch(&wanted, language->entries, language->count, sizeof wanted, by_key);
    return found ? found->text : NULL;
}

const char *texts_get(const struct texts *texts, const char *language, const char *key)
{
    const char *text = NULL;
    for (size_t i = 0; i < texts->count && !text; i++)
        if (language && text_equal(texts->languages[i].name, language))
            text = look_up(&texts->languages[i], key);
    if (!text)
        text = look_up(&texts->languages[0], key);
    return text ? text : key;
}

static const char *pair_value(const char *const *pairs, const char *name, size_t length)
{
    for (; pairs && pairs[0]; pairs += 2)
        if (strlen(pairs[0]) == length && memcmp(pairs[0], name, length) == 0)
            return pairs[1] ? pairs[1] : "";
    return NULL;
}

// Appends what fits, whole characters only. False when something was left out.
static bool put(char *out, size_t room, size_t *used, const char *text, size_t length)
{
    size_t left = room - 1 - *used, fits = length <= left ? length : left;
    while (fits < length && fits > 0 && ((unsigned char)text[fits] & 0xC0) == 0x80)
        fits--;
    memcpy(out + *used, text, fits);
    *used += fits;
    out[*used] = '\0';
    return fits == length;
}

void texts_fill(char *out, size_t room, const char *pattern, const char *const *pairs)
{
    size_t used = 0;
    if (room == 0)
        return;
    out[0] = '\0';
    while (*pattern) {
        const char *open = strchr(pattern, '{'), *close = open ? strchr(open, '}') : NULL;
        const char *value = close ? pair_value(pairs, open + 1, (size_t)(close - open - 1)) : NULL;
        if (!close) { // no placeholder any more
            put(out, room, &used, pattern, strlen(pattern));
            return;
        }
        // an unknown placeholder stays as it is, so that it is seen
        size_t before = value ? (size_t)(open - pattern) : (size_t)(open + 1 - pattern);
        if (!put(out, room, &used, pattern, before))
            return;
        if (value && !put(out, room, &used, value, strlen(value)))
            return;
        pattern = value ? close + 1 : open + 1;
    }
}
