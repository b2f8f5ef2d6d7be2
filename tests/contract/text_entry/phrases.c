// SPDX-License-Identifier: GPL-3.0-or-later
#include "contract/text_entry/phrases.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

enum { LINE = 256, TOP = 5 };

// The place of the phrase among the candidates for its letters, from 1; TOP + 1: further behind.
static size_t place_of(const struct text_entry *entry, const char *letters, const char *phrase)
{
    struct text_entry_state state = {0};
    char text[TEXT_ENTRY_CANDIDATE_BYTES];
    entry->ops->clear(entry->self);
    for (; *letters; letters++) {
        (void)entry->ops->key(entry->self, *letters, &state);
    }
    size_t place = 1;
    while (place <= TOP &&
           !(entry->ops->candidate(entry->self, place - 1, text) && text_equal(text, phrase))) {
        place++;
    }
    return place;
}

bool phrases_try(const struct text_entry *entry, const char *path,
                 struct phrases out[PHRASES_KINDS], void (*missed)(const char *phrase))
{
    char line[LINE];
    int kind = PHRASES_IN_SIGHT;
    FILE *file = fopen(path, "r");
    memset(out, 0, PHRASES_KINDS * sizeof(*out));
    while (file && fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';
        char *phrase = strchr(line, ' ');
        if (line[0] == '#' || !phrase) {
            kind = line[0] ? kind : PHRASES_OTHER; // an empty line parts the two kinds
            continue;
        }
        *phrase++ = '\0';
        size_t place = place_of(entry, line, phrase);
        out[kind].count++;
        out[kind].letters += strlen(line);
        out[kind].first += place == 1;
        out[kind].top5 += place <= TOP;
        if (place > TOP && missed) {
            missed(phrase);
        }
    }
    if (file) {
        (void)fclose(file);
    }
    return file != NULL;
}
