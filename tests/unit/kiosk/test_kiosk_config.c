// SPDX-License-Identifier: GPL-3.0-or-later
// The folder that provisioning made, with one secret gone or wrong: who has a screen is told, who
// has none is refused.
#include "app/main/kiosk_config.h"
#include "fakes/fakes_files.h"
#include "yimen/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct fake_files *whole_folder(void)
{
    static const uint8_t bytes[CRYPTO_SECRET] = {1};
    static const char json[] =
        "{\"format\": 1, \"profile\": \"production\", \"counter\": \"001\", \"incarnation\": 3, "
        "\"device_id\": \"kiosk-001\", \"device_key_id\": \"k\", \"server\": "
        "\"https://district:8443\", \"server_user\": \"counter-001\", \"public_host\": "
        "\"district\"}";
    struct fake_files *fake = fake_files_new();
    fake_files_put(fake, "kiosk.json", json, strlen(json));
    fake_files_put(fake, "keys/signing.secret", bytes, CRYPTO_SECRET);
    fake_files_put(fake, "keys/root.secret", bytes, CRYPTO_KEY);
    fake_files_put(fake, "keys/server.password", "secret\n", 7);
    fake_files_put(fake, "keys/content.pub", bytes, CRYPTO_PUBLIC);
    fake_files_put(fake, "keys/sealing.pem", "pem", 3);
    return fake;
}

static void a_whole_folder_has_no_faults(void **state)
{
    struct fake_files *fake = whole_folder();
    static struct kiosk_config config;
    (void)state;
    assert_int_equal(kiosk_config_look(&fake->files, "/kiosk", &config, NULL), ERR_OK);
    assert_int_equal(config.fault_count, 0);
    assert_int_equal(config.root_secret[0], 1);
    assert_string_equal(config.server_password, "secret");
    kiosk_config_wipe(&config);
    fake_files_free(fake);
}

static void a_broken_secret_is_a_fault_where_it_can_be_told(void **state)
{
    static const char *const names[] = {"keys/signing.secret", "keys/root.secret",
                                        "keys/server.password"};
    static struct kiosk_config config;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (int gone = 0; gone < 2; gone++) {
            struct fake_files *fake = whole_folder();
            struct fail why = {0};
            if (gone)
                fake_files_remove(fake, names[i]);
            else
                fake_files_put(fake, names[i], "\n", 1);
            assert_int_not_equal(kiosk_config_read(&fake->files, "/kiosk", &config, &why), ERR_OK);
            assert_non_null(strstr(why.text, names[i]));
            kiosk_config_wipe(&config);
            assert_int_equal(kiosk_config_look(&fake->files, "/kiosk", &config, NULL), ERR_OK);
            assert_int_equal(config.fault_count, 1);
            assert_non_null(strstr(config.faults[0], names[i]));
            assert_string_equal(config.counter, "001"); // the rest is there
            kiosk_config_wipe(&config);
            fake_files_free(fake);
        }
}

static void what_says_who_it_is_must_be_there(void **state)
{
    struct fake_files *fake = whole_folder();
    static struct kiosk_config config;
    (void)state;
    fake_files_put(fake, "kiosk.json", "{", 1);
    assert_int_equal(kiosk_config_look(&fake->files, "/kiosk", &config, NULL), ERR_INPUT);
    kiosk_config_wipe(&config);
    fake_files_free(fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_folder_has_no_faults),
        cmocka_unit_test(a_broken_secret_is_a_fault_where_it_can_be_told),
        cmocka_unit_test(what_says_who_it_is_must_be_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
