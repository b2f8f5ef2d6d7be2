// SPDX-License-Identifier: GPL-3.0-or-later
// The ODK envelope: our own vectors, and those of the environment's $YIMEN_ORACLE byte for byte.
#include "yimen/base/text.h"
#include "yimen/case/envelope.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/crypto.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct bench {
    struct crypto crypto;
    struct strbuf private_key, public_key;
};

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_int_equal(sodium_crypto_open(&bench->crypto, NULL), ERR_OK);
    strbuf_init(&bench->private_key, 8192);
    strbuf_init(&bench->public_key, 8192);
    assert_int_equal(
        certificate_make_sealing_key(2048, &bench->private_key, &bench->public_key, NULL), ERR_OK);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    strbuf_free(&bench->private_key);
    strbuf_free(&bench->public_key);
    free(bench);
    return 0;
}

static void unhex(const struct crypto *crypto, const char *hex, struct strbuf *out)
{
    strbuf_init(out, strlen(hex));
    assert_int_equal(crypto->ops->hex_decode(crypto->self, hex, strlen(hex), out), ERR_OK);
}

static void expect_hex(const struct crypto *crypto, const void *data, size_t length,
                       const char *hex)
{
    struct strbuf text;
    strbuf_init(&text, length * 2 + 1);
    crypto->ops->hex_encode(crypto->self, data, length, &text);
    assert_string_equal(strbuf_text(&text), hex);
    strbuf_free(&text);
}

static void one_file(struct envelope_cipher *cipher, const char *plain_hex, const char *iv_hex,
                     const char *sealed_hex)
{
    struct strbuf plain, sealed, back;
    struct envelope_cipher reader = *cipher;
    unhex(cipher->crypto, plain_hex, &plain);
    strbuf_init(&sealed, plain.length + 16);
    strbuf_init(&back, plain.length + 16);
    assert_int_equal(envelope_cipher_encrypt(cipher, plain.data, plain.length, &sealed, NULL),
                     ERR_OK);
    expect_hex(cipher->crypto, cipher->seed, sizeof cipher->seed, iv_hex);
    expect_hex(cipher->crypto, sealed.data, sealed.length, sealed_hex);
    assert_int_equal(envelope_cipher_decrypt(&reader, sealed.data, sealed.length, &back, NULL),
                     ERR_OK);
    assert_int_equal(back.length, plain.length);
    assert_memory_equal(strbuf_text(&back), strbuf_text(&plain), plain.length);
    strbuf_free(&plain);
    strbuf_free(&sealed);
    strbuf_free(&back);
}

static void begin(struct envelope_cipher *cipher, const struct crypto *crypto, const char *instance,
                  const char *key_hex)
{
    struct strbuf key;
    unhex(crypto, key_hex, &key);
    envelope_cipher_begin(cipher, crypto, instance, (const uint8_t *)key.data);
    strbuf_free(&key);
}

// Computed with other tools: md5sum for the seed, `openssl enc -aes-256-cfb` for the bytes.
static void files_are_sealed_as_other_odk_tools_seal_them(void **state)
{
    const struct bench *bench = *state;
    struct envelope_cipher cipher;
    begin(&cipher, &bench->crypto, "uuid:0b4aa1d1-0000-4000-8000-000000000001",
          "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    expect_hex(&bench->crypto, cipher.seed, sizeof cipher.seed, "9d47ee6cb61d33875ec9bf7367652b97");
    one_file(&cipher, "", "9e47ee6cb61d33875ec9bf7367652b97", "b2366bebaf48272839890a9c51775c0a");
    one_file(&cipher, "68656c6c6f", "9e48ee6cb61d33875ec9bf7367652b97",
             "6dd5253ddb70df210a8e5297b97c3054");
    one_file(&cipher, "30313233343536373839616263646566", "9e48ef6cb61d33875ec9bf7367652b97",
             "64e329595153850f45f097f0371654c250307671bd1403bbe15e71eae632e5b1");
}

static void the_seventeenth_file_counts_up_the_first_byte_again(void **state)
{
    const struct bench *bench = *state;
    struct envelope_cipher cipher;
    begin(&cipher, &bench->crypto, "uuid:x",
          "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    uint8_t before[ENVELOPE_SEED];
    memcpy(before, cipher.seed, sizeof before);
    struct strbuf out;
    strbuf_init(&out, 4096);
    for (int file = 0; file < 17; file++)
        assert_int_equal(envelope_cipher_encrypt(&cipher, "x", 1, &out, NULL), ERR_OK);
    assert_int_equal(cipher.seed[0], (uint8_t)(before[0] + 2));
    for (int at = 1; at < ENVELOPE_SEED; at++)
        assert_int_equal(cipher.seed[at], (uint8_t)(before[at] + 1));
    strbuf_free(&out);
}

static void every_oracle_case_is_byte_exact(void **state)
{
    const struct bench *bench = *state;
    const char *folder = getenv("YIMEN_ORACLE");
    char path[1024];
    if (!folder)
        skip();
    snprintf(path, sizeof path, "%s/encryption.json", folder);
    json_t *oracle = json_load_file(path, 0, NULL);
    json_t *cases = json_object_get(oracle, "cases");
    assert_true(json_array_size(cases) > 0);
    for (size_t at = 0; at < json_array_size(cases); at++) {
        const json_t *entry = json_array_get(cases, at);
        struct envelope_cipher cipher;
        begin(&cipher, &bench->crypto, json_string_value(json_object_get(entry, "instanceID")),
              json_string_value(json_object_get(entry, "key_hex")));
        expect_hex(&bench->crypto, cipher.seed, sizeof cipher.seed,
                   json_string_value(json_object_get(entry, "md5_seed_hex")));
        const json_t *files = json_object_get(entry, "files");
        const json_t *ivs = json_object_get(entry, "ivs_hex");
        for (size_t file = 0; file < json_array_size(files); file++) {
            const json_t *sample = json_array_get(files, file);
            assert_int_equal(json_integer_value(json_object_get(sample, "index")), file);
            one_file(&cipher, json_string_value(json_object_get(sample, "plain_hex")),
                     json_string_value(json_array_get(ivs, file)),
                     json_string_value(json_object_get(sample, "cipher_hex")));
        }
    }
    json_decref(oracle);
}

static const struct envelope_about about = {"form", "3", "uuid:1"};

static void seal_two(struct bench *bench, struct envelope *out)
{
    struct attachment files[] = {
        {.name = "photo.jpg", .data = (char[]){"\xFF\xD8 not a photo"}, .length = 14},
        {.name = ENVELOPE_RECORD, .data = (char[]){"<data/>"}, .length = 7},
    };
    struct bytes key = {bench->public_key.data, bench->public_key.length};
    assert_int_equal(envelope_seal(&bench->crypto, &about, &key, files, 2, out, NULL), ERR_OK);
}

static enum err open_it(struct bench *bench, const struct envelope_about *as,
                        const struct envelope *envelope, struct attachment plain[2])
{
    struct bytes key = {bench->private_key.data, bench->private_key.length};
    return envelope_open(&bench->crypto, as, &key, envelope, plain, NULL);
}

static void a_sealed_record_opens_with_the_private_key(void **state)
{
    struct bench *bench = *state;
    struct envelope envelope;
    struct attachment plain[2];
    seal_two(bench, &envelope);
    assert_string_equal(envelope.parts[0].name, "photo.jpg.enc");
    assert_string_equal(envelope.parts[1].name, "submission.xml.enc");
    assert_int_equal(envelope.parts[1].length, 16);
    assert_int_equal(open_it(bench, &about, &envelope, plain), ERR_OK);
    assert_string_equal(plain[0].name, "photo.jpg");
    assert_int_equal(plain[0].length, 14);
    assert_string_equal(plain[1].data, "<data/>");
    attachments_clear(plain, 2);
    envelope_clear(&envelope);
}

static void a_changed_part_an_other_record_and_an_other_key_are_noticed(void **state)
{
    struct bench *bench = *state;
    struct envelope envelope;
    struct attachment plain[2];
    seal_two(bench, &envelope);
    unsigned char *byte = envelope.parts[0].data;
    byte[2] ^= 1;
    assert_int_equal(open_it(bench, &about, &envelope, plain), ERR_CORRUPT);
    byte[2] ^= 1;
    struct envelope_about other = about;
    other.version = "4";
    assert_int_equal(open_it(bench, &other, &envelope, plain), ERR_CORRUPT);
    other = about;
    other.instance_id = "uuid:2";
    assert_int_equal(open_it(bench, &other, &envelope, plain), ERR_CORRUPT);
    envelope.parts[0].length--;
    assert_int_equal(open_it(bench, &about, &envelope, plain), ERR_CORRUPT);
    envelope.parts[0].length++;
    void *stranger;
    assert_int_equal(set_up(&stranger), 0);
    assert_int_equal(open_it(stranger, &about, &envelope, plain), ERR_DENIED);
    tear_down(&stranger);
    envelope_clear(&envelope);
}

static void a_record_without_instance_id_is_never_sealed(void **state)
{
    struct bench *bench = *state;
    struct envelope envelope;
    struct envelope_about nameless = {"form", "", ""};
    struct attachment file = {.name = ENVELOPE_RECORD, .data = (char[]){"<data/>"}, .length = 7};
    struct bytes key = {bench->public_key.data, bench->public_key.length};
    assert_int_equal(envelope_seal(&bench->crypto, &nameless, &key, &file, 1, &envelope, NULL),
                     ERR_INPUT);
}

int main(void)
{
#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ON_BENCH(files_are_sealed_as_other_odk_tools_seal_them),
        ON_BENCH(the_seventeenth_file_counts_up_the_first_byte_again),
        ON_BENCH(every_oracle_case_is_byte_exact),
        ON_BENCH(a_sealed_record_opens_with_the_private_key),
        ON_BENCH(a_changed_part_an_other_record_and_an_other_key_are_noticed),
        ON_BENCH(a_record_without_instance_id_is_never_sealed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
