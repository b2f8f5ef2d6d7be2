// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/typing.h"
#include "yimen/base/text.h"
#include "yimen/base/when.h"
#include <stdio.h>
#include <string.h>

enum { RECEIPT_DIGITS = 21, ID_DIGITS = 18, PHONE_DIGITS = 20, NUMBER_DIGITS = 15 };

static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; at && (at = strstr(at, word)); at += length) {
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || !at[length])) {
            return true;
        }
    }
    return false;
}

enum field_kind typing_kind(const struct question *question)
{
    const char *look = question->appearance ? question->appearance : "";
    if (question->readonly) {
        return FIELD_NONE;
    }
    switch (question->kind) {
    case QUESTION_TEXT:
        return has_word(look, "id-number") ? FIELD_ID
               : has_word(look, "numbers") ? FIELD_PHONE
                                           : FIELD_WORDS;
    case QUESTION_INTEGER: return FIELD_WHOLE;
    case QUESTION_DECIMAL: return FIELD_DECIMAL;
    case QUESTION_DATE:
        return has_word(look, "year")         ? FIELD_YEAR
               : has_word(look, "month-year") ? FIELD_MONTH
                                              : FIELD_DATE;
    case QUESTION_TIME: return FIELD_TIME;
    case QUESTION_DATE_TIME: return FIELD_DATE_TIME;
    case QUESTION_SELECT_ONE:
    case QUESTION_SELECT_MANY:
    case QUESTION_RANK:
    case QUESTION_RANGE:
    case QUESTION_TRIGGER:
    case QUESTION_UPLOAD:
    case QUESTION_NOTE:
    case QUESTION_UNSUPPORTED: break;
    }
    return FIELD_NONE;
}

size_t typing_digits(enum field_kind kind)
{
    switch (kind) {
    case FIELD_DATE: return 8;
    case FIELD_MONTH: return 6;
    case FIELD_YEAR:
    case FIELD_TIME: return 4;
    case FIELD_DATE_TIME: return 12;
    case FIELD_NONE:
    case FIELD_WORDS:
    case FIELD_WHOLE:
    case FIELD_DECIMAL:
    case FIELD_ID:
    case FIELD_RECEIPT:
    case FIELD_PHONE: break;
    }
    return 0;
}

static size_t longest(enum field_kind kind)
{
    size_t digits = typing_digits(kind);
    return digits                  ? digits
           : kind == FIELD_ID      ? ID_DIGITS
           : kind == FIELD_RECEIPT ? RECEIPT_DIGITS
           : kind == FIELD_PHONE   ? PHONE_DIGITS
           : kind == FIELD_WHOLE   ? NUMBER_DIGITS
           : kind == FIELD_DECIMAL ? NUMBER_DIGITS
                                   : LIMIT_ANSWER / 4;
}

void typing_digits_of(enum field_kind kind, const char *value, char *out)
{
    size_t count = 0, most = typing_digits(kind);
    for (const char *at = value; *at && *at != '+' && *at != 'Z' && count < most; at++) {
        if (*at >= '0' && *at <= '9') {
            out[count++] = *at;
        }
    }
    out[count] = '\0';
}

static bool is_of(const struct draft *draft, enum intent_kind intent, const char *ref)
{
    return draft->kind != FIELD_NONE && draft->intent == intent && text_equal(draft->ref, ref);
}

static void keep_draft(struct typing *typing)
{
    for (size_t i = 0; i < DRAFTS && typing_is_unfinished(typing); i++) {
        struct draft *draft = &typing->drafts[i];
        if (draft->kind == FIELD_NONE) {
            draft->kind = typing->kind;
            draft->intent = typing->intent;
            text_copy(draft->ref, sizeof(draft->ref), typing->ref);
            text_copy(draft->text, sizeof(draft->text), typing->text);
            return;
        }
    }
}

static bool take_draft(struct typing *typing)
{
    for (size_t i = 0; i < DRAFTS; i++) {
        struct draft *draft = &typing->drafts[i];
        if (is_of(draft, typing->intent, typing->ref)) {
            text_copy(typing->text, sizeof(typing->text), draft->text);
            memory_wipe(draft, sizeof(*draft));
            return true;
        }
    }
    return false;
}

// Everything but what belongs to the whole screen.
static void begin_field(struct typing *typing)
{
    struct draft drafts[DRAFTS];
    enum layer layer = typing->layer;
    keep_draft(typing);
    memcpy(drafts, typing->drafts, sizeof(drafts));
    memory_wipe(typing, sizeof(*typing));
    memcpy(typing->drafts, drafts, sizeof(drafts));
    memory_wipe(drafts, sizeof(drafts));
    typing->layer = layer;
}

void typing_open(struct typing *typing, enum field_kind kind, enum intent_kind intent,
                 const char *ref, const char *value)
{
    if (typing->kind == kind && typing->intent == intent && text_equal(typing->ref, ref)) {
        return;
    }
    begin_field(typing);
    typing->kind = kind;
    typing->intent = intent;
    text_copy(typing->ref, sizeof(typing->ref), ref);
    if (take_draft(typing)) {
        return;
    }
    if (typing_digits(kind)) {
        typing_digits_of(kind, value, typing->text);
    } else {
        text_copy(typing->text, sizeof(typing->text), value);
    }
}

// ------------------------------------------------------------------ values

static int part_of(const char *digits, size_t at, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        value = value * 10 + (digits[at + i] - '0');
    }
    return value;
}

static bool is_real(enum field_kind kind, const char *digits)
{
    bool day = true, time = true;
    if (kind == FIELD_DATE || kind == FIELD_DATE_TIME) {
        day = date_is_real(part_of(digits, 0, 4), part_of(digits, 4, 2), part_of(digits, 6, 2));
    } else if (kind == FIELD_MONTH) {
        day = date_is_real(part_of(digits, 0, 4), part_of(digits, 4, 2), 1);
    } else if (kind == FIELD_YEAR) {
        day = date_is_real(part_of(digits, 0, 4), 1, 1);
    }
    if (kind == FIELD_TIME || kind == FIELD_DATE_TIME) {
        size_t at = kind == FIELD_TIME ? 0 : 8;
        time = part_of(digits, at, 2) < 24 && part_of(digits, at + 2, 2) < 60;
    }
    return day && time;
}

bool typing_digits_impossible(enum field_kind kind, const char *digits)
{
    size_t whole = typing_digits(kind);
    return whole && strlen(digits) == whole && !is_real(kind, digits);
}

static bool is_lone_minus(const struct typing *typing)
{
    return (typing->kind == FIELD_WHOLE || typing->kind == FIELD_DECIMAL) &&
           text_equal(typing->text, "-");
}

bool typing_is_unfinished(const struct typing *typing)
{
    size_t whole = typing_digits(typing->kind);
    if (is_lone_minus(typing)) {
        return true;
    }
    return whole && typing->text[0] &&
           (strlen(typing->text) < whole || !is_real(typing->kind, typing->text));
}

const char *typing_left(const struct typing *typing, enum intent_kind intent, const char *ref)
{
    if (typing->kind != FIELD_NONE && typing->intent == intent && text_equal(typing->ref, ref)) {
        return typing->put_away && typing_is_unfinished(typing) ? typing->text : NULL;
    }
    for (size_t i = 0; i < DRAFTS; i++) {
        if (is_of(&typing->drafts[i], intent, ref)) {
            return typing->drafts[i].text;
        }
    }
    return NULL;
}

bool typing_reopen(struct typing *typing)
{
    for (size_t i = 0; i < DRAFTS && !typing_is_unfinished(typing); i++) {
        struct draft draft = typing->drafts[i];
        if (draft.kind != FIELD_NONE) {
            typing_open(typing, draft.kind, draft.intent, draft.ref, "");
        }
        memory_wipe(&draft, sizeof(draft));
    }
    typing->insists = typing_is_unfinished(typing);
    typing->put_away = typing->put_away && !typing->insists;
    return typing->insists;
}

void typing_value(const struct typing *typing, char out[LIMIT_ANSWER + 1])
{
    const char *d = typing->text;
    size_t digits = typing_digits(typing->kind);
    out[0] = '\0';
    if (!digits) {
        text_copy(out, LIMIT_ANSWER + 1, is_lone_minus(typing) ? "" : d);
        return;
    }
    if (strlen(d) != digits || !is_real(typing->kind, d)) {
        return;
    }
    switch (typing->kind) {
    case FIELD_DATE: (void)snprintf(out, 16, "%.4s-%.2s-%.2s", d, d + 4, d + 6); break;
    case FIELD_MONTH: (void)snprintf(out, 16, "%.4s-%.2s-01", d, d + 4); break;
    case FIELD_YEAR: (void)snprintf(out, 16, "%.4s-01-01", d); break;
    case FIELD_TIME:
        (void)snprintf(out, 24, "%.2s:%.2s:00.000" DISTRICT_ZONE_TEXT, d, d + 2);
        break;
    case FIELD_DATE_TIME:
        (void)snprintf(out, 40, "%.4s-%.2s-%.2sT%.2s:%.2s:00.000" DISTRICT_ZONE_TEXT, d, d + 4,
                       d + 6, d + 8, d + 10);
        break;
    case FIELD_NONE:
    case FIELD_WORDS:
    case FIELD_WHOLE:
    case FIELD_DECIMAL:
    case FIELD_ID:
    case FIELD_RECEIPT:
    case FIELD_PHONE: break;
    }
}

static bool changed(const struct typing *typing, struct intent *out)
{
    out->kind = typing->intent;
    text_copy(out->ref, sizeof(out->ref), typing->intent == INTENT_ANSWER ? typing->ref : "");
    typing_value(typing, out->text);
    return true;
}

// ------------------------------------------------------------------ keys

static void cut_last(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && ((unsigned char)text[length - 1] & 0xC0) == 0x80) {
        length--;
    }
    memory_wipe(text + (length ? length - 1 : 0), strlen(text) - (length ? length - 1 : 0));
}

static bool allowed(const struct typing *typing, const char *key)
{
    char c = key[0];
    bool digit = c >= '0' && c <= '9' && !key[1];
    switch (typing->kind) {
    case FIELD_WORDS: return true;
    case FIELD_WHOLE: return digit || (c == '-' && !typing->text[0]);
    case FIELD_DECIMAL:
        return digit || (c == '-' && !typing->text[0]) ||
               (c == '.' && typing->text[0] && !strchr(typing->text, '.'));
    case FIELD_ID:
        return digit || (c == 'X' && strlen(typing->text) == ID_DIGITS - 1) ||
               (typing->letters && c >= 'A' && c <= 'Z' && !key[1]);
    case FIELD_PHONE: return digit || c == '-' || c == '+';
    case FIELD_DATE:
    case FIELD_MONTH:
    case FIELD_YEAR:
    case FIELD_TIME:
    case FIELD_DATE_TIME:
    case FIELD_RECEIPT: return digit;
    case FIELD_NONE: break;
    }
    return false;
}

static bool append(struct typing *typing, const char *text, struct intent *out)
{
    size_t length = strlen(typing->text), more = strlen(text);
    if (text_length(typing->text) + text_length(text) > longest(typing->kind) ||
        length + more > LIMIT_ANSWER) {
        return false;
    }
    memcpy(typing->text + length, text, more + 1);
    return changed(typing, out);
}

static bool change_sign(struct typing *typing, struct intent *out)
{
    size_t length = strlen(typing->text);
    if (typing->kind != FIELD_WHOLE && typing->kind != FIELD_DECIMAL) {
        return false;
    }
    if (typing->text[0] == '-') {
        memmove(typing->text, typing->text + 1, length);
    } else if (length < longest(typing->kind)) {
        memmove(typing->text + 1, typing->text, length + 1);
        typing->text[0] = '-';
    }
    return changed(typing, out);
}

void typing_list_candidates(struct typing *typing, bool all)
{
    typing->all_candidates = all;
    typing->candidate_page = 0;
}

static bool takes_pinyin(const struct typing *typing, const char *key)
{
    bool letter = key[0] >= 'a' && key[0] <= 'z' && !key[1];
    return typing->layer == LAYER_PINYIN && typing->kind == FIELD_WORDS &&
           (letter || (typing->entry.remaining[0] && (key[0] == '\b' || key[0] == '\'')));
}

bool typing_key(struct typing *typing, const struct text_entry *entry, const char *key,
                struct intent *out)
{
    if (entry && takes_pinyin(typing, key)) {
        typing_list_candidates(typing, false);
        (void)entry->ops->key(entry->self, key[0], &typing->entry);
        return false;
    }
    if (typing->entry.remaining[0]) { // a digit or sign would come before what is not chosen yet
        typing->asks = true;
        return false;
    }
    if (text_equal(key, "sign")) {
        return change_sign(typing, out);
    }
    if (text_equal(key, "clear")) {
        memory_wipe(typing->text, sizeof(typing->text));
        return changed(typing, out);
    }
    if (key[0] == '\b') {
        if (!typing->text[0]) {
            return false;
        }
        cut_last(typing->text);
        return changed(typing, out);
    }
    return allowed(typing, key) && append(typing, key, out);
}

static void forget_entry(struct typing *typing, const struct text_entry *entry)
{
    if (entry) {
        entry->ops->clear(entry->self);
    }
    memory_wipe(&typing->entry, sizeof(typing->entry));
    typing_list_candidates(typing, false);
    typing->asks = false;
}

bool typing_candidate(struct typing *typing, const struct text_entry *entry, size_t index,
                      struct intent *out)
{
    if (!entry || entry->ops->choose(entry->self, index, &typing->entry)) {
        return false;
    }
    typing->candidate_page = 0;
    if (typing->entry.remaining[0]) {
        return false;
    }
    bool fits = append(typing, typing->entry.composed, out);
    forget_entry(typing, entry);
    return fits;
}

void typing_layer(struct typing *typing, const struct text_entry *entry, enum layer layer)
{
    forget_entry(typing, entry);
    typing->layer = layer;
}

bool typing_letters(struct typing *typing, const struct text_entry *entry, enum letters letters,
                    struct intent *out)
{
    char text[sizeof(typing->entry.composed) + sizeof(typing->entry.remaining)];
    typing->asks = false;
    if (letters == LETTERS_GO_ON) {
        return false;
    }
    (void)snprintf(text, sizeof(text), "%s%s", typing->entry.composed,
                   letters == LETTERS_TAKE ? typing->entry.remaining : "");
    bool fits = text[0] && append(typing, text, out);
    forget_entry(typing, entry);
    memory_wipe(text, sizeof(text));
    return fits;
}
