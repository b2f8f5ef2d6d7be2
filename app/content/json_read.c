// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_read.h"
#include "yimen/base/text.h"
#include "yimen/base/when.h"
#include <string.h>

enum err json_file(const struct files *files, const char *path, size_t maximum, json_t **out,
                   struct fail *why)
{
    struct strbuf bytes;
    strbuf_init(&bytes, maximum);
    enum err err = files->ops->read(files->self, path, &bytes, why);
    if (err == ERR_OK) {
        json_error_t error;
        *out = json_loadb(strbuf_text(&bytes), bytes.length, JSON_REJECT_DUPLICATES, &error);
        if (!*out)
            err =
                fail_set(why, ERR_INPUT, "%s:%d: not good JSON: %s", path, error.line, error.text);
    }
    strbuf_free(&bytes);
    return err;
}

static enum err take_text(const json_t *value, const char *place, const struct json_member *member,
                          char *out, struct fail *why)
{
    if (!json_is_string(value))
        return fail_set(why, ERR_INPUT, "%s: \"%s\" must be a text", place, member->name);
    if (!text_copy(out, member->room, json_string_value(value)))
        return fail_set(why, ERR_INPUT, "%s: \"%s\" is longer than %zu bytes", place, member->name,
                        member->room - 1);
    return ERR_OK;
}

static enum err take_count(const json_t *value, const char *place, const struct json_member *member,
                           int *out, struct fail *why)
{
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < 0 || number > (json_int_t)member->room)
        return fail_set(why, ERR_INPUT, "%s: \"%s\" must be a whole number from 0 to %zu", place,
                        member->name, member->room);
    *out = (int)number;
    return ERR_OK;
}

static enum err take_member(const json_t *value, const char *place,
                            const struct json_member *member, char *out, struct fail *why)
{
    switch (member->kind) {
    case MEMBER_TEXT: return take_text(value, place, member, out + member->offset, why);
    case MEMBER_COUNT:
        return take_count(value, place, member, (int *)(void *)(out + member->offset), why);
    case MEMBER_FLAG:
        if (!json_is_boolean(value))
            return fail_set(why, ERR_INPUT, "%s: \"%s\" must be true or false", place,
                            member->name);
        *(bool *)(void *)(out + member->offset) = json_is_true(value);
        return ERR_OK;
    case MEMBER_ARRAY:
        if (!json_is_array(value))
            return fail_set(why, ERR_INPUT, "%s: \"%s\" must be a list [...]", place, member->name);
        return ERR_OK;
    case MEMBER_OBJECT:
        if (!json_is_object(value))
            return fail_set(why, ERR_INPUT, "%s: \"%s\" must be an object {...}", place,
                            member->name);
        return ERR_OK;
    }
    return fail_set(why, ERR_BUG, "%s: no such kind of member", place);
}

static bool is_known(const char *name, const struct json_member *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(table[i].name, name))
            return true;
    return false;
}

enum err json_members(json_t *object, const char *place, const struct json_member *table,
                      size_t count, void *out, struct fail *why)
{
    if (!json_is_object(object))
        return fail_set(why, ERR_INPUT, "%s: must be an object {...}", place);
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(object, table[i].name);
        if (!value && table[i].optional)
            continue;
        if (!value)
            return fail_set(why, ERR_INPUT, "%s: \"%s\" is missing", place, table[i].name);
        enum err err = take_member(value, place, &table[i], out, why);
        if (err != ERR_OK)
            return err;
    }
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        if (!is_known(name, table, count))
            return fail_set(why, ERR_INPUT, "%s: \"%s\" is not known here (misspelt?)", place,
                            name);
    }
    return ERR_OK;
}

bool day_is_good(const char *text)
{
    const char *at = text;
    int part[3] = {0};
    for (int i = 0; i < 3; i++) {
        const char *start = at;
        for (; *at >= '0' && *at <= '9' && at - start < 4; at++)
            part[i] = part[i] * 10 + (*at - '0');
        if (at - start != (i == 0 ? 4 : 2) || *at++ != (i < 2 ? '-' : '\0'))
            return false;
    }
    return date_is_real(part[0], part[1], part[2]);
}
