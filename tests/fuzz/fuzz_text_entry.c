// SPDX-License-Identifier: GPL-3.0-or-later
// Any letters, apostrophes and erasures, any candidate chosen at any time: nothing ends the
// process, what is said of the entry agrees with itself, and the next ordinary entry works.
#include "yimen/base/text.h"
#include "yimen/driver/pinyin.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { STEPS = 48 }; // libpinyin takes milliseconds for each

static void agree(const struct text_entry *entry, const struct text_entry_state *now)
{
    char text[TEXT_ENTRY_CANDIDATE_BYTES];
    size_t composed = strnlen(now->composed, sizeof now->composed);
    if (composed == sizeof now->composed || !text_is_utf8(now->composed, composed) ||
        strspn(now->remaining, "abcdefghijklmnopqrstuvwxyz'") != strlen(now->remaining) ||
        now->remaining[0] == '\'' || (!now->remaining[0] && now->count))
        abort();
    const size_t places[] = {0, 1, now->count / 2, now->count - 1};
    for (size_t i = 0; now->count && i < 4; i++)
        if (places[i] < now->count && (!entry->ops->candidate(entry->self, places[i], text) ||
                                       !text[0] || !text_is_utf8(text, strlen(text))))
            abort();
    if (entry->ops->candidate(entry->self, now->count, text))
        abort();
}

// A byte: mostly letters, as a hand types them; the rest parts, erases and chooses.
static void step(const struct text_entry *entry, uint8_t byte, struct text_entry_state *now)
{
    if (byte < 156) {
        (void)entry->ops->key(entry->self, (char)('a' + byte % 26), now);
    } else if (byte < 176) {
        (void)entry->ops->key(entry->self, '\'', now);
    } else if (byte < 196) {
        (void)entry->ops->key(entry->self, '\b', now);
    } else {
        size_t index = byte < 226 ? byte % 8u : now->count * (byte - 226u) / 30u;
        enum err err = entry->ops->choose(entry->self, index, now);
        if (!err && !now->remaining[0])
            memset(now, 0, sizeof *now); // taken over
    }
}

static void type_a_name(const struct text_entry *entry)
{
    struct text_entry_state now = {0};
    entry->ops->clear(entry->self);
    for (const char *at = "zhangwei"; *at; at++)
        if (entry->ops->key(entry->self, *at, &now))
            abort();
    if (strcmp(now.remaining, "zhangwei") != 0 || now.count < 3 ||
        entry->ops->choose(entry->self, 0, &now) || text_length(now.composed) != 2 ||
        now.remaining[0])
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct text_entry entry;
    struct text_entry_state now = {0};
    if (!entry.ops && pinyin_open(NULL, &entry, NULL) != ERR_OK)
        abort();
    entry.ops->clear(entry.self);
    for (size_t i = 0; i < length && i < STEPS; i++) {
        step(&entry, bytes[i], &now);
        agree(&entry, &now);
    }
    type_a_name(&entry);
    return 0;
}
