// SPDX-License-Identifier: GPL-3.0-or-later
// A ticket as it is typed: fourteen characters of a number in base 26, and two that make the whole
// a multiple of a prime below 26 * 26, as ISO 7064 does with its own alphabets. Of characters that
// look alike at most one is in it: no 0 O Q (D), no 1 I (L), no Z (2), S (5), G (6), B (8), U (V).
#include "yimen/base/text.h"
#include "yimen/case/ticket.h"

#include <string.h>

static const char ALPHABET[] = "23456789ACDEFHJKLMNPRTVWXY";
static const char SALT[] = "yimen/ticket-typed/1", ID[] = "id", KEY[] = "key";

enum {
    BASE = sizeof ALPHABET - 1,
    PAYLOAD = TICKET_TYPED - 3,
    PRIME = 673,
    ID_BYTES = 16,
    OPERATIONS = 3, // as for the key of a draft
    MEMORY_BYTES = 64 << 20,
};

const char *ticket_alphabet(void)
{
    return ALPHABET;
}

void ticket_grouped(const char *typed, char out[TICKET_TYPED + 4])
{
    size_t used = 0;
    for (size_t i = 0; typed[i] && i < TICKET_TYPED - 1; i++) {
        if (i && i % TICKET_GROUP == 0)
            out[used++] = ' ';
        out[used++] = typed[i];
    }
    out[used] = '\0';
}

static int digit_of(char symbol)
{
    const char *at = symbol ? strchr(ALPHABET, symbol) : NULL;
    return at ? (int)(at - ALPHABET) : -1;
}

// The remainder of the number that the characters are.
static unsigned remainder_of(const char *symbols, size_t count)
{
    unsigned rest = 0;
    for (size_t i = 0; i < count; i++)
        rest = (rest * BASE + (unsigned)digit_of(symbols[i])) % PRIME;
    return rest;
}

static void spell(uint64_t number, char out[TICKET_TYPED])
{
    for (size_t i = PAYLOAD; i > 0; i--) {
        out[i - 1] = ALPHABET[number % BASE];
        number /= BASE;
    }
    unsigned rest = remainder_of(out, PAYLOAD) * (BASE * BASE) % PRIME;
    unsigned check = (PRIME - rest) % PRIME;
    out[PAYLOAD] = ALPHABET[check / BASE];
    out[PAYLOAD + 1] = ALPHABET[check % BASE];
    out[PAYLOAD + 2] = '\0';
}

void ticket_draw(const struct crypto *crypto, enum ticket_code code, struct ticket *out)
{
    uint64_t number;
    *out = (struct ticket){.code = code};
    crypto->ops->random(crypto->self, (uint8_t *)&number, sizeof number);
    number = (number & ~(uint64_t)1) | (code == TICKET_CHOSEN);
    spell(number, out->typed);
    memory_wipe(&number, sizeof number);
}

// False: more than a number of 64 bits, which none of ours is.
static bool number_of(const char symbols[TICKET_TYPED], uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < PAYLOAD; i++) {
        if (__builtin_mul_overflow(*out, (uint64_t)BASE, out) ||
            __builtin_add_overflow(*out, (uint64_t)digit_of(symbols[i]), out))
            return false;
    }
    return true;
}

// Only what may be in it, in capitals; false where there is something else, or not sixteen.
static bool clean(const char *typed, char out[TICKET_TYPED])
{
    size_t used = 0;
    for (const char *at = typed; *at; at++) {
        char symbol = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
        if (symbol == ' ' || symbol == '-')
            continue;
        if (digit_of(symbol) < 0 || used == TICKET_TYPED - 1)
            return false;
        out[used++] = symbol;
    }
    out[used] = '\0';
    return used == TICKET_TYPED - 1;
}

enum err ticket_type(const char *typed, struct ticket *out, struct fail *why)
{
    uint64_t number = 0;
    memset(out, 0, sizeof *out);
    bool good = clean(typed, out->typed) && remainder_of(out->typed, TICKET_TYPED - 1) == 0 &&
                number_of(out->typed, &number);
    out->code = number & 1 ? TICKET_CHOSEN : TICKET_LAST_FOUR;
    memory_wipe(&number, sizeof number);
    if (good)
        return ERR_OK;
    memory_wipe(out, sizeof *out);
    return fail_set(why, ERR_INPUT, "not the code of a ticket");
}

static void part_of(const struct crypto *crypto, const uint8_t slow[CRYPTO_KEY], const char *name,
                    uint8_t out[CRYPTO_KEY])
{
    crypto->ops->hmac_sha256(crypto->self, slow, name, strlen(name), out);
}

enum err ticket_unfold(const struct crypto *crypto, struct ticket *ticket, struct fail *why)
{
    uint8_t salt[CRYPTO_DIGEST_MAX], slow[CRYPTO_KEY], id[CRYPTO_KEY];
    crypto->ops->digest(crypto->self, DIGEST_SHA256, SALT, sizeof SALT - 1, salt);
    enum err err = crypto->ops->password_key(crypto->self, ticket->typed, strlen(ticket->typed),
                                             salt, OPERATIONS, MEMORY_BYTES, slow);
    if (err)
        return fail_set(why, err, "no memory for the code of a ticket");
    part_of(crypto, slow, KEY, ticket->key);
    part_of(crypto, slow, ID, id);
    struct strbuf hex;
    strbuf_init(&hex, TICKET_ID_TEXT);
    crypto->ops->hex_encode(crypto->self, id, ID_BYTES, &hex);
    text_copy(ticket->id, sizeof ticket->id, strbuf_text(&hex));
    strbuf_free(&hex);
    memory_wipe(slow, sizeof slow);
    return ERR_OK;
}

enum err ticket_work(const struct crypto *crypto, struct ticket *ticket, const char *code,
                     uint8_t out[CRYPTO_KEY], struct fail *why)
{
    enum err err = ticket->id[0] ? ERR_OK : ticket_unfold(crypto, ticket, why);
    if (!err && code[0])
        err = ticket_key(crypto, ticket, code, out, why);
    return err;
}
