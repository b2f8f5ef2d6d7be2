// SPDX-License-Identifier: GPL-3.0-or-later
// policies.json by tables, as strict as services.json: people write it by hand.
#include "json_read.h"
#include "policy_internal.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

enum { FORMAT = 1, PLACE = 96 };

#define TEXT(type, field) #field, MEMBER_TEXT, offsetof(type, field), sizeof((type *)0)->field
#define LENGTH(table) (sizeof(table) / sizeof *(table))

struct head {
    int format;
    char note[300];
};

static const struct json_member head_table[] = {
    {"format", MEMBER_COUNT, offsetof(struct head, format), 1000, false},
    {TEXT(struct head, note), true},
    {"groups", MEMBER_ARRAY, 0, 0, false},
    {"owners", MEMBER_ARRAY, 0, 0, false},
    {"policies", MEMBER_ARRAY, 0, 0, false},
};

static const struct json_member title_table[] = {
    {TEXT(struct policy_title, zh), false},
    {TEXT(struct policy_title, en), false},
    {TEXT(struct policy_title, ko), false},
};

static const struct json_member body_table[] = {
    {TEXT(struct policy_body, zh), false},
    {TEXT(struct policy_body, en), false},
    {TEXT(struct policy_body, ko), false},
};

static const struct json_member line_table[] = {
    {TEXT(struct policy_line, zh), false},
    {TEXT(struct policy_line, en), false},
    {TEXT(struct policy_line, ko), false},
};

static const struct json_member group_table[] = {
    {TEXT(struct policy_group, id), false},
    {TEXT(struct policy_group, icon), true},
    {"title", MEMBER_OBJECT, 0, 0, false},
};

static const struct json_member owner_table[] = {
    {TEXT(struct policy_owner, id), false},
    {"name", MEMBER_OBJECT, 0, 0, false},
    {TEXT(struct policy_owner, phone), true},
};

static const struct json_member policy_table[] = {
    {TEXT(struct policy, id), false},
    {TEXT(struct policy, group), false},
    {TEXT(struct policy, owner), false},
    {TEXT(struct policy, service), false},
    {TEXT(struct policy, version), false},
    {TEXT(struct policy, from), false},
    {TEXT(struct policy, to), false},
    {"unconfirmed", MEMBER_FLAG, offsetof(struct policy, unconfirmed), 0, true},
    {"example", MEMBER_FLAG, offsetof(struct policy, example), 0, false},
    {"title", MEMBER_OBJECT, 0, 0, false},
    {"text", MEMBER_OBJECT, 0, 0, false},
    {"who", MEMBER_OBJECT, 0, 0, false},
    {"bring", MEMBER_OBJECT, 0, 0, true},
    {"where", MEMBER_OBJECT, 0, 0, true},
};

// A sentence of an entry in all three languages, none of them empty.
static enum err read_words(const json_t *object, const char *name, const char *place,
                           const struct json_member *table, void *out, struct fail *why)
{
    char at[PLACE * 2];
    snprintf(at, sizeof at, "%s: \"%s\"", place, name);
    json_t *words = json_object_get(object, name);
    enum err err = json_members(words, at, table, LENGTH(title_table), out, why);
    for (size_t i = 0; err == ERR_OK && i < LENGTH(title_table); i++)
        if (!json_string_length(json_object_get(words, table[i].name)))
            err = fail_set(why, ERR_INPUT, "%s: \"%s\" is empty", at, table[i].name);
    return err;
}

static enum err read_groups(struct policies *policies, const json_t *list, struct fail *why)
{
    if (json_array_size(list) > POLICY_GROUPS)
        return fail_set(why, ERR_INPUT, "policies.json: more than %d groups", POLICY_GROUPS);
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < json_array_size(list); i++) {
        char place[PLACE];
        json_t *object = json_array_get(list, i);
        struct policy_group *group = &policies->groups[policies->group_count++];
        snprintf(place, sizeof place, "policies.json: group %zu", i + 1);
        err = json_members(object, place, group_table, LENGTH(group_table), group, why);
        if (err == ERR_OK)
            err = read_words(object, "title", place, title_table, &group->title, why);
    }
    return err;
}

static enum err read_owners(struct policies *policies, const json_t *list, struct fail *why)
{
    if (json_array_size(list) > POLICY_OWNERS)
        return fail_set(why, ERR_INPUT, "policies.json: more than %d owners", POLICY_OWNERS);
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < json_array_size(list); i++) {
        char place[PLACE];
        json_t *object = json_array_get(list, i);
        struct policy_owner *owner = &policies->owners[policies->owner_count++];
        snprintf(place, sizeof place, "policies.json: owner %zu", i + 1);
        err = json_members(object, place, owner_table, LENGTH(owner_table), owner, why);
        if (err == ERR_OK)
            err = read_words(object, "name", place, title_table, &owner->name, why);
    }
    return err;
}

static bool has_group(const struct policies *policies, const char *id)
{
    for (size_t i = 0; i < policies->group_count; i++)
        if (text_equal(policies->groups[i].id, id))
            return true;
    return false;
}

// What the tables cannot say.
static enum err check_policy(const struct policies *policies, const struct catalogue *catalogue,
                             const struct policy *policy, const char *place, struct fail *why)
{
    if (!policy->id[0])
        return fail_set(why, ERR_INPUT, "%s: \"id\" must not be empty", place);
    if (policies_find(policies, policy->id))
        return fail_set(why, ERR_INPUT, "%s: there are two policies \"%s\"", place, policy->id);
    if (!has_group(policies, policy->group))
        return fail_set(why, ERR_INPUT, "%s: there is no group \"%s\"", place, policy->group);
    if (!policies_owner(policies, policy))
        return fail_set(why, ERR_INPUT, "%s: there is no owner \"%s\"", place, policy->owner);
    if (policy->service[0] && !catalogue_service(catalogue, policy->service))
        return fail_set(why, ERR_INPUT, "%s: there is no service \"%s\"", place, policy->service);
    if (!day_is_good(policy->from) || (policy->to[0] && !day_is_good(policy->to)))
        return fail_set(why, ERR_INPUT, "%s: \"from\" and \"to\" must be days like 2026-07-01",
                        place);
    if (policy->to[0] && strcmp(policy->to, policy->from) < 0)
        return fail_set(why, ERR_INPUT, "%s: it ends before it begins", place);
    return ERR_OK;
}

static enum err read_lines(struct policy *policy, const json_t *object, const char *place,
                           struct fail *why)
{
    enum err err = read_words(object, "who", place, line_table, &policy->who, why);
    if (err == ERR_OK && json_object_get(object, "bring"))
        err = read_words(object, "bring", place, line_table, &policy->bring, why);
    if (err == ERR_OK && json_object_get(object, "where"))
        err = read_words(object, "where", place, line_table, &policy->where, why);
    return err;
}

static enum err read_policy(struct policies *policies, const struct catalogue *catalogue,
                            json_t *object, struct fail *why)
{
    char place[PLACE];
    const char *id = json_string_value(json_object_get(object, "id"));
    struct policy *policy = &policies->list[policies->count];
    snprintf(place, sizeof place, "policies.json: policy %zu%s%.40s", policies->count + 1,
             id ? " " : "", id ? id : "");
    enum err err = json_members(object, place, policy_table, LENGTH(policy_table), policy, why);
    if (err == ERR_OK)
        err = read_words(object, "title", place, title_table, &policy->title, why);
    if (err == ERR_OK)
        err = read_words(object, "text", place, body_table, &policy->text, why);
    if (err == ERR_OK)
        err = read_lines(policy, object, place, why);
    if (err == ERR_OK)
        err = check_policy(policies, catalogue, policy, place, why);
    if (err == ERR_OK)
        policies->count++;
    return err;
}

static enum err read_all(struct policies *policies, const struct catalogue *catalogue, json_t *root,
                         struct fail *why)
{
    struct head head = {0};
    enum err err = json_members(root, "policies.json", head_table, LENGTH(head_table), &head, why);
    if (err == ERR_OK && head.format != FORMAT)
        err = fail_set(why, ERR_UNSUPPORTED, "policies.json: format %d is not known here",
                       head.format);
    if (err == ERR_OK)
        err = read_groups(policies, json_object_get(root, "groups"), why);
    if (err == ERR_OK)
        err = read_owners(policies, json_object_get(root, "owners"), why);
    if (err != ERR_OK)
        return err;
    const json_t *list = json_object_get(root, "policies");
    size_t count = json_array_size(list);
    if (count > POLICY_MOST)
        return fail_set(why, ERR_INPUT, "policies.json: more than %d policies", POLICY_MOST);
    policies->list = ARENA_ARRAY(policies->arena, struct policy, count + 1);
    for (size_t i = 0; err == ERR_OK && i < count; i++)
        err = read_policy(policies, catalogue, json_array_get(list, i), why);
    return err;
}

enum err policies_read(struct policies *policies, const struct files *pack,
                       const struct catalogue *catalogue, struct fail *why)
{
    json_t *root = NULL;
    enum err err = json_file(pack, POLICY_FILE, POLICY_BYTES, &root, why);
    if (err == ERR_OK)
        err = read_all(policies, catalogue, root, why);
    json_decref(root);
    return err;
}
