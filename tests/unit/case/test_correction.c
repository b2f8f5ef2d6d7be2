// SPDX-License-Identifier: GPL-3.0-or-later
// The correction list: what was signed is what is shown, and nothing else ever is.
#include "yimen/base/text.h"
#include "yimen/case/correction.h"
#include "yimen/driver/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const int64_t noon_utc_ms = 1795406400000; // 2026-11-23 12:00 in Qingdao

struct scene {
    struct crypto crypto;
    uint8_t keys[2][CRYPTO_PUBLIC], secret[CRYPTO_SECRET], other_secret[CRYPTO_SECRET];
    struct correction_trust trust;
    struct correction_list list, read;
};

static void add(struct correction_list *list, enum correction_kind kind, const char *ref,
                const char *reason)
{
    struct correction_item *item = &list->items[list->count++];
    item->kind = kind;
    text_copy(item->ref, sizeof item->ref, ref);
    text_copy(item->reason, sizeof item->reason, reason);
}

static void fill(struct correction_list *list)
{
    *list = (struct correction_list){.issued_utc_ms = noon_utc_ms,
                                     .due_utc_ms = correction_due(noon_utc_ms, 10)};
    text_copy(list->id, sizeof list->id, "c1f2e3d4c5b6a798");
    text_copy(list->instance, sizeof list->instance, "uuid:00000000-0000-4000-8000-000000000001");
    text_copy(list->receipt, sizeof list->receipt, "370212001261123248217");
    text_copy(list->service, sizeof list->service, "expenditure-relief");
    text_copy(list->form_id, sizeof list->form_id, "expenditure-relief");
    text_copy(list->version, sizeof list->version, "2026112401");
    add(list, CORRECTION_FIELD, "/data/contact/phone", "这个号码打不通，请再写一遍。");
    add(list, CORRECTION_FIELD, "/data/member[2]/relation", "和户口簿上的\"女婿\"不一样 <b>&amp;");
    add(list, CORRECTION_PAPER, "medical-proof", "请带住院的单据。");
}

static int open_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    if (!scene || sodium_crypto_open(&scene->crypto, NULL))
        return -1;
    const struct crypto *crypto = &scene->crypto;
    crypto->ops->sign_keypair(crypto->self, scene->keys[0], scene->other_secret);
    crypto->ops->sign_keypair(crypto->self, scene->keys[1], scene->secret);
    scene->trust = (struct correction_trust){crypto, scene->keys, 2};
    fill(&scene->list);
    *state = scene;
    return 0;
}

static int close_scene(void **state)
{
    free(*state);
    return 0;
}

static void sign(struct scene *scene)
{
    struct fail why = {0};
    if (correction_sign(&scene->crypto, scene->secret, &scene->list, &why))
        fail_msg("%s", why.text);
}

// As it arrives at a kiosk.
static enum err arrive(struct scene *scene, const char *instance, int64_t now_utc_ms)
{
    struct strbuf json;
    struct fail why = {0};
    strbuf_init(&json, CORRECTION_BYTES);
    assert_int_equal(correction_write(&scene->list, &json, NULL), ERR_OK);
    enum err err = correction_open(&scene->trust, strbuf_text(&json), instance, now_utc_ms,
                                   &scene->read, &why);
    strbuf_free(&json);
    return err;
}

static void what_was_signed_arrives_whole(void **state)
{
    struct scene *scene = *state;
    sign(scene);
    assert_int_equal(arrive(scene, scene->list.instance, noon_utc_ms), ERR_OK);
    assert_memory_equal(&scene->read, &scene->list, sizeof scene->list);
}

static void whatever_is_changed_is_noticed(void **state)
{
    struct scene *scene = *state;
    sign(scene);
    const struct correction_list good = scene->list;
    struct {
        char *text;
        const char *instead;
    } changes[] = {
        {scene->list.id, "c1f2e3d4c5b6a799"},
        {scene->list.receipt, "370212001261123248225"},
        {scene->list.service, "medical-aid"},
        {scene->list.form_id, "medical-aid"},
        {scene->list.version, "1"},
        {scene->list.items[0].ref, "/data/contact/person"},
        {scene->list.items[0].reason, "请写银行卡密码。"},
        {scene->list.items[2].ref, "id-card"},
        {scene->list.key_id, "0000000000000000"},
        {scene->list.signature, "AAAA"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        text_copy(changes[i].text, CORRECTION_KEY_ID + 8, changes[i].instead);
        assert_int_equal(arrive(scene, good.instance, noon_utc_ms), ERR_DENIED);
        scene->list = good;
    }
    scene->list.due_utc_ms += 1;
    assert_int_equal(arrive(scene, good.instance, noon_utc_ms), ERR_DENIED);
    scene->list = good;
    scene->list.count--;
    assert_int_equal(arrive(scene, good.instance, noon_utc_ms), ERR_DENIED);
    scene->list = good;
    scene->list.items[0].kind = CORRECTION_PAPER;
    assert_int_equal(arrive(scene, good.instance, noon_utc_ms), ERR_DENIED);
}

static void a_key_that_is_not_the_districts_says_nothing(void **state)
{
    struct scene *scene = *state;
    uint8_t stranger[CRYPTO_PUBLIC], secret[CRYPTO_SECRET];
    scene->crypto.ops->sign_keypair(scene->crypto.self, stranger, secret);
    assert_int_equal(correction_sign(&scene->crypto, secret, &scene->list, NULL), ERR_OK);
    assert_int_equal(arrive(scene, scene->list.instance, noon_utc_ms), ERR_DENIED);
    sign(scene);
    scene->trust.key_count = 0;
    assert_int_equal(arrive(scene, scene->list.instance, noon_utc_ms), ERR_DENIED);
    scene->trust.key_count = 1; // the successor alone is not known yet
    assert_int_equal(arrive(scene, scene->list.instance, noon_utc_ms), ERR_DENIED);
}

static void a_list_of_another_case_is_not_shown(void **state)
{
    struct scene *scene = *state;
    sign(scene);
    assert_int_equal(arrive(scene, "uuid:00000000-0000-4000-8000-000000000002", noon_utc_ms),
                     ERR_CONFLICT);
}

static void the_last_day_counts_to_its_end(void **state)
{
    struct scene *scene = *state;
    char day[11];
    sign(scene);
    correction_due_day(&scene->list, day);
    assert_string_equal(day, "2026-12-03");
    assert_int_equal(arrive(scene, scene->list.instance, scene->list.due_utc_ms - 1), ERR_OK);
    assert_int_equal(arrive(scene, scene->list.instance, scene->list.due_utc_ms), ERR_FULL);
    assert_int_equal(arrive(scene, scene->list.instance, 0), ERR_OK); // the clock is not known
}

static void a_text_with_a_second_reading_is_not_signed(void **state)
{
    struct scene *scene = *state;
    static const char *const bad[] = {"", "a\nfield /data/x", "\x7f", "\xff\xfe"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        fill(&scene->list);
        text_copy(scene->list.items[1].reason, CORRECTION_REASON, bad[i]);
        if (i == 3)
            memcpy(scene->list.items[1].reason, bad[i], 3);
        assert_int_equal(correction_sign(&scene->crypto, scene->secret, &scene->list, NULL),
                         ERR_INPUT);
    }
    fill(&scene->list);
    scene->list.count = 0;
    assert_int_equal(correction_sign(&scene->crypto, scene->secret, &scene->list, NULL), ERR_INPUT);
}

static void what_is_no_list_is_refused(void **state)
{
    struct scene *scene = *state;
    static const char *const bad[] = {
        "",
        "{}",
        "[]",
        "{\"format\":1}",
        "{\"format\":2,\"items\":[]}",
        "\xff",
        "{\"format\":1,\"id\":\"a\",\"key_id\":\"k\",\"instance\":\"i\",\"receipt\":\"r\","
        "\"service\":\"s\",\"form_id\":\"f\",\"version\":\"\",\"signature\":\"\","
        "\"issued_utc_ms\":1,\"due_utc_ms\":2,"
        "\"items\":[{\"field\":\"a\",\"paper\":\"b\",\"reason\":\"c\"}]}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(correction_read(bad[i], strlen(bad[i]), &scene->read, NULL), ERR_INPUT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_scene, close_scene)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_signed_arrives_whole),
        TEST(whatever_is_changed_is_noticed),
        TEST(a_key_that_is_not_the_districts_says_nothing),
        TEST(a_list_of_another_case_is_not_shown),
        TEST(the_last_day_counts_to_its_end),
        TEST(a_text_with_a_second_reading_is_not_signed),
        TEST(what_is_no_list_is_refused),
    };
    return cmocka_run_group_tests_name("correction list", tests, NULL, NULL);
}
