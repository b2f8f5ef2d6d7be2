// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_internal.h"
#include "yimen/base/text.h"
#include "yimen/base/when.h"
#include <stdio.h>
#include <string.h>

enum err policies_load(const struct files *pack, const struct catalogue *catalogue,
                       struct policies **out, struct fail *why)
{
    struct arena *arena = arena_new(0);
    struct policies *policies = ARENA_NEW(arena, struct policies);
    policies->arena = arena;
    enum err err = policies_read(policies, pack, catalogue, why);
    if (err != ERR_OK) {
        policies_free(policies);
        return fail_prefix(why, err, "loading the policies");
    }
    *out = policies;
    return ERR_OK;
}

void policies_free(struct policies *policies)
{
    if (policies)
        arena_free(policies->arena);
}

size_t policies_count(const struct policies *policies)
{
    return policies->count;
}

const struct policy *policies_at(const struct policies *policies, size_t index)
{
    return index < policies->count ? &policies->list[index] : NULL;
}

const struct policy *policies_find(const struct policies *policies, const char *id)
{
    for (size_t i = 0; i < policies->count; i++)
        if (text_equal(policies->list[i].id, id))
            return &policies->list[i];
    return NULL;
}

size_t policies_group_count(const struct policies *policies)
{
    return policies->group_count;
}

const struct policy_group *policies_group_at(const struct policies *policies, size_t index)
{
    return index < policies->group_count ? &policies->groups[index] : NULL;
}

const struct policy_owner *policies_owner(const struct policies *policies,
                                          const struct policy *policy)
{
    for (size_t i = 0; i < policies->owner_count; i++)
        if (text_equal(policies->owners[i].id, policy->owner))
            return &policies->owners[i];
    return NULL;
}

bool policy_holds(const struct policy *policy, int64_t utc_ms)
{
    char day[DISTRICT_DATE];
    district_date(utc_ms, day);
    return strcmp(policy->from, day) <= 0 && (!policy->to[0] || strcmp(day, policy->to) <= 0);
}

static const char *in_language(const char *language, const char *zh, const char *en, const char *ko)
{
    return text_equal(language, "en") ? en : text_equal(language, "ko") ? ko : zh;
}

const char *policy_title_in(const struct policy_title *title, const char *language)
{
    return in_language(language, title->zh, title->en, title->ko);
}

const char *policy_line_in(const struct policy_line *line, const char *language)
{
    return in_language(language, line->zh, line->en, line->ko);
}

const char *policy_body_in(const struct policy_body *body, const char *language)
{
    return in_language(language, body->zh, body->en, body->ko);
}

// ------------------------------------------------------------------ searching

static char folded(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

static bool holds_word(const char *text, const char *word, size_t length)
{
    for (; *text; text++) {
        size_t same = 0;
        while (same < length && text[same] && folded(text[same]) == folded(word[same]))
            same++;
        if (same == length)
            return true;
    }
    return false;
}

// What one measure is searched in; the title alone comes first among the found.
struct searched {
    const char *title, *others[4];
};

static struct searched searched_in(const struct policies *policies, const struct policy *policy,
                                   const char *language)
{
    struct searched in = {.title = policy_title_in(&policy->title, language),
                          .others = {policy_body_in(&policy->text, language), "", "",
                                     policy_line_in(&policy->who, language)}};
    const struct policy_owner *owner = policies_owner(policies, policy);
    if (owner)
        in.others[1] = policy_title_in(&owner->name, language);
    for (size_t i = 0; i < policies->group_count; i++)
        if (text_equal(policies->groups[i].id, policy->group))
            in.others[2] = policy_title_in(&policies->groups[i].title, language);
    return in;
}

static bool word_found(const struct searched *in, const char *word, size_t length, bool title_only)
{
    if (holds_word(in->title, word, length))
        return true;
    for (size_t i = 0; !title_only && i < sizeof in->others / sizeof *in->others; i++)
        if (holds_word(in->others[i], word, length))
            return true;
    return false;
}

static bool all_found(const struct searched *in, const char *query, bool title_only)
{
    while (*query) {
        size_t length = strcspn(query, " ");
        if (length && !word_found(in, query, length, title_only))
            return false;
        query += length + (query[length] == ' ');
    }
    return true;
}

size_t policies_search(const struct policies *policies, const char *language, const char *query,
                       const struct policy **out, size_t room)
{
    size_t found = 0;
    for (int in_titles = 1; in_titles >= 0; in_titles--) {
        for (size_t i = 0; i < policies->count && found < room; i++) {
            const struct policy *policy = &policies->list[i];
            struct searched in = searched_in(policies, policy, language);
            bool in_title = all_found(&in, query, true);
            if (in_titles ? in_title : !in_title && all_found(&in, query, false))
                out[found++] = policy;
        }
    }
    return found;
}
