// SPDX-License-Identifier: GPL-3.0-or-later
// libpinyin keeps no state on disk when it gets no user folder; it could still learn in memory
// through calls that are not made here (train, remember, predicted candidates). Between visits the
// instance, which holds what was typed, is closed and a new one opened. The dictionary stays: it
// learns nothing, and each pinyin_init without a user folder leaks 16 kB inside libdb. At the start
// libpinyin says "open  failed." on standard output for every user table that is not there; only a
// user folder, which it writes to, would keep it quiet.
//
// libpinyin ends the process by an assertion when it is asked at a place that is no beginning of a
// syllable for it: behind an apostrophe, or where later letters have moved the syllables. So after
// each choice it gets what remains as an input of its own, with what was chosen as the words before
// it, and is only ever asked at the beginning.
#include <stdbool.h>
#include "yimen/driver/pinyin.h"
#include "rare.h"
#include "tables.h"
#include "yimen/base/text.h"
#include <pinyin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char installed_data[] = YIMEN_PINYIN_DATA; // where this machine's libpinyin keeps it

enum {
    DATA_PATH = 512,
    LOCAL_COUNT = 5000,
    LOCAL_LIBRARY = 7, // the user dictionary's index
    KNOWN = 4096
};

struct engine {
    char data[DATA_PATH];
    pinyin_context_t *context;
    pinyin_instance_t *instance;
    struct rare_fonts *fonts;
    char input[TEXT_ENTRY_INPUT + 1]; ///< all letters, also those already turned into characters
    size_t chosen;                    ///< letters of it that are
    char composed[256];
    size_t own;            ///< candidates that are libpinyin's; the rare ones come behind them
    struct rare rare;      ///< of the first syllable of what remains
    uint32_t known[KNOWN]; ///< libpinyin's single characters, while the rare ones are listed
};

static void forget(struct engine *engine)
{
    memory_wipe(engine->input, sizeof(engine->input));
    memory_wipe(engine->composed, sizeof(engine->composed));
    engine->chosen = engine->own = engine->rare.count = 0;
}

static void stop(struct engine *engine)
{
    forget(engine);
    if (engine->instance) {
        pinyin_free_instance(engine->instance);
    }
    if (engine->context) {
        pinyin_fini(engine->context);
    }
    rare_close(engine->fonts);
    engine->fonts = NULL;
    engine->instance = NULL;
    engine->context = NULL;
}

static void add_local_words(struct engine *engine)
{
    import_iterator_t *words = pinyin_begin_add_phrases(engine->context, LOCAL_LIBRARY);
    for (size_t i = 0; words && i < local_word_count; i++) {
        (void)pinyin_iterator_add_phrase(words, local_words[i].word, local_words[i].syllables,
                                         LOCAL_COUNT);
    }
    if (words) {
        pinyin_end_add_phrases(words);
    }
}

static enum err open_instance(struct engine *engine, struct fail *why)
{
    engine->instance = pinyin_alloc_instance(engine->context);
    return engine->instance ? ERR_OK
                            : fail_set(why, ERR_TECHNICIAN, "the pinyin engine does not start");
}

static enum err start(struct engine *engine, struct fail *why)
{
    char table[DATA_PATH + 16];
    (void)snprintf(table, sizeof(table), "%s/table.conf", engine->data);
    // pinyin_init leaks when there is no data, so it is not asked then
    engine->context = access(table, R_OK) ? NULL : pinyin_init(engine->data, NULL);
    if (!engine->context) {
        return fail_set(why, ERR_TECHNICIAN, "no pinyin data in %s", engine->data);
    }
    pinyin_set_options(engine->context, IS_PINYIN | PINYIN_INCOMPLETE | PINYIN_CORRECT_ALL |
                                            USE_DIVIDED_TABLE | USE_RESPLIT_TABLE);
    add_local_words(engine);
    engine->fonts = rare_open();
    enum err err = open_instance(engine, why);
    if (err) {
        stop(engine);
    }
    return err;
}

// ------------------------------------------------------------------ state

static lookup_candidate_t *candidate_at(struct engine *engine, size_t index)
{
    lookup_candidate_t *candidate = NULL;
    if (index >= engine->own || !pinyin_get_candidate(engine->instance, (guint)index, &candidate)) {
        return NULL;
    }
    return candidate;
}

static bool candidate(void *self, size_t index, char out[TEXT_ENTRY_CANDIDATE_BYTES])
{
    struct engine *engine = self;
    const char *word = NULL;
    out[0] = '\0';
    if (index >= engine->own) {
        index -= engine->own;
        return index < engine->rare.count && text_put(engine->rare.characters[index], out) > 0;
    }
    lookup_candidate_t *found = candidate_at(engine, index);
    return found && pinyin_get_candidate_string(engine->instance, found, &word) &&
           text_copy(out, TEXT_ENTRY_CANDIDATE_BYTES, word);
}

static int compare_characters(const void *one, const void *other)
{
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

// Behind libpinyin's own candidates: what else reads like the first syllable.
static void list_rare(struct engine *engine, const char *remaining)
{
    uint32_t *known = engine->known;
    size_t count = 0, length = 0;
    guint16 begin = 0, end = 0;
    ChewingKeyRest *rest = NULL;
    char word[TEXT_ENTRY_CANDIDATE_BYTES];
    for (size_t i = 0; i < engine->own && count < KNOWN; i++) {
        if (candidate(engine, i, word) && text_length(word) == 1) {
            const char *at = word;
            known[count++] = text_next(&at);
        }
    }
    qsort(known, count, sizeof(*known), compare_characters);
    if (engine->own && pinyin_get_pinyin_key_rest(engine->instance, 0, &rest) &&
        pinyin_get_pinyin_key_rest_positions(engine->instance, rest, &begin, &end)) {
        length = end;
    }
    rare_list(engine->fonts, remaining, length, known, count, &engine->rare);
    memory_wipe(engine->known, sizeof(engine->known));
}

// The letters without an apostrophe that parts nothing yet.
static void parse(struct engine *engine, const char *remaining)
{
    char letters[TEXT_ENTRY_INPUT + 1];
    text_copy(letters, sizeof(letters), remaining);
    for (size_t length = strlen(letters); length > 0 && letters[length - 1] == '\'';) {
        letters[--length] = '\0';
    }
    pinyin_reset(engine->instance);
    engine->own = 0;
    guint count = 0;
    if (letters[0] && pinyin_parse_more_full_pinyins(engine->instance, letters) > 0) {
        (void)(engine->composed[0]
                   ? pinyin_guess_sentence_with_prefix(engine->instance, engine->composed)
                   : pinyin_guess_sentence(engine->instance));
        if (pinyin_guess_candidates(engine->instance, 0,
                                    SORT_BY_PHRASE_LENGTH_AND_PINYIN_LENGTH_AND_FREQUENCY) &&
            pinyin_get_n_candidate(engine->instance, &count)) {
            engine->own = count;
        }
    }
    list_rare(engine, letters);
    memory_wipe(letters, sizeof(letters));
}

static void describe(struct engine *engine, struct text_entry_state *out)
{
    const char *remaining = engine->input + engine->chosen;
    parse(engine, remaining);
    memory_wipe(out, sizeof(*out));
    text_copy(out->composed, sizeof(out->composed), engine->composed);
    text_copy(out->remaining, sizeof(out->remaining), remaining);
    out->count = engine->own + engine->rare.count;
}

// ------------------------------------------------------------------ the port

static void delete_last(struct engine *engine)
{
    size_t length = strlen(engine->input);
    if (length > 0) {
        engine->input[--length] = '\0';
    }
    if (engine->chosen >= length) { // what was chosen of it is taken back
        engine->chosen = 0;
        memory_wipe(engine->composed, sizeof(engine->composed));
    }
}

static enum err key(void *self, char letter, struct text_entry_state *out)
{
    struct engine *engine = self;
    size_t length = strlen(engine->input);
    bool parts = length > engine->chosen && engine->input[length - 1] != '\'';
    if (letter == '\b') {
        delete_last(engine);
    } else if ((letter < 'a' || letter > 'z') && letter != '\'') {
        return ERR_INPUT;
    } else if (length == TEXT_ENTRY_INPUT) {
        return ERR_FULL;
    } else if (letter != '\'' || parts) {
        engine->input[length] = letter;
    }
    describe(engine, out);
    return ERR_OK;
}

// Letters that candidate `index` stands for.
static size_t letters_of(struct engine *engine, size_t index)
{
    if (index >= engine->own) {
        return engine->rare.length;
    }
    lookup_candidate_t *chosen = candidate_at(engine, index);
    int next = chosen ? pinyin_choose_candidate(engine->instance, 0, chosen) : 0;
    return next > 0 ? (size_t)next : strlen(engine->input);
}

static enum err choose(void *self, size_t index, struct text_entry_state *out)
{
    struct engine *engine = self;
    char word[TEXT_ENTRY_CANDIDATE_BYTES];
    size_t at = strlen(engine->composed), length = strlen(engine->input);
    if (!engine->input[engine->chosen] || !candidate(engine, index, word)) {
        return ERR_INPUT;
    }
    if (at + strlen(word) >= sizeof(engine->composed)) {
        return ERR_FULL;
    }
    text_copy(engine->composed + at, sizeof(engine->composed) - at, word);
    engine->chosen += letters_of(engine, index);
    engine->chosen = engine->chosen < length ? engine->chosen : length;
    while (engine->input[engine->chosen] == '\'') {
        engine->chosen++;
    }
    describe(engine, out);
    if (!engine->input[engine->chosen]) {
        forget(engine);
        pinyin_reset(engine->instance);
    }
    return ERR_OK;
}

static void clear(void *self)
{
    struct engine *engine = self;
    forget(engine);
    pinyin_reset(engine->instance);
}

static enum err reset(void *self, struct fail *why)
{
    struct engine *engine = self;
    forget(engine);
    pinyin_free_instance(engine->instance);
    return open_instance(engine, why);
}

enum err pinyin_open(const char *data, struct text_entry *out, struct fail *why)
{
    static const struct text_entry_ops ops = {key, candidate, choose, clear, reset};
    struct engine *engine = calloc(1, sizeof(*engine));
    if (!engine) {
        abort();
    }
    enum err err = text_copy(engine->data, sizeof(engine->data), data ? data : installed_data)
                       ? start(engine, why)
                       : fail_set(why, ERR_TECHNICIAN, "path too long");
    if (err) {
        free(engine);
        return fail_prefix(why, err, "pinyin");
    }
    *out = (struct text_entry){&ops, engine};
    return ERR_OK;
}

void pinyin_close(struct text_entry *entry)
{
    if (entry->self) {
        stop(entry->self);
        free(entry->self);
    }
    *entry = (struct text_entry){NULL, NULL};
}
