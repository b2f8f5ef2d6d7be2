// SPDX-License-Identifier: GPL-3.0-or-later
// libpinyin keeps no state on disk when it gets no user folder; it could still learn in memory
// through calls that are not made here (train, remember, predicted candidates). Between visits the
// instance, which holds what was typed, is closed and a new one opened. The dictionary stays: it
// learns nothing, and each pinyin_init without a user folder leaks 16 kB inside libdb. At the start
// libpinyin says "open  failed." on standard output for every user table that is not there; only a
// user folder, which it writes to, would keep it quiet.
#include <stdbool.h>
#include "yimen/driver/pinyin.h"
#include "yimen/base/text.h"
#include <pinyin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char debian_data[] = "/usr/lib/x86_64-linux-gnu/libpinyin/data";

enum { DATA_PATH = 512, LOCAL_COUNT = 2000, LOCAL_LIBRARY = 7 }; // 7: the user dictionary's index

struct engine {
    char data[DATA_PATH];
    pinyin_context_t *context;
    pinyin_instance_t *instance;
    char input[TEXT_ENTRY_INPUT + 1]; ///< all letters, also those already turned into characters
    size_t chosen;                    ///< letters of it that are
    char composed[256];
};

// Places and words of the counters that rank badly otherwise.
static const struct {
    const char *word, *pinyin;
} local_words[] = {
    {"崂山", "lao'shan"},     {"黄岛", "huang'dao"},        {"市南", "shi'nan"},
    {"市北", "shi'bei"},      {"李沧", "li'cang"},          {"城阳", "cheng'yang"},
    {"即墨", "ji'mo"},        {"胶州", "jiao'zhou"},        {"莱西", "lai'xi"},
    {"平度", "ping'du"},      {"中韩", "zhong'han"},        {"金家岭", "jin'jia'ling"},
    {"沙子口", "sha'zi'kou"}, {"王哥庄", "wang'ge'zhuang"}, {"北宅", "bei'zhai"},
    {"低保", "di'bao"},       {"特困", "te'kun"},           {"临时救助", "lin'shi'jiu'zhu"},
    {"失能", "shi'neng"},     {"残联", "can'lian"},         {"管区", "guan'qu"},
};

static void forget(struct engine *engine)
{
    memory_wipe(engine->input, sizeof(engine->input));
    memory_wipe(engine->composed, sizeof(engine->composed));
    engine->chosen = 0;
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
    engine->instance = NULL;
    engine->context = NULL;
}

static void add_local_words(struct engine *engine)
{
    import_iterator_t *words = pinyin_begin_add_phrases(engine->context, LOCAL_LIBRARY);
    for (size_t i = 0; words && i < sizeof(local_words) / sizeof(*local_words); i++) {
        (void)pinyin_iterator_add_phrase(words, local_words[i].word, local_words[i].pinyin,
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
    enum err err = open_instance(engine, why);
    if (err) {
        stop(engine);
    }
    return err;
}

// ------------------------------------------------------------------ state

static lookup_candidate_t *candidate_at(struct engine *engine, guint index)
{
    lookup_candidate_t *candidate = NULL;
    guint count = 0;
    if (!pinyin_get_n_candidate(engine->instance, &count) || index >= count ||
        !pinyin_get_candidate(engine->instance, index, &candidate)) {
        return NULL;
    }
    return candidate;
}

static void list_candidates(struct engine *engine, struct text_entry_state *out)
{
    const char *word = NULL;
    for (guint i = 0; out->count < TEXT_ENTRY_CANDIDATES; i++) {
        lookup_candidate_t *candidate = candidate_at(engine, i);
        if (!candidate) {
            return;
        }
        // one that is too long keeps its place, so that indexes stay libpinyin's own
        if (pinyin_get_candidate_string(engine->instance, candidate, &word)) {
            text_copy(out->candidates[out->count++], TEXT_ENTRY_CANDIDATE_BYTES, word);
        }
    }
}

static void describe(struct engine *engine, struct text_entry_state *out)
{
    memory_wipe(out, sizeof(*out));
    text_copy(out->composed, sizeof(out->composed), engine->composed);
    text_copy(out->remaining, sizeof(out->remaining), engine->input + engine->chosen);
    if (!out->remaining[0]) {
        return;
    }
    (void)pinyin_guess_sentence(engine->instance);
    if (pinyin_guess_candidates(engine->instance, engine->chosen,
                                SORT_BY_PHRASE_LENGTH_AND_PINYIN_LENGTH_AND_FREQUENCY)) {
        list_candidates(engine, out);
    }
}

// ------------------------------------------------------------------ the port

static enum err key(void *self, char letter, struct text_entry_state *out)
{
    struct engine *engine = self;
    size_t length = strlen(engine->input);
    if (letter == '\b') {
        if (length > 0) {
            engine->input[--length] = '\0';
        }
        if (engine->chosen >= length) { // what was chosen of it is taken back
            engine->chosen = 0;
            engine->composed[0] = '\0';
            pinyin_reset(engine->instance);
        }
    } else if ((letter < 'a' || letter > 'z') && letter != '\'') {
        return ERR_INPUT;
    } else if (length == TEXT_ENTRY_INPUT) {
        return ERR_FULL;
    } else {
        engine->input[length] = letter;
    }
    (void)pinyin_parse_more_full_pinyins(engine->instance, engine->input);
    describe(engine, out);
    return ERR_OK;
}

// A sentence stands for all letters; anything else is added to what is there.
static bool take_word(struct engine *engine, lookup_candidate_t *candidate)
{
    lookup_candidate_type_t type = NORMAL_CANDIDATE;
    const char *word = NULL;
    (void)pinyin_get_candidate_type(engine->instance, candidate, &type);
    if (!pinyin_get_candidate_string(engine->instance, candidate, &word)) {
        return false;
    }
    bool whole = type == NBEST_MATCH_CANDIDATE && text_starts(word, engine->composed);
    size_t at = whole ? 0 : strlen(engine->composed);
    return text_copy(engine->composed + at, sizeof(engine->composed) - at, word);
}

static enum err choose(void *self, size_t index, struct text_entry_state *out)
{
    struct engine *engine = self;
    lookup_candidate_t *candidate =
        index < TEXT_ENTRY_CANDIDATES ? candidate_at(engine, (guint)index) : NULL;
    if (!candidate || !engine->input[engine->chosen]) {
        return ERR_INPUT;
    }
    if (!take_word(engine, candidate)) {
        return ERR_FULL;
    }
    int next = pinyin_choose_candidate(engine->instance, engine->chosen, candidate);
    size_t length = strlen(engine->input);
    engine->chosen = next < 0 || (size_t)next > length ? length : (size_t)next;
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
    static const struct text_entry_ops ops = {key, choose, clear, reset};
    struct engine *engine = calloc(1, sizeof(*engine));
    if (!engine) {
        abort();
    }
    enum err err = text_copy(engine->data, sizeof(engine->data), data ? data : debian_data)
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
