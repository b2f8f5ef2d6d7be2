// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/port/text_entry.h"

/// Pinyin by libpinyin: no user dictionary, nothing learned, nothing written; the names of the
/// district's places are added in memory. Life cycle: `pinyin_open` -> the port -> `pinyin_close`.
/// UI thread.

/// `data`: libpinyin's data folder, NULL: Debian's. ERR_TECHNICIAN when it is not there.
enum err pinyin_open(const char *data, struct text_entry *out, struct fail *why) MUST_USE;
/// Safe on a zeroed port.
void pinyin_close(struct text_entry *entry);
