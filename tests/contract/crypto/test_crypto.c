// SPDX-License-Identifier: GPL-3.0-or-later
// The crypto port, on the driver itself and through the wrapper that other tests let fail.
#include "fakes/failing_crypto.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct subject {
    struct crypto real;
    struct failing_crypto wrapped;
    const struct crypto *crypto;
};

static int open_real(void **state)
{
    struct subject *subject = calloc(1, sizeof *subject);
    assert_int_equal(sodium_crypto_open(&subject->real, NULL), ERR_OK);
    subject->crypto = &subject->real;
    *state = subject;
    return 0;
}

static int open_wrapped(void **state)
{
    open_real(state);
    struct subject *subject = *state;
    failing_crypto_begin(&subject->wrapped, &subject->real);
    subject->crypto = &subject->wrapped.crypto;
    return 0;
}

static int close_any(void **state)
{
    free(*state);
    return 0;
}

static const struct crypto *crypto_of(void **state)
{
    return ((struct subject *)*state)->crypto;
}

static void digests_are_the_published_ones(void **state)
{
    const struct crypto *crypto = crypto_of(state);
    static const struct {
        enum crypto_digest kind;
        const char *hex;
    } cases[] = {
        {DIGEST_MD5, "900150983cd24fb0d6963f7d28e17f72"},
        {DIGEST_SHA1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {DIGEST_SHA256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {DIGEST_SHA384, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                        "8086072ba1e7cc2358baeca134c825a7"},
        {DIGEST_SHA512, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
    };
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        uint8_t digest[CRYPTO_DIGEST_MAX];
        struct strbuf hex;
        strbuf_init(&hex, 200);
        size_t length = crypto->ops->digest(crypto->self, cases[at].kind, "abc", 3, digest);
        crypto->ops->hex_encode(crypto->self, digest, length, &hex);
        assert_string_equal(hex.data, cases[at].hex);
        strbuf_free(&hex);
    }
}

static void a_signature_holds_for_its_data_key_and_domain_only(void **state)
{
    const struct crypto *crypto = crypto_of(state);
    uint8_t public_key[CRYPTO_PUBLIC], other[CRYPTO_PUBLIC], secret[CRYPTO_SECRET];
    uint8_t other_secret[CRYPTO_SECRET], signature[CRYPTO_SIGNATURE];
    crypto->ops->sign_keypair(crypto->self, public_key, secret);
    crypto->ops->sign_keypair(crypto->self, other, other_secret);
    assert_int_equal(crypto->ops->sign(crypto->self, secret, "a/1", "data", 4, signature), ERR_OK);
#define VERIFY(key, domain, data, length)                                                          \
    crypto->ops->verify(crypto->self, key, domain, data, length, signature)
    assert_int_equal(VERIFY(public_key, "a/1", "data", 4), ERR_OK);
    assert_int_equal(VERIFY(public_key, "b/1", "data", 4), ERR_DENIED);
    assert_int_equal(VERIFY(public_key, "a/1", "dato", 4), ERR_DENIED);
    assert_int_equal(VERIFY(public_key, "a/1", "data", 3), ERR_DENIED);
    assert_int_equal(VERIFY(other, "a/1", "data", 4), ERR_DENIED);
    signature[5] ^= 1;
    assert_int_equal(VERIFY(public_key, "a/1", "data", 4), ERR_DENIED);
    assert_int_equal(crypto->ops->sign(crypto->self, secret, "a/1", NULL, 0, signature), ERR_OK);
    assert_int_equal(VERIFY(public_key, "a/1", NULL, 0), ERR_OK);
}

static void what_is_sealed_opens_with_its_key_and_place_only(void **state)
{
    const struct crypto *crypto = crypto_of(state);
    uint8_t key[CRYPTO_KEY], other[CRYPTO_KEY];
    crypto->ops->random(crypto->self, key, sizeof key);
    crypto->ops->random(crypto->self, other, sizeof other);
    struct strbuf sealed, plain;
    strbuf_init(&sealed, 1000);
    strbuf_init(&plain, 1000);
    assert_int_equal(crypto->ops->seal(crypto->self, key, "here", "secret", 6, &sealed), ERR_OK);
    assert_int_equal((uint8_t)sealed.data[0], CRYPTO_SUITE_1);
    assert_null(memmem(sealed.data, sealed.length, "secret", 6));
#define OPEN(with, place)                                                                          \
    crypto->ops->open(crypto->self, with, place, sealed.data, sealed.length, &plain)
    assert_int_equal(OPEN(other, "here"), ERR_CORRUPT);
    assert_int_equal(OPEN(key, "there"), ERR_CORRUPT);
    for (size_t at = 0; at < sealed.length; at++) {
        sealed.data[at] ^= 0x40;
        assert_int_equal(OPEN(key, "here"), ERR_CORRUPT);
        sealed.data[at] ^= 0x40;
    }
    assert_int_equal(crypto->ops->open(crypto->self, key, "here", sealed.data, 20, &plain),
                     ERR_CORRUPT);
    assert_int_equal(plain.length, 0);
    assert_int_equal(OPEN(key, "here"), ERR_OK);
    assert_string_equal(plain.data, "secret");
    strbuf_free(&sealed);
    strbuf_free(&plain);
}

static void derived_keys_differ_by_purpose_and_number_and_stay_the_same(void **state)
{
    const struct crypto *crypto = crypto_of(state);
    uint8_t root[CRYPTO_KEY] = {1}, keys[4][CRYPTO_KEY];
    crypto->ops->derive(crypto->self, root, "receipts", 1, keys[0]);
    crypto->ops->derive(crypto->self, root, "receipts", 2, keys[1]);
    crypto->ops->derive(crypto->self, root, "pinpeppr", 1, keys[2]);
    crypto->ops->derive(crypto->self, root, "receipts", 1, keys[3]);
    assert_memory_not_equal(keys[0], keys[1], CRYPTO_KEY);
    assert_memory_not_equal(keys[0], keys[2], CRYPTO_KEY);
    assert_memory_equal(keys[0], keys[3], CRYPTO_KEY);
}

static void passwords_hash_alike_with_the_same_salt_only(void **state)
{
    const struct crypto *crypto = crypto_of(state);
    uint8_t salt[CRYPTO_SALT] = {7}, other_salt[CRYPTO_SALT] = {8}, keys[4][CRYPTO_KEY];
#define HASH(text, with, out)                                                                      \
    assert_int_equal(                                                                              \
        crypto->ops->password_key(crypto->self, text, strlen(text), with, 2, 8 << 20, out),        \
        ERR_OK)
    HASH("739164", salt, keys[0]);
    HASH("739164", salt, keys[1]);
    HASH("739165", salt, keys[2]);
    HASH("739164", other_salt, keys[3]);
    assert_memory_equal(keys[0], keys[1], CRYPTO_KEY);
    assert_memory_not_equal(keys[0], keys[2], CRYPTO_KEY);
    assert_memory_not_equal(keys[0], keys[3], CRYPTO_KEY);
}

static void no_memory_for_a_password_says_try_again(void **state)
{
    const struct crypto *crypto = crypto_of(state);
    uint8_t salt[CRYPTO_SALT] = {0}, key[CRYPTO_KEY];
    const size_t more_than_there_is = (size_t)1 << 41;
    assert_int_equal(
        crypto->ops->password_key(crypto->self, "x", 1, salt, 2, more_than_there_is, key),
        ERR_RETRY);
}

static void rsa_opens_what_was_sealed_to_its_public_half(void **state)
{
    const struct crypto *crypto = crypto_of(state);
    struct strbuf private_key, public_key, sealed, plain;
    strbuf_init(&private_key, 8192);
    strbuf_init(&public_key, 8192);
    strbuf_init(&sealed, 1000);
    strbuf_init(&plain, 1000);
    assert_int_equal(certificate_make_sealing_key(2048, &private_key, &public_key, NULL), ERR_OK);
    assert_int_equal(crypto->ops->rsa_encrypt(crypto->self, public_key.data, public_key.length,
                                              "0123456789abcdef", 16, &sealed, NULL),
                     ERR_OK);
    assert_int_equal(sealed.length, 256);
    assert_int_equal(crypto->ops->rsa_decrypt(crypto->self, private_key.data, private_key.length,
                                              sealed.data, sealed.length, &plain, NULL),
                     ERR_OK);
    assert_string_equal(plain.data, "0123456789abcdef");
    sealed.data[9] ^= 1;
    assert_int_equal(crypto->ops->rsa_decrypt(crypto->self, private_key.data, private_key.length,
                                              sealed.data, sealed.length, &plain, NULL),
                     ERR_CORRUPT);
    struct fail why;
    assert_int_equal(crypto->ops->rsa_encrypt(crypto->self, "nonsense", 8, "x", 1, &sealed, &why),
                     ERR_INPUT);
    assert_int_equal(crypto->ops->rsa_encrypt(crypto->self, private_key.data, private_key.length,
                                              "x", 1, &sealed, &why),
                     ERR_INPUT);
    strbuf_free(&private_key);
    strbuf_free(&public_key);
    strbuf_free(&sealed);
    strbuf_free(&plain);
}

static void aes_cfb_is_the_published_one_and_goes_back(void **state)
{
    const struct crypto *crypto = crypto_of(state);
    // NIST SP 800-38A, F.3.17: CFB128-AES256, first two blocks.
    static const char *const key_hex =
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
    static const char *const plain_hex =
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";
    static const char *const sealed_hex =
        "dc7e84bfda79164b7ecd8486985d386039ffed143b28b1c832113c6331e5407b";
    struct strbuf key, data, expected;
    uint8_t iv[16];
    strbuf_init(&key, 32);
    strbuf_init(&data, 32);
    strbuf_init(&expected, 32);
    assert_int_equal(crypto->ops->hex_decode(crypto->self, key_hex, 64, &key), ERR_OK);
    assert_int_equal(crypto->ops->hex_decode(crypto->self, plain_hex, 64, &data), ERR_OK);
    assert_int_equal(crypto->ops->hex_decode(crypto->self, sealed_hex, 64, &expected), ERR_OK);
    for (int at = 0; at < 16; at++)
        iv[at] = (uint8_t)at;
    assert_int_equal(crypto->ops->aes256_cfb(crypto->self, true, (uint8_t *)key.data, iv,
                                             (uint8_t *)data.data, data.length),
                     ERR_OK);
    assert_memory_equal(data.data, expected.data, 32);
    assert_int_equal(crypto->ops->aes256_cfb(crypto->self, false, (uint8_t *)key.data, iv,
                                             (uint8_t *)data.data, data.length),
                     ERR_OK);
    assert_int_equal((uint8_t)data.data[0], 0x6b);
    strbuf_free(&key);
    strbuf_free(&data);
    strbuf_free(&expected);
}

static void text_forms_go_back_and_refuse_foreign_characters(void **state)
{
    const struct crypto *crypto = crypto_of(state);
    static const struct {
        const char *plain, *base64, *url;
    } cases[] = {
        {"", "", ""},
        {"f", "Zg==", "Zg"},
        {"fo", "Zm8=", "Zm8"},
        {"foo", "Zm9v", "Zm9v"},
        {"\xFB\xFF\xFE", "+//+", "-__-"},
    };
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        const char *const texts[] = {cases[at].base64, cases[at].url};
        for (int url = 0; url < 2; url++) {
            struct strbuf text, back;
            strbuf_init(&text, 100);
            strbuf_init(&back, 100);
            crypto->ops->base64_encode(crypto->self, cases[at].plain, strlen(cases[at].plain), url,
                                       &text);
            assert_string_equal(strbuf_text(&text), texts[url]);
            assert_int_equal(crypto->ops->base64_decode(crypto->self, texts[url],
                                                        strlen(texts[url]), url, &back),
                             ERR_OK);
            assert_string_equal(strbuf_text(&back), cases[at].plain);
            strbuf_free(&text);
            strbuf_free(&back);
        }
    }
    static const char *const bad[] = {"Zg=", "Zg", "Z g=", "Zm9v\n", "Zh==", "-__-", "Zm9v===="};
    for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++) {
        struct strbuf out;
        strbuf_init(&out, 100);
        assert_int_equal(
            crypto->ops->base64_decode(crypto->self, bad[at], strlen(bad[at]), false, &out),
            ERR_INPUT);
        assert_int_equal(out.length, 0);
        strbuf_free(&out);
    }
    static const char *const bad_hex[] = {"0", "0g", "00 1", "zz"};
    for (size_t at = 0; at < sizeof bad_hex / sizeof bad_hex[0]; at++) {
        struct strbuf out;
        strbuf_init(&out, 100);
        assert_int_equal(
            crypto->ops->hex_decode(crypto->self, bad_hex[at], strlen(bad_hex[at]), &out),
            ERR_INPUT);
        strbuf_free(&out);
    }
}

static void decoding_never_passes_the_callers_maximum(void **state)
{
    const struct crypto *crypto = crypto_of(state);
    struct strbuf out;
    strbuf_init(&out, 2);
    assert_int_equal(crypto->ops->base64_decode(crypto->self, "Zm9v", 4, false, &out), ERR_FULL);
    strbuf_free(&out);
}

int main(void)
{
#define ON(test, open) cmocka_unit_test_setup_teardown(test, open, close_any)
#define ON_BOTH(test) ON(test, open_real), ON(test, open_wrapped)
    const struct CMUnitTest tests[] = {
        ON_BOTH(digests_are_the_published_ones),
        ON_BOTH(a_signature_holds_for_its_data_key_and_domain_only),
        ON_BOTH(what_is_sealed_opens_with_its_key_and_place_only),
        ON_BOTH(derived_keys_differ_by_purpose_and_number_and_stay_the_same),
        ON_BOTH(passwords_hash_alike_with_the_same_salt_only),
        ON_BOTH(no_memory_for_a_password_says_try_again),
        ON_BOTH(rsa_opens_what_was_sealed_to_its_public_half),
        ON_BOTH(aes_cfb_is_the_published_one_and_goes_back),
        ON_BOTH(text_forms_go_back_and_refuse_foreign_characters),
        ON_BOTH(decoding_never_passes_the_callers_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
