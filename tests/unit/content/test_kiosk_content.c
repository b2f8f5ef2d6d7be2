// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk's content over time: a pack that was put in ahead takes over on its day, what is open
// stays as it was until it is closed, and the older version opens beside the new one.
#include "app/main/kiosk_content.h"
#include "yimen/weave/pack_form.h"
#include "fakes/fake_clock.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/system.h"
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static const int64_t today_ms = 1795413600000;   // 2026-11-23 14:00 in the district
static const int64_t the_day_ms = 1830268800000; // 2028-01-01 00:00
static const int64_t the_end_ms = 1845993600000; // after 2028-06-30

struct machine {
    char folder[64];
    struct crypto crypto;
    struct fake_clock clock;
    uint8_t secret[CRYPTO_SECRET];
    struct kiosk_config config;
    struct kiosk_options options;
    struct kiosk_content content;
};

static struct files below(const struct machine *machine, const char *name)
{
    struct files files;
    char path[128];
    snprintf(path, sizeof path, "%s/%s", machine->folder, name);
    assert_int_equal(system_files_open(path, &files, NULL), ERR_OK);
    return files;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about, (void)kind, (void)place;
    return remove(path);
}

static void empty(const struct machine *machine, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", machine->folder, name);
    (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    assert_int_equal(mkdir(path, 0700), 0);
}

// What a technician's stick holds.
static void bring(struct machine *machine, const char *version, const char *from, const char *to)
{
    struct files assets;
    struct fail why = {0};
    empty(machine, "incoming");
    struct files incoming = below(machine, "incoming");
    const struct pack_build_options options = {.version = version,
                                               .effective_from = from,
                                               .effective_to = to,
                                               .prepare = pack_form_prepare};
    assert_int_equal(system_files_open("assets", &assets, NULL), ERR_OK);
    if (pack_build(&assets, &incoming, &machine->crypto, &options, &why) ||
        pack_sign(&incoming, &machine->crypto, machine->secret, &why))
        fail_msg("%s", why.text);
    system_files_close(&assets);
    system_files_close(&incoming);
}

static void first_pack(struct machine *machine)
{
    struct files incoming = below(machine, "incoming"), content = below(machine, "content");
    struct pack_info info;
    const struct pack_install_options options = {
        .trust = {&machine->crypto, (const uint8_t(*)[CRYPTO_PUBLIC])machine->config.content_keys,
                  1},
        .now_utc_ms = today_ms};
    assert_int_equal(pack_install(&incoming, &content, &options, &info, NULL), ERR_OK);
    system_files_close(&content);
    system_files_close(&incoming);
}

static int set_up(void **state)
{
    static struct machine machine;
    machine = (struct machine){.folder = "/tmp/yimen-content-XXXXXX"};
    assert_non_null(mkdtemp(machine.folder));
    assert_int_equal(sodium_crypto_open(&machine.crypto, NULL), ERR_OK);
    fake_clock_begin(&machine.clock, today_ms);
    machine.crypto.ops->sign_keypair(machine.crypto.self, machine.config.content_keys[0],
                                     machine.secret);
    machine.config.content_key_count = 1;
    machine.options.kiosk = machine.folder;
    empty(&machine, "content");
    bring(&machine, "1", "2026-01-01", "");
    first_pack(&machine);
    *state = &machine;
    return 0;
}

static void open_content(struct machine *machine)
{
    struct fail why = {0};
    if (kiosk_content_open(&machine->content, &machine->config, &machine->options, &machine->crypto,
                           &machine->clock.clock, &why))
        fail_msg("%s", why.text);
}

static int tear_down(void **state)
{
    struct machine *machine = *state;
    kiosk_content_close(&machine->content);
    return nftw(machine->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void a_form_loads(const struct machine *machine)
{
    struct form *form = NULL;
    struct fail why = {0};
    if (kiosk_content_form(&machine->content, "whistle", &form, &why))
        fail_msg("%s", why.text);
    form_free(form);
}

static void put_in_ahead(struct machine *machine)
{
    struct fail why = {0};
    bring(machine, "2", "2028-01-01", "2028-06-30");
    open_content(machine);
    if (kiosk_content_install(&machine->content, &why))
        fail_msg("%s", why.text);
}

static void a_pack_put_in_ahead_takes_over_on_its_day(void **state)
{
    struct machine *machine = *state;
    put_in_ahead(machine);
    kiosk_content_close(&machine->content);
    open_content(machine); // as after a restart
    assert_string_equal(machine->content.version, "1");
    assert_true(machine->content.next_from_ms == the_day_ms);
    machine->clock.now.utc_ms = the_day_ms - 1;
    assert_false(kiosk_content_is_due(&machine->content));
    machine->clock.now.utc_ms = the_day_ms;
    machine->clock.now.quality = TIME_UNKNOWN;
    assert_false(kiosk_content_is_due(&machine->content));
    machine->clock.now.quality = TIME_DISTRICT;
    assert_true(kiosk_content_is_due(&machine->content));

    // A visit is still open: all of its content stays.
    a_form_loads(machine);
    assert_non_null(catalogue_service(machine->content.catalogue, "whistle"));
    assert_string_equal(machine->content.version, "1");

    kiosk_content_close(&machine->content); // it has ended
    open_content(machine);
    assert_string_equal(machine->content.version, "2");
    assert_true(machine->content.ends_ms == the_end_ms);
    assert_false(kiosk_content_is_due(&machine->content));
    a_form_loads(machine);
}

static void what_was_begun_with_an_older_version_goes_on_with_it(void **state)
{
    struct machine *machine = *state;
    struct pack_release old, none;
    struct form *form = NULL;
    put_in_ahead(machine);
    kiosk_content_close(&machine->content);
    machine->clock.now.utc_ms = the_day_ms;
    open_content(machine);
    assert_string_equal(machine->content.version, "2");
    assert_int_equal(kiosk_release_open(&machine->content, "1", &old, NULL), ERR_OK);
    assert_string_equal(old.version, "1");
    assert_non_null(catalogue_service(old.catalogue, "whistle"));
    assert_int_equal(pack_service_form(&old.source, &machine->crypto, "whistle", &form, NULL),
                     ERR_OK);
    form_free(form);
    assert_int_equal(kiosk_release_open(&machine->content, "3", &none, NULL), ERR_NOT_FOUND);
    kiosk_content_clean(&machine->content, 0); // nothing is old enough
    assert_int_equal(pack_service_form(&old.source, &machine->crypto, "whistle", &form, NULL),
                     ERR_OK);
    form_free(form);
    pack_release_close(&old);
}

static void unpacked_content_is_its_only_version(void **state)
{
    struct machine *machine = *state;
    struct pack_release same, other;
    machine->options.assets = "assets";
    open_content(machine);
    assert_false(kiosk_content_is_due(&machine->content));
    assert_int_equal(kiosk_release_open(&machine->content, machine->content.version, &same, NULL),
                     ERR_OK);
    pack_release_close(&same);
    assert_int_equal(kiosk_release_open(&machine->content, "1", &other, NULL), ERR_NOT_FOUND);
}

int main(void)
{
#define OVER_TIME(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        OVER_TIME(a_pack_put_in_ahead_takes_over_on_its_day),
        OVER_TIME(what_was_begun_with_an_older_version_goes_on_with_it),
        OVER_TIME(unpacked_content_is_its_only_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
