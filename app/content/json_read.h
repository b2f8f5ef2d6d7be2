// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/port/files.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/// Reading our own JSON files strictly: a wrong type, a missing or an unknown member is an error
/// that names the file, the place and the member, because people write these files by hand.

enum json_member_kind { MEMBER_TEXT, MEMBER_COUNT, MEMBER_FLAG, MEMBER_ARRAY, MEMBER_OBJECT };

/// One member of an object and where it goes in a struct (offset); ARRAY and OBJECT are only
/// checked.
struct json_member {
    const char *name;
    enum json_member_kind kind;
    size_t offset, room; ///< room: bytes of a text, maximum of a count
    bool optional;
};

/// The file's object or array; ERR_INPUT with line for bad JSON, duplicates included.
enum err json_file(const struct files *files, const char *path, size_t maximum, json_t **out,
                   struct fail *why) MUST_USE;
/// Fills `out` by the table. `place` says where we are ("services.json: service 2").
enum err json_members(json_t *object, const char *place, const struct json_member *table,
                      size_t count, void *out, struct fail *why) MUST_USE;
/// A day that exists, like "2026-07-01".
bool day_is_good(const char *text);
