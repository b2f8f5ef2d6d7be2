// SPDX-License-Identifier: GPL-3.0-or-later
// The manifest and the device's seal in it.
#include "yimen/base/text.h"
#include "yimen/case/manifest.h"
#include "yimen/driver/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct desk {
    struct crypto crypto;
    uint8_t public_key[CRYPTO_PUBLIC], secret[CRYPTO_SECRET];
    struct manifest manifest;
};

static int set_up(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    assert_int_equal(sodium_crypto_open(&desk->crypto, NULL), ERR_OK);
    desk->crypto.ops->sign_keypair(desk->crypto.self, desk->public_key, desk->secret);
    struct manifest *manifest = &desk->manifest;
    *manifest = (struct manifest){.form_id = "urgent & <odd>",
                                  .version = "2026\"1",
                                  .instance_id = "uuid:1",
                                  .encrypted_key = "S0VZ",
                                  .element_signature = "U0lH",
                                  .file_count = 2,
                                  .files = {"a photo.jpg.enc", "submission.xml.enc"},
                                  .has_seal = true};
    struct seal *seal = &manifest->seal;
    *seal = (struct seal){.key_id = "kiosk-1",
                          .receipt = "370212017261123140839",
                          .counter = "017",
                          .token_hash = "abcdef",
                          .service = "urgent-relief",
                          .urgent = true,
                          .touched_utc_ms = 1795449600000,
                          .saved_utc_ms = 1795449660000,
                          .touched_quality = TIME_RTC,
                          .saved_quality = TIME_DISTRICT,
                          .of_instance = "",
                          .part_count = 2};
    seal_describe_part(&desk->crypto, "a photo.jpg.enc", "photo", 5, &seal->parts[0]);
    seal_describe_part(&desk->crypto, "submission.xml.enc", "record", 6, &seal->parts[1]);
    assert_int_equal(seal_sign(&desk->crypto, desk->secret, manifest, NULL), ERR_OK);
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static enum err verify(const struct desk *desk, const struct manifest *manifest)
{
    return seal_verify(&desk->crypto, desk->public_key, manifest, NULL);
}

static void write_it(const struct desk *desk, struct strbuf *xml)
{
    strbuf_init(xml, LIMIT_MANIFEST);
    assert_int_equal(manifest_write(&desk->manifest, xml, NULL), ERR_OK);
}

static void what_is_written_reads_back_and_still_verifies(void **state)
{
    struct desk *desk = *state;
    struct strbuf xml;
    struct manifest *back = calloc(1, sizeof *back);
    struct fail why = {0};
    write_it(desk, &xml);
    if (manifest_read(xml.data, xml.length, back, &why))
        fail_msg("%s", why.text);
    assert_string_equal(back->form_id, "urgent & <odd>");
    assert_string_equal(back->version, "2026\"1");
    assert_int_equal(back->file_count, 2);
    assert_string_equal(back->files[0], "a photo.jpg.enc");
    assert_true(back->has_seal && back->seal.urgent);
    assert_int_equal(back->seal.saved_utc_ms, 1795449660000);
    assert_int_equal(back->seal.saved_quality, TIME_DISTRICT);
    assert_int_equal(verify(desk, back), ERR_OK);
    strbuf_free(&xml);
    free(back);
}

// Where a seal may be tampered with: any byte of any signed field.
static void every_changed_field_breaks_the_seal(void **state)
{
    struct desk *desk = *state;
    struct manifest *good = &desk->manifest;
    const struct {
        void *at;
        size_t length;
    } fields[] = {
        {good->form_id, 6},
        {good->version, 4},
        {good->instance_id, 6},
        {good->encrypted_key, 4},
        {good->element_signature, 4},
        {good->seal.key_id, 7},
        {good->seal.receipt, 21},
        {good->seal.counter, 3},
        {good->seal.token_hash, 6},
        {good->seal.service, 13},
        {&good->seal.urgent, 1},
        {good->seal.parts[0].sha256, 64},
        {&good->seal.parts[1].size, 1},
        {&good->seal.touched_utc_ms, 4},
        {&good->seal.saved_utc_ms, 4},
    };
    for (size_t field = 0; field < sizeof fields / sizeof fields[0]; field++) {
        for (size_t at = 0; at < fields[field].length; at++) {
            unsigned char *byte = (unsigned char *)fields[field].at + at;
            *byte ^= 1;
            assert_int_equal(verify(desk, good), ERR_DENIED);
            *byte ^= 1;
        }
    }
    text_copy(good->seal.of_instance, sizeof good->seal.of_instance, "uuid:0");
    assert_int_equal(verify(desk, good), ERR_DENIED);
    good->seal.of_instance[0] = '\0';
    good->seal.saved_quality = TIME_RTC;
    assert_int_equal(verify(desk, good), ERR_DENIED);
    good->seal.saved_quality = TIME_DISTRICT;
    assert_int_equal(verify(desk, good), ERR_OK);
}

static void the_seal_must_name_exactly_the_manifests_files(void **state)
{
    struct desk *desk = *state;
    struct manifest *manifest = &desk->manifest;
    manifest->file_count = 1;
    assert_int_equal(verify(desk, manifest), ERR_DENIED);
    manifest->file_count = 2;
    text_copy(manifest->files[0], sizeof manifest->files[0], "other.jpg.enc");
    assert_int_equal(verify(desk, manifest), ERR_DENIED);
    manifest->has_seal = false;
    assert_int_equal(verify(desk, manifest), ERR_DENIED);
}

static void a_line_cannot_be_smuggled_into_a_field(void **state)
{
    struct desk *desk = *state;
    text_copy(desk->manifest.seal.service, sizeof desk->manifest.seal.service, "a\nurgent 1");
    assert_int_equal(seal_sign(&desk->crypto, desk->secret, &desk->manifest, NULL), ERR_INPUT);
}

static void parts_are_checked_by_size_and_hash(void **state)
{
    const struct desk *desk = *state;
    const struct seal *seal = &desk->manifest.seal;
#define CHECK(name, text) seal_check_part(&desk->crypto, seal, name, text, strlen(text), NULL)
    assert_int_equal(CHECK("a photo.jpg.enc", "photo"), ERR_OK);
    assert_int_equal(CHECK("a photo.jpg.enc", "phot0"), ERR_CONFLICT);
    assert_int_equal(CHECK("a photo.jpg.enc", "photos"), ERR_CONFLICT);
    assert_int_equal(CHECK("b.enc", "photo"), ERR_NOT_FOUND);
}

static void other_readers_pass_the_seal_by(void **state)
{
    struct desk *desk = *state;
    struct strbuf xml;
    write_it(desk, &xml);
    const char *seal = strstr(xml.data, "<seal");
    assert_non_null(seal);
    static const char *const names[] = {"<file", "<media", "<meta", "<instanceID"};
    for (size_t at = 0; at < sizeof names / sizeof names[0]; at++)
        assert_null(strstr(seal, names[at]));
    assert_string_equal(strstr(seal, "</seal>"), "</seal></data>\n"); // the last child
    strbuf_free(&xml);
}

static void a_manifest_of_another_odk_client_is_read_without_a_seal(void **state)
{
    (void)state;
    static const char xml[] =
        "<data xmlns=\"http://www.opendatakit.org/xforms/encrypted\" id=\"f\" encrypted=\"yes\">"
        "<base64EncryptedKey>S0VZ</base64EncryptedKey>"
        "<meta xmlns=\"http://openrosa.org/xforms\"><instanceID>uuid:9</instanceID></meta>"
        "<media><file>1.jpg.enc</file></media>"
        "<encryptedXmlFile>submission.xml.enc</encryptedXmlFile>"
        "<base64EncryptedElementSignature>U0lH</base64EncryptedElementSignature></data>";
    struct manifest *manifest = calloc(1, sizeof *manifest);
    assert_int_equal(manifest_read(xml, sizeof xml - 1, manifest, NULL), ERR_OK);
    assert_false(manifest->has_seal);
    assert_string_equal(manifest->version, "");
    assert_string_equal(manifest->files[1], "submission.xml.enc");
    free(manifest);
}

#define HEAD "<data id=\"f\" encrypted=\"yes\"><base64EncryptedKey>k</base64EncryptedKey>"
#define META "<meta><instanceID>uuid:1</instanceID></meta>"
#define RECORD "<encryptedXmlFile>submission.xml.enc</encryptedXmlFile>"

static void hostile_manifests_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "<data",
        "<data id=\"f\"/>",
        HEAD META "</data>",
        HEAD RECORD "</data>",
        HEAD META RECORD "<media><file>../../etc/passwd.enc</file></media></data>",
        HEAD META RECORD "<media><file>a/b.enc</file></media></data>",
        HEAD META RECORD "<media><file>plain.jpg</file></media></data>",
        HEAD META RECORD "<media><file>submission.xml.enc</file></media></data>",
        HEAD META RECORD "<seal xmlns=\"urn:yimen:seal:1\" key=\"k\" sig=\"s\"/></data>",
        "<!DOCTYPE data [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>" HEAD META RECORD
        "&b;</data>",
        "<!DOCTYPE data SYSTEM \"file:///etc/passwd\">" HEAD META RECORD "</data>",
    };
    struct manifest *manifest = calloc(1, sizeof *manifest);
    for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++)
        assert_int_equal(manifest_read(bad[at], strlen(bad[at]), manifest, NULL), ERR_INPUT);
    char *huge = calloc(1, LIMIT_MANIFEST + 2);
    memset(huge, ' ', LIMIT_MANIFEST + 1);
    assert_int_equal(manifest_read(huge, LIMIT_MANIFEST + 1, manifest, NULL), ERR_INPUT);
    free(huge);
    free(manifest);
}

static void of_two_elements_none_is_believed(void **state)
{
    struct desk *desk = *state;
    static const char *const twice[] = {
        "<seal",  "<meta", "<encryptedXmlFile", "<base64EncryptedKey", "<receipt",
        "<token", "<saved"};
    struct strbuf xml;
    struct manifest *back = calloc(1, sizeof *back);
    write_it(desk, &xml);
    assert_int_equal(manifest_read(xml.data, xml.length, back, NULL), ERR_OK);
    for (size_t i = 0; i < sizeof twice / sizeof twice[0]; i++) {
        const char *at = strstr(strbuf_text(&xml), twice[i]);
        struct strbuf bad;
        strbuf_init(&bad, LIMIT_MANIFEST);
        assert_non_null(at);
        strbuf_add(&bad, xml.data, (size_t)(at - xml.data));
        strbuf_addf(&bad, "%s/>", twice[i]); // the first counted until now
        strbuf_adds(&bad, at);
        assert_int_equal(manifest_read(bad.data, bad.length, back, NULL), ERR_INPUT);
        strbuf_free(&bad);
    }
    strbuf_free(&xml);
    free(back);
}

int main(void)
{
#define ON_DESK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ON_DESK(what_is_written_reads_back_and_still_verifies),
        ON_DESK(every_changed_field_breaks_the_seal),
        ON_DESK(the_seal_must_name_exactly_the_manifests_files),
        ON_DESK(a_line_cannot_be_smuggled_into_a_field),
        ON_DESK(parts_are_checked_by_size_and_hash),
        ON_DESK(other_readers_pass_the_seal_by),
        ON_DESK(of_two_elements_none_is_believed),
        cmocka_unit_test(a_manifest_of_another_odk_client_is_read_without_a_seal),
        cmocka_unit_test(hostile_manifests_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
