// SPDX-License-Identifier: GPL-3.0-or-later
// Labels may hold a subset of Markdown and inline HTML; a screen shows the words alone.
#include "form_internal.h"

#include <ctype.h>

/// Length of a tag that starts at `<`, 0 when it is a plain smaller-than.
static size_t tag_length(const char *text)
{
    size_t at = 1;
    if (text[at] == '/')
        at++;
    if (!isalpha((unsigned char)text[at]))
        return 0;
    const char *end = strchr(text + at, '>');
    const char *open = strchr(text + at, '<');
    if (end == NULL || (open != NULL && open < end))
        return 0;
    return (size_t)(end - text) + 1;
}

/// [words](target): the words; 0 when it is no link. `length` is all of it.
static size_t link_length(const char *text, size_t *words)
{
    const char *close = strchr(text, ']');
    if (close == NULL || close[1] != '(')
        return 0;
    const char *end = strchr(close, ')');
    if (end == NULL)
        return 0;
    *words = (size_t)(close - text) - 1;
    return (size_t)(end - text) + 1;
}

/// Marks of emphasis are dropped where they come in pairs on one line, as in **words**.
static size_t emphasis_length(const char *text)
{
    char mark = text[0];
    size_t length = 1;
    while (text[length] == mark && length < 3)
        length++;
    return length;
}

static bool closes_later(const char *text, const char *mark, size_t length)
{
    for (const char *at = text; *at != '\0' && *at != '\n'; at++) {
        if (strncmp(at, mark, length) == 0 && at != text)
            return true;
    }
    return false;
}

struct stripper {
    char *out;
    size_t used;
    int open[4]; ///< emphasis under way: * and _, single and double
};

static size_t strip_emphasis(struct stripper *strip, const char *start, const char *text)
{
    size_t length = emphasis_length(text);
    bool under = text[0] == '_';
    size_t kind = (under ? 2U : 0U) + (length >= 2 ? 1U : 0U);
    bool before_word = text > start && isalnum((unsigned char)text[-1]);
    bool after_word = isalnum((unsigned char)text[length]);
    if (strip->open[kind] > 0) {
        if (!under || !after_word) {
            strip->open[kind] = 0;
            return length;
        }
    } else if (!(under && before_word) && text[length] != ' ' && text[length] != '\0' &&
               closes_later(text + length, text, length)) {
        strip->open[kind] = 1;
        return length;
    }
    return 0;
}

/// Takes one piece of markup at `text`; 0 when there is none.
static size_t strip_one(struct stripper *strip, const char *start, const char *text)
{
    size_t words = 0;
    size_t length = 0;
    switch (text[0]) {
    case '<': return tag_length(text);
    case '*':
    case '_': return strip_emphasis(strip, start, text);
    case '[':
        length = link_length(text, &words);
        if (length > 0) {
            memcpy(strip->out + strip->used, text + 1, words);
            strip->used += words;
        }
        return length;
    case '#':
        if (text > start && text[-1] != '\n')
            return 0;
        length = strspn(text, "#");
        return length <= 6 && text[length] == ' ' ? length + 1 : 0;
    case '\\':
        if (text[1] == '\0' || strchr("*_#[]<>\\", text[1]) == NULL)
            return 0;
        strip->out[strip->used++] = text[1];
        return 2;
    default: return 0;
    }
}

const char *markup_strip(struct arena *arena, const char *text)
{
    if (strpbrk(text, "<*_[#\\&") == NULL)
        return arena_strdup(arena, text);
    struct stripper strip = {.out = arena_alloc(arena, strlen(text) + 1)};
    for (const char *at = text; *at != '\0';) {
        size_t taken = strip_one(&strip, text, at);
        if (taken == 0)
            strip.out[strip.used++] = *at++;
        else
            at += taken;
    }
    strip.out[strip.used] = '\0';
    return strip.out;
}
