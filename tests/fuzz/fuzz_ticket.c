// SPDX-License-Identifier: GPL-3.0-or-later
// Any text as a scanned or typed ticket, and any bytes as a sealed draft: what is no ticket of ours
// is refused, what nobody sealed does not open.
#include "yimen/base/limits.h"
#include "yimen/case/ticket.h"
#include "yimen/driver/crypto.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void scan(const struct crypto *crypto, const char *text)
{
    struct ticket ticket, again;
    char same[TICKET_TEXT];
    if (ticket_parse(crypto, text, &ticket, NULL) != ERR_OK)
        return;
    if (!ticket_id_is_good(ticket.id))
        abort();
    ticket_text(crypto, &ticket, same);
    if (ticket_parse(crypto, same, &again, NULL) != ERR_OK || again.code != ticket.code ||
        strcmp(again.id, ticket.id) != 0 || memcmp(again.key, ticket.key, sizeof again.key) != 0)
        abort(); // what it says, it reads
}

// Typed by hand: whatever is taken is a code of ours, and says itself again.
static void type(const char *text)
{
    struct ticket ticket, again;
    char grouped[TICKET_TYPED + 4];
    if (ticket_type(text, &ticket, NULL) != ERR_OK) {
        if (ticket.typed[0])
            abort(); // nothing is left of what was refused
        return;
    }
    ticket_grouped(ticket.typed, grouped);
    if (strspn(ticket.typed, ticket_alphabet()) != TICKET_TYPED - 1 || ticket.id[0] ||
        ticket_type(grouped, &again, NULL) != ERR_OK || again.code != ticket.code ||
        strcmp(again.typed, ticket.typed) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const uint8_t key[CRYPTO_KEY] = {1};
    static const char id[] = "000102030405060708090a0b0c0d0e0f";
    struct crypto crypto;
    struct strbuf sealed, plain;
    char *text = calloc(1, length + 1);
    if (!text || sodium_crypto_open(&crypto, NULL) != ERR_OK)
        abort();
    if (length > 0)
        memcpy(text, bytes, length);
    scan(&crypto, text);
    type(text);
    strbuf_init(&sealed, LIMIT_DRAFT_BYTES + 64);
    strbuf_init(&plain, LIMIT_DRAFT_BYTES);
    if (ticket_open(&crypto, key, id, 1, bytes, length, &plain, NULL) == ERR_OK)
        abort(); // nobody sealed it
    if (ticket_seal(&crypto, key, id, 1, text, length, &sealed, NULL) != ERR_OK ||
        ticket_open(&crypto, key, id, 1, sealed.data, sealed.length, &plain, NULL) != ERR_OK ||
        plain.length != length || (length && memcmp(plain.data, bytes, length) != 0))
        abort(); // what was sealed opens as it was
    if (sealed.length > 0)
        sealed.data[length % sealed.length] ^= 1;
    if (ticket_open(&crypto, key, id, 1, sealed.data, sealed.length, &plain, NULL) == ERR_OK)
        abort();
    strbuf_free(&sealed);
    strbuf_free(&plain);
    free(text);
    return 0;
}
