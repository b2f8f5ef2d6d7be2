// SPDX-License-Identifier: GPL-3.0-or-later
// A long list of places is searched by the first letters of the syllables ("zjh"), by sound
// ("zhangjia") or in Chinese. Places are called "张家河村 Zhangjiahe" in the divisions list;
// whoever reads Chinese sees the first part, others see both, the one they can read first.
#include "ui/typing.h"
#include "ui/widgets/widgets.h"
#include "yimen/base/text.h"
#include <ctype.h>
#include <string.h>

enum { SEARCHED_FROM = 13 }; // fewer are seen at once

static bool is_latin(const char *text)
{
    const char *at = text;
    while (isalpha((unsigned char)*at) || *at == '\'') {
        at++;
    }
    return at > text && !*at;
}

// Where the romanised name begins; NULL: there is none.
static const char *romanised(const char *label)
{
    const char *space = strrchr(label, ' ');
    return space && space > label && is_latin(space + 1) ? space + 1 : NULL;
}

const char *choice_label(const struct build *b, const struct question *q, const char *label)
{
    return strstr(q->appearance, "place") ? place_label(b, label) : label;
}

const char *place_label(const struct build *b, const char *label)
{
    const char *latin = romanised(label);
    if (!latin) {
        return label;
    }
    int chinese = (int)(latin - label) - 1;
    return text_equal(b->view->language, "zh")
               ? tree_format(b->tree, "%.*s", chinese, label)
               : tree_format(b->tree, "%s %.*s", latin, chinese, label);
}

// From the first letter on, each letter in its turn: "zjh", "zhangj" and "zhangjiahe" all find
// Zhangjiahe.
static bool sounds_like(const char *name, const char *typed)
{
    if (tolower((unsigned char)name[0]) != tolower((unsigned char)typed[0])) {
        return false;
    }
    for (; *typed; typed++) {
        if (*typed == '\'' || *typed == ' ') {
            continue;
        }
        while (*name && tolower((unsigned char)*name) != tolower((unsigned char)*typed)) {
            name++;
        }
        if (!*name++) {
            return false;
        }
    }
    return true;
}

bool choice_is_found(const char *label, const char *typed)
{
    const char *latin = romanised(label);
    return !typed[0] || strstr(label, typed) || (latin && sounds_like(latin, typed));
}

bool choices_are_searched(const struct question *q)
{
    return strstr(q->appearance, "autocomplete") && q->choice_count >= SEARCHED_FROM;
}

static const char *search_ref(const struct build *b, const struct question *q)
{
    return tree_format(b->tree, "search:%s", q->ref);
}

bool choices_are_being_searched(const struct build *b, const struct question *q)
{
    return choices_are_searched(q) && is_typing(b) &&
           text_equal(b->local->typing.ref, search_ref(b, q));
}

// Letters that are not yet turned into characters count as letters.
const char *choices_searched_for(const struct build *b, const struct question *q)
{
    const struct typing *typing = &b->local->typing;
    if (!choices_are_being_searched(b, q)) {
        return "";
    }
    return typing->text[0] ? typing->text : typing->entry.remaining;
}

void put_choice_search(struct build *b, const struct question *q)
{
    const struct field field = {.id = tree_format(b->tree, "search.%s", question_name(b, q->ref)),
                                .label = say(b, "question.search"),
                                .hint = "",
                                .value = "",
                                .kind = FIELD_WORDS,
                                .intent = INTENT_FIND_CHOICE,
                                .ref = search_ref(b, q),
                                .stored = ""};
    put_field(b, &field);
}
