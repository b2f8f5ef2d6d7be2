// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/driver/sim_code_reader.h"

#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LOOK_AGAIN_MS = 20 };

struct reader {
    const struct clock *clock;
    int64_t opened_ms;
    char *script, *next; // what the script still says; NULL at its end
    char *held;          // NULL: nothing
    bool away;
};

static bool is_plain(const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
            return false;
    return length < CODE_TEXT && text_is_utf8(text, length);
}

static void hold(struct reader *reader, const char *text)
{
    if (reader->held)
        memory_wipe(reader->held, strlen(reader->held));
    free(reader->held);
    reader->held = text ? text_duplicate(text) : NULL;
}

// "5000 text": the time, and where the text begins; NULL when it is not that.
static char *split(char *entry, int64_t *at_ms)
{
    char *end;
    while (*entry == ' ')
        entry++;
    *at_ms = strtoll(entry, &end, 10);
    return end != entry && *end == ' ' && end[1] && *at_ms >= 0 ? end + 1 : NULL;
}

// Everything of the script that is due.
static void follow(struct reader *reader)
{
    int64_t now = clock_now(reader->clock).monotonic_ms - reader->opened_ms, at;
    while (reader->next) {
        char *text = split(reader->next, &at);
        if (!text || at > now)
            return;
        char *comma = strchr(text, ',');
        if (comma)
            *comma = '\0';
        reader->next = comma ? comma + 1 : NULL;
        if (text_equal(text, "plug") || text_equal(text, "unplug"))
            reader->away = text_equal(text, "unplug");
        else
            hold(reader, text);
    }
}

static enum err take(struct reader *reader, char out[CODE_TEXT], struct fail *why)
{
    follow(reader);
    if (reader->away) {
        hold(reader, NULL);
        return fail_set(why, ERR_RETRY, "the code reader is not there");
    }
    if (!reader->held)
        return ERR_NOT_FOUND;
    bool good = is_plain(reader->held);
    if (good)
        text_copy(out, CODE_TEXT, reader->held);
    hold(reader, NULL);
    return good ? ERR_OK : fail_set(why, ERR_INPUT, "a code that is no plain line of text");
}

static enum err read_code(void *self, int timeout_ms, char out[CODE_TEXT], struct fail *why)
{
    enum err err;
    out[0] = '\0';
    for (int waited = 0;; waited += LOOK_AGAIN_MS) {
        err = take(self, out, why);
        if ((err != ERR_NOT_FOUND && err != ERR_RETRY) || waited >= timeout_ms)
            return err;
        (void)nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_MS * 1000000L}, NULL);
    }
}

static const struct code_reader_ops ops = {.read = read_code};

static bool script_is_good(const char *script)
{
    char *copy = text_duplicate(script), *rest = copy;
    int64_t at;
    bool good = true;
    for (char *entry; good && (entry = strsep(&rest, ",")) != NULL;)
        good = split(entry, &at) != NULL;
    free(copy);
    return good;
}

enum err sim_code_reader_open(const struct sim_code_reader_options *options,
                              struct code_reader *out, struct fail *why)
{
    *out = (struct code_reader){0};
    if (options->script && !script_is_good(options->script))
        return fail_set(why, ERR_INPUT, "the code reader's script is not \"ms text, ...\"");
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return fail_set(why, ERR_RETRY, "no memory");
    reader->clock = options->clock;
    reader->opened_ms = clock_now(options->clock).monotonic_ms;
    reader->script = options->script ? text_duplicate(options->script) : NULL;
    reader->next = reader->script;
    *out = (struct code_reader){.ops = &ops, .self = reader};
    return ERR_OK;
}

void sim_code_reader_close(struct code_reader *code_reader)
{
    if (!code_reader || !code_reader->self)
        return;
    struct reader *reader = code_reader->self;
    hold(reader, NULL);
    free(reader->script);
    free(reader);
    *code_reader = (struct code_reader){0};
}

void sim_code_reader_hold(struct code_reader *code_reader, const char *text)
{
    hold(code_reader->self, text);
}

void sim_code_reader_plug(struct code_reader *code_reader, bool plugged)
{
    struct reader *reader = code_reader->self;
    reader->away = !plugged;
}
