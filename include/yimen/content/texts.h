// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/port/files.h"
#include <stddef.h>

/// Every sentence for people, by key and language, from a pack's i18n/<language>/<area>.json.
///
/// Life cycle: `texts_load` -> `texts_get` -> `texts_free`. Read-only after loading: any thread.
/// A key missing in a language falls back to Chinese; a key missing everywhere gives the key itself
/// (tests/policy refuses both).

struct texts;
/// Reads every i18n/<language>/<area>.json of the pack. ERR_INPUT names the file that cannot be
/// read.
enum err texts_load(const struct files *pack, struct texts **out, struct fail *why) MUST_USE;
/// NULL-safe.
void texts_free(struct texts *texts);
/// Languages present, "zh" first; NULL-terminated.
const char *const *texts_languages(const struct texts *texts);
/// Never NULL; borrowed as long as `texts` lives.
const char *texts_get(const struct texts *texts, const char *language, const char *key);
/// Replace each {name} by its value: pairs name, value, ..., NULL. Writes at most `room` bytes, cut
/// between characters.
void texts_fill(char *out, size_t room, const char *pattern, const char *const *pairs);
