// SPDX-License-Identifier: GPL-3.0-or-later
// The file `state`: one small JSON object with a hash of what it says, replaced whole. When it
// cannot be read that is an error, never "new device": that would lose the fallback and the guard
// against going back.
#include "json_read.h"
#include "pack_internal.h"
#include "yimen/base/text.h"
#include <string.h>

#define STATE "state"

struct stored {
    struct pack_state state;
    char check[CRYPTO_HASH * 2 + 1];
};

#define VERSION_MEMBER(name)                                                                       \
    {                                                                                              \
#name, MEMBER_TEXT, offsetof(struct stored, state.name), PACK_VERSION, false               \
    }
static const struct json_member table[] = {
    VERSION_MEMBER(current),
    VERSION_MEMBER(previous),
    VERSION_MEMBER(next),
    {"check", MEMBER_TEXT, offsetof(struct stored, check), CRYPTO_HASH * 2 + 1, false},
};

static enum err add_check(const struct pack_state *state, const struct crypto *crypto,
                          struct strbuf *out, struct fail *why)
{
    struct strbuf line;
    uint8_t digest[CRYPTO_DIGEST_MAX];
    strbuf_init(&line, PACK_STATE_BYTES);
    strbuf_addf(&line, "%s\n%s\n%s\n", state->current, state->previous, state->next);
    enum err err = strbuf_result(&line, why);
    crypto->ops->digest(crypto->self, DIGEST_SHA256, strbuf_text(&line), line.length, digest);
    crypto->ops->hex_encode(crypto->self, digest, CRYPTO_HASH, out);
    strbuf_free(&line);
    return err;
}

static enum err check(const struct stored *stored, const struct crypto *crypto, struct fail *why)
{
    struct strbuf expected;
    strbuf_init(&expected, PACK_STATE_BYTES);
    enum err err = add_check(&stored->state, crypto, &expected, why);
    if (err == ERR_OK && !text_equal(strbuf_text(&expected), stored->check))
        err = fail_set(why, ERR_CORRUPT, STATE ": not what was written");
    strbuf_free(&expected);
    return err;
}

enum err pack_state_read(const struct files *content, const struct crypto *crypto,
                         struct pack_state *out, struct fail *why)
{
    json_t *root = NULL;
    struct stored stored = {0};
    *out = stored.state;
    enum err err = json_file(content, STATE, PACK_STATE_BYTES, &root, why);
    if (err == ERR_NOT_FOUND)
        return ERR_OK;
    if (err == ERR_OK)
        err = json_members(root, STATE, table, sizeof table / sizeof *table, &stored, why);
    if (err == ERR_INPUT || err == ERR_FULL)
        err = fail_set(why, ERR_CORRUPT, STATE ": not what was written");
    if (err == ERR_OK)
        err = check(&stored, crypto, why);
    if (err == ERR_OK)
        *out = stored.state;
    json_decref(root);
    return err;
}

enum err pack_state_write(const struct files *content, const struct crypto *crypto,
                          const struct pack_state *state, struct fail *why)
{
    struct strbuf text;
    strbuf_init(&text, PACK_STATE_BYTES);
    // versions are digits and dots: nothing to escape
    strbuf_addf(&text,
                "{ \"current\": \"%s\", \"previous\": \"%s\", \"next\": \"%s\", \"check\": \"",
                state->current, state->previous, state->next);
    enum err err = add_check(state, crypto, &text, why);
    strbuf_adds(&text, "\" }\n");
    if (err == ERR_OK)
        err = strbuf_result(&text, why);
    if (err == ERR_OK)
        err =
            content->ops->write(content->self, STATE, strbuf_text(&text), text.length, false, why);
    strbuf_free(&text);
    return err;
}
