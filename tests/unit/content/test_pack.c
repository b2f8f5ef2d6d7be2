// SPDX-License-Identifier: GPL-3.0-or-later
// Signed packs: what is refused is refused before anything is written, and says why.
#include "pack_samples.h"
#include "test_pack_kill.h"
#include "yimen/base/text.h"
#include "yimen/content/texts.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static int open_samples(void **state)
{
    static struct pack_samples samples;
    samples_open(&samples);
    *state = &samples;
    return 0;
}

static int close_samples(void **state)
{
    samples_close(*state);
    return 0;
}

static enum err install(struct pack_samples *samples, struct fake_files *pack, struct fail *why)
{
    struct pack_info info = {0};
    return pack_install(&pack->files, &samples->content->files, &samples->options, &info, why);
}

static void installed(struct pack_samples *samples, const char *version, const char *from,
                      const char *word)
{
    struct fail why = {0};
    struct fake_files *pack = sample_pack(samples, version, from, word);
    if (install(samples, pack, &why) != ERR_OK)
        fail_msg("%s", why.text);
    fake_files_free(pack);
}

static void is_in_force(const struct pack_samples *samples, int64_t now_utc_ms, const char *word)
{
    char found[32];
    sample_word(samples, now_utc_ms, found);
    assert_string_equal(found, word);
}

// ------------------------------------------------------------------ refused

static void one_byte(const struct pack_samples *samples, struct fake_files *pack)
{
    (void)samples;
    fake_files_put(pack, "forms/help.xml", "<farm/>", 7);
}
static void shorter(const struct pack_samples *samples, struct fake_files *pack)
{
    (void)samples;
    fake_files_put(pack, "forms/help.xml", "<form", 5);
}
static void longer(const struct pack_samples *samples, struct fake_files *pack)
{
    (void)samples;
    fake_files_put(pack, "forms/help.xml", "<form/><form/>", 14);
}
static void file_gone(const struct pack_samples *samples, struct fake_files *pack)
{
    (void)samples;
    fake_files_remove(pack, "forms/help.xml");
}
static void manifest_changed(const struct pack_samples *samples, struct fake_files *pack)
{
    (void)samples;
    const struct fake_file *file = fake_files_get(pack, "manifest.json");
    char changed[2048];
    memcpy(changed, file->data, file->length);
    changed[file->length - 3] = ' ';
    fake_files_put(pack, "manifest.json", changed, file->length);
}
static void manifest_cut(const struct pack_samples *samples, struct fake_files *pack)
{
    (void)samples;
    fake_files_put(pack, "manifest.json", "{", 1);
}
static void manifest_gone(const struct pack_samples *samples, struct fake_files *pack)
{
    (void)samples;
    fake_files_remove(pack, "manifest.json");
}
static void unsigned_pack(const struct pack_samples *samples, struct fake_files *pack)
{
    (void)samples;
    fake_files_remove(pack, "manifest.sig");
}
static void signature_garbled(const struct pack_samples *samples, struct fake_files *pack)
{
    (void)samples;
    fake_files_put(pack, "manifest.sig", "\x00\xff{", 3);
}
static void foreign(const struct pack_samples *samples, struct fake_files *pack)
{
    sample_sign(samples, pack, SAMPLE_FOREIGN);
}
static void foreign_as_ours(const struct pack_samples *samples, struct fake_files *pack)
{
    // our key's name over a foreign signature
    char ours[PACK_KEY_ID], text[256], *at;
    sample_sign(samples, pack, SAMPLE_FOREIGN);
    const struct fake_file *file = fake_files_get(pack, "manifest.sig");
    memcpy(text, file->data, file->length);
    text[file->length] = '\0';
    pack_key_id(&samples->crypto, samples->public_keys[0], ours);
    at = strstr(text, "\"key\": \"");
    memcpy(at + 8, ours, PACK_KEY_ID - 1);
    fake_files_put(pack, "manifest.sig", text, file->length);
}

#define HASH "\"sha256\": \"0000000000000000000000000000000000000000000000000000000000000000\""
#define FILE_ENTRY(path) "{\"path\": \"" path "\", \"size\": 1, " HASH "}"
#define MANIFEST(product, version, from, files)                                                    \
    "{\"format\": 1, \"product\": \"" product "\", \"version\": \"" version                        \
    "\", \"effective_from\": \"" from "\", \"effective_to\": \"\", \"files\": [" files "]}"
#define SIGNED(name, text)                                                                         \
    static void name(const struct pack_samples *samples, struct fake_files *pack)                  \
    {                                                                                              \
        sample_manifest(samples, pack, text);                                                      \
    }
SIGNED(climbs_out, MANIFEST("yimen", "9", "2026-01-01", FILE_ENTRY("../state")))
SIGNED(climbs_within, MANIFEST("yimen", "9", "2026-01-01", FILE_ENTRY("forms/../../state")))
SIGNED(absolute, MANIFEST("yimen", "9", "2026-01-01", FILE_ENTRY("/etc/passwd")))
SIGNED(hidden, MANIFEST("yimen", "9", "2026-01-01", FILE_ENTRY("forms/.x")))
SIGNED(empty_part, MANIFEST("yimen", "9", "2026-01-01", FILE_ENTRY("forms//x")))
SIGNED(own_manifest, MANIFEST("yimen", "9", "2026-01-01", FILE_ENTRY("manifest.json")))
SIGNED(file_twice, MANIFEST("yimen", "9", "2026-01-01", FILE_ENTRY("a") ", " FILE_ENTRY("a")))
SIGNED(no_files, MANIFEST("yimen", "9", "2026-01-01", ""))
SIGNED(other_product, MANIFEST("other", "9", "2026-01-01", FILE_ENTRY("a")))
SIGNED(version_path, MANIFEST("yimen", "../9", "2026-01-01", FILE_ENTRY("a")))
SIGNED(version_words, MANIFEST("yimen", "nine", "2026-01-01", FILE_ENTRY("a")))
SIGNED(bad_date, MANIFEST("yimen", "9", "2026-02-30", FILE_ENTRY("a")))
SIGNED(not_json, "manifest")
SIGNED(backslashes, MANIFEST("yimen", "9", "2026-01-01", FILE_ENTRY("forms\\\\..\\\\state")))
SIGNED(line_break, MANIFEST("yimen", "9", "2026-01-01", FILE_ENTRY("forms/a\\nb")))
SIGNED(nul_within, MANIFEST("yimen", "9", "2026-01-01", FILE_ENTRY("forms/a\\u0000b")))
SIGNED(own_signature, MANIFEST("yimen", "9", "2026-01-01", FILE_ENTRY("manifest.sig")))
SIGNED(hash_short,
       MANIFEST("yimen", "9", "2026-01-01", "{\"path\": \"a\", \"size\": 1, \"sha256\": \"00\"}"))
SIGNED(hash_no_hex,
       MANIFEST("yimen", "9", "2026-01-01",
                "{\"path\": \"a\", \"size\": 1, \"sha256\": "
                "\"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\"}"))
SIGNED(size_negative,
       MANIFEST("yimen", "9", "2026-01-01", "{\"path\": \"a\", \"size\": -1, " HASH "}"))
SIGNED(size_huge, MANIFEST("yimen", "9", "2026-01-01",
                           "{\"path\": \"a\", \"size\": 9000000000000000000, " HASH "}"))
#define LARGEST(path) "{\"path\": \"" path "\", \"size\": 67108864, " HASH "}"
#define LARGEST_FOUR(path)                                                                         \
    LARGEST(path "1") ", " LARGEST(path "2") ", " LARGEST(path "3") ", " LARGEST(path "4")
SIGNED(size_together, MANIFEST("yimen", "9", "2026-01-01",
                               LARGEST_FOUR("a") ", " LARGEST_FOUR("b") ", " LARGEST_FOUR("c")))
SIGNED(format_later,
       "{\"format\": 2, \"product\": \"yimen\", \"version\": \"9\", \"effective_from\": "
       "\"2026-01-01\", \"effective_to\": \"\", \"files\": [" FILE_ENTRY("a") "]}")
SIGNED(
    member_twice,
    "{\"format\": 1, \"format\": 1, \"product\": \"yimen\", \"version\": \"9\", "
    "\"effective_from\": \"2026-01-01\", \"effective_to\": \"\", \"files\": [" FILE_ENTRY("a") "]}")
SIGNED(version_long,
       MANIFEST("yimen", "9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9.9",
                "2026-01-01", FILE_ENTRY("a")))

static void another_manifest(const struct pack_samples *samples, struct fake_files *pack)
{
    struct fake_files *before = sample_pack(samples, "1.5", "2026-01-01", "older");
    static const char *const names[] = {"manifest.json", "manifest.sig"};
    for (size_t i = 0; i < 2; i++) { // signed before, over these files
        const struct fake_file *file = fake_files_get(before, names[i]);
        fake_files_put(pack, names[i], file->data, file->length);
    }
    fake_files_free(before);
}
static void signature_cut(const struct pack_samples *samples, struct fake_files *pack)
{
    (void)samples;
    char half[512];
    const struct fake_file *file = fake_files_get(pack, "manifest.sig");
    assert_true(file->length < sizeof half);
    memcpy(half, file->data, file->length / 2);
    fake_files_put(pack, "manifest.sig", half, file->length / 2);
}

static const struct {
    const char *what;
    void (*spoil)(const struct pack_samples *samples, struct fake_files *pack);
    enum err err;
    const char *says;
} refused[] = {
    {"one byte of a file", one_byte, ERR_CORRUPT, "forms/help.xml"},
    {"a file cut short", shorter, ERR_CORRUPT, "forms/help.xml"},
    {"a file made longer", longer, ERR_CORRUPT, "forms/help.xml"},
    {"a file missing", file_gone, ERR_CORRUPT, "forms/help.xml"},
    {"one byte of the manifest", manifest_changed, ERR_DENIED, "signature"},
    {"the manifest cut", manifest_cut, ERR_DENIED, "signature"},
    {"no manifest", manifest_gone, ERR_CORRUPT, "manifest.json"},
    {"no signature", unsigned_pack, ERR_DENIED, "not signed"},
    {"a garbled signature", signature_garbled, ERR_DENIED, "not a signature"},
    {"a foreign key", foreign, ERR_DENIED, "not ours"},
    {"a foreign key under our name", foreign_as_ours, ERR_DENIED, "does not fit"},
    {"a path that climbs out", climbs_out, ERR_INPUT, "../state"},
    {"a path that climbs out later", climbs_within, ERR_INPUT, "forms/../../state"},
    {"an absolute path", absolute, ERR_INPUT, "/etc/passwd"},
    {"a hidden file", hidden, ERR_INPUT, "forms/.x"},
    {"an empty part", empty_part, ERR_INPUT, "forms//x"},
    {"the manifest itself", own_manifest, ERR_INPUT, "manifest.json"},
    {"a file twice", file_twice, ERR_INPUT, "twice"},
    {"no files", no_files, ERR_INPUT, "1 to"},
    {"another product", other_product, ERR_UNSUPPORTED, "other"},
    {"a version that is a path", version_path, ERR_INPUT, "version"},
    {"a version in words", version_words, ERR_INPUT, "version"},
    {"a date that is none", bad_date, ERR_INPUT, "2026-02-30"},
    {"a signed manifest that is not JSON", not_json, ERR_INPUT, "manifest.json"},
    {"a path of backslashes", backslashes, ERR_INPUT, "state"},
    {"a path of two lines", line_break, ERR_INPUT, "forms/a"},
    {"a path with a NUL", nul_within, ERR_INPUT, ""},
    {"the signature itself", own_signature, ERR_INPUT, "manifest.sig"},
    {"half a hash", hash_short, ERR_INPUT, "sha256"},
    {"a hash that is none", hash_no_hex, ERR_INPUT, "sha256"},
    {"a size below nothing", size_negative, ERR_INPUT, ""},
    {"a size beyond all", size_huge, ERR_INPUT, ""},
    {"files too large together", size_together, ERR_FULL, "larger than"},
    {"a later format", format_later, ERR_UNSUPPORTED, "format 2"},
    {"a member twice", member_twice, ERR_INPUT, "manifest.json"},
    {"a version without end", version_long, ERR_INPUT, ""},
    {"another signed manifest over these files", another_manifest, ERR_CORRUPT, ""},
    {"half a signature", signature_cut, ERR_DENIED, "not a signature"},
};

static void a_bad_pack_is_refused_before_the_first_write(void **state)
{
    struct pack_samples *samples = *state;
    installed(samples, "1", "2026-01-01", "old");
    samples->content->writes = 0;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct fail why = {0};
        struct pack_info info;
        struct fake_files *pack = sample_pack(samples, "2", "2026-01-01", "new");
        refused[i].spoil(samples, pack);
        if (install(samples, pack, &why) != refused[i].err || !strstr(why.text, refused[i].says))
            fail_msg("%s: %s: %s", refused[i].what, err_name(why.err), why.text);
        assert_int_equal(pack_verify(&pack->files, &samples->options.trust, &info, NULL),
                         refused[i].err);
        assert_int_equal(samples->content->writes, 0);
        fake_files_free(pack);
    }
    is_in_force(samples, samples->options.now_utc_ms, "old");
}

static void the_successor_key_may_sign_as_well(void **state)
{
    struct pack_samples *samples = *state;
    struct fake_files *pack = sample_pack(samples, "1", "2026-01-01", "new");
    sample_sign(samples, pack, 1);
    assert_int_equal(install(samples, pack, NULL), ERR_OK);
    is_in_force(samples, samples->options.now_utc_ms, "new");
    fake_files_free(pack);
}

// ------------------------------------------------------------------ versions

static void versions_never_go_back(void **state)
{
    struct pack_samples *samples = *state;
    static const struct {
        const char *version;
        enum err err;
    } steps[] = {
        {"2026.9", ERR_OK},        {"2026.10", ERR_OK},       {"2026.9", ERR_CONFLICT},
        {"2026.10.1", ERR_OK},     {"2026.10", ERR_CONFLICT}, {"2026.10.0", ERR_CONFLICT},
        {"1999.99", ERR_CONFLICT}, {"2027", ERR_OK},          {"2026.99.99", ERR_CONFLICT},
        {"10000000.1", ERR_OK},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct fake_files *pack = sample_pack(samples, steps[i].version, "2026-01-01", "x");
        assert_int_equal(install(samples, pack, NULL), steps[i].err);
        fake_files_free(pack);
    }
}

static void the_same_version_is_fine_only_with_the_same_content(void **state)
{
    struct pack_samples *samples = *state;
    installed(samples, "1", "2026-01-01", "one");
    installed(samples, "1", "2026-01-01", "one");
    struct fake_files *other = sample_pack(samples, "1", "2026-01-01", "other");
    assert_int_equal(install(samples, other, NULL), ERR_CONFLICT);
    is_in_force(samples, samples->options.now_utc_ms, "one");
    fake_files_free(other);
}

static void a_pack_for_later_waits_for_its_day(void **state)
{
    struct pack_samples *samples = *state;
    const int64_t midnight = 1830268800000; // 2028-01-01 00:00 in the district
    installed(samples, "1", "2026-01-01", "old");
    installed(samples, "2", "2028-01-01", "new");
    is_in_force(samples, samples->options.now_utc_ms, "old");
    is_in_force(samples, 0, "old"); // time unknown
    is_in_force(samples, midnight - 1, "old");
    is_in_force(samples, midnight, "new");
    is_in_force(samples, samples->options.now_utc_ms, "new"); // a clock set back changes nothing
    struct fake_files *between = sample_pack(samples, "1.5", "2026-01-01", "x");
    assert_int_equal(install(samples, between, NULL), ERR_CONFLICT);
    fake_files_free(between);
}

static void every_installed_version_can_still_be_opened(void **state)
{
    struct pack_samples *samples = *state;
    struct pack *pack = NULL;
    struct strbuf text;
    installed(samples, "1", "2026-01-01", "old");
    installed(samples, "2", "2026-01-01", "new");
    assert_int_equal(
        pack_open_version(&samples->content->files, &samples->options.trust, "1", &pack, NULL),
        ERR_OK);
    strbuf_init(&text, 1000);
    assert_int_equal(
        pack_files(pack)->ops->read(pack_files(pack)->self, "i18n/zh/a.json", &text, NULL), ERR_OK);
    assert_string_equal(strbuf_text(&text), "{\"word\": \"old\"}");
    assert_string_equal(pack_about(pack)->version, "1");
    strbuf_free(&text);
    pack_close(pack);
    assert_int_not_equal(pack_open_version(&samples->content->files, &samples->options.trust,
                                           "../releases/1", &pack, NULL),
                         ERR_OK);
}

// ------------------------------------------------------------------ trial, damage, room

static enum err refuses(void *context, const struct files *release, struct fail *why)
{
    (void)context, (void)release;
    return fail_set(why, ERR_INPUT, "its form does not load");
}

static void a_pack_that_fails_its_trial_never_comes_into_force(void **state)
{
    struct pack_samples *samples = *state;
    struct fail why = {0};
    installed(samples, "1", "2026-01-01", "old");
    struct fake_files *pack = sample_pack(samples, "2", "2026-01-01", "new");
    samples->options.trial = refuses;
    assert_int_equal(install(samples, pack, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "its form does not load"));
    is_in_force(samples, samples->options.now_utc_ms, "old");
    samples->options.trial = NULL;
    assert_int_equal(install(samples, pack, NULL), ERR_OK);
    fake_files_free(pack);
}

static void signed_nonsense_is_tried_and_refused(void **state)
{
    struct pack_samples *samples = *state;
    struct fail why = {0};
    struct fake_files *source = fake_files_new(), *pack = fake_files_new();
    const struct pack_build_options options = {
        .version = "1", .effective_from = "2026-01-01", .effective_to = ""};
    fake_files_put(source, "services.json", "{}", 2);
    fake_files_put(source, "i18n/zh/a.json", "{}", 2);
    assert_int_equal(pack_build(&source->files, &pack->files, &samples->crypto, &options, NULL),
                     ERR_OK);
    sample_sign(samples, pack, 0);
    assert_int_equal(install(samples, pack, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "services.json"));
    is_in_force(samples, samples->options.now_utc_ms, "");
    fake_files_free(source);
    fake_files_free(pack);
}

static void policies_are_tried_with_the_rest(void **state)
{
    struct pack_samples *samples = *state;
    struct fail why = {0};
    installed(samples, "1", "2026-01-01", "old");
    struct fake_files *pack =
        sample_pack_with(samples, "2", "2026-01-01", "new", "{\"format\": 1}");
    assert_int_equal(install(samples, pack, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "policies.json"));
    is_in_force(samples, samples->options.now_utc_ms, "old");
    fake_files_free(pack);
}

static void a_damaged_release_gives_way_to_the_one_before(void **state)
{
    struct pack_samples *samples = *state;
    installed(samples, "1", "2026-01-01", "old");
    installed(samples, "2", "2026-01-01", "new");
    fake_files_put(samples->content, "releases/2/i18n/zh/a.json", "{\"word\": \"bad\"}", 15);
    is_in_force(samples, samples->options.now_utc_ms, "old");
}

static void a_damaged_state_file_is_never_taken_for_a_new_device(void **state)
{
    struct pack_samples *samples = *state;
    static const char *const damages[] = {
        "", "{", "{\"current\": \"1\", \"previous\": \"\", \"next\": \"\", \"check\": \"00\"}"};
    installed(samples, "5", "2026-01-01", "old");
    struct fake_files *older = sample_pack(samples, "4", "2026-01-01", "x");
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct pack *pack = NULL;
        fake_files_put(samples->content, "state", damages[i], strlen(damages[i]));
        assert_int_equal(install(samples, older, NULL), ERR_CORRUPT);
        assert_int_equal(
            pack_open(&samples->content->files, &samples->options.trust, 0, &pack, NULL),
            ERR_CORRUPT);
    }
    fake_files_free(older);
}

static void without_room_nothing_is_written(void **state)
{
    struct pack_samples *samples = *state;
    struct fake_files *pack = sample_pack(samples, "1", "2026-01-01", "x");
    samples->content->free_bytes = 1000;
    assert_int_equal(install(samples, pack, NULL), ERR_FULL);
    assert_int_equal(samples->content->writes, 0);
    fake_files_free(pack);
}

static void the_view_shows_only_what_was_signed_and_takes_nothing(void **state)
{
    struct pack_samples *samples = *state;
    struct pack *pack = NULL;
    struct strbuf out;
    installed(samples, "1", "2026-01-01", "old");
    fake_files_put(samples->content, "releases/1/forms/extra.xml", "x", 1);
    assert_int_equal(pack_open(&samples->content->files, &samples->options.trust, 0, &pack, NULL),
                     ERR_OK);
    const struct files *files = pack_files(pack);
    strbuf_init(&out, 1000);
    static const char *const hidden_paths[] = {"forms/extra.xml", "../../state", "manifest.sig",
                                               "icons/not-content.svg"};
    for (size_t i = 0; i < sizeof hidden_paths / sizeof *hidden_paths; i++)
        assert_int_equal(files->ops->read(files->self, hidden_paths[i], &out, NULL), ERR_NOT_FOUND);
    assert_int_equal(files->ops->read(files->self, "forms/help.xml", &out, NULL), ERR_OK);
    assert_int_equal(files->ops->write(files->self, "forms/help.xml", "x", 1, false, NULL),
                     ERR_DENIED);
    assert_int_equal(files->ops->remove(files->self, "forms/help.xml", NULL), ERR_DENIED);
    strbuf_free(&out);
    pack_close(pack);
}

int main(void)
{
#define PACK_TEST(name) cmocka_unit_test_setup_teardown(name, open_samples, close_samples)
    const struct CMUnitTest tests[] = {
        PACK_TEST(a_bad_pack_is_refused_before_the_first_write),
        PACK_TEST(the_successor_key_may_sign_as_well),
        PACK_TEST(versions_never_go_back),
        PACK_TEST(the_same_version_is_fine_only_with_the_same_content),
        PACK_TEST(a_pack_for_later_waits_for_its_day),
        PACK_TEST(every_installed_version_can_still_be_opened),
        PACK_TEST(a_pack_that_fails_its_trial_never_comes_into_force),
        PACK_TEST(signed_nonsense_is_tried_and_refused),
        PACK_TEST(policies_are_tried_with_the_rest),
        PACK_TEST(a_damaged_release_gives_way_to_the_one_before),
        PACK_TEST(a_damaged_state_file_is_never_taken_for_a_new_device),
        PACK_TEST(without_room_nothing_is_written),
        PACK_TEST(the_view_shows_only_what_was_signed_and_takes_nothing),
        cmocka_unit_test(a_stop_at_any_call_leaves_the_old_or_the_complete_new_pack),
        cmocka_unit_test(a_stop_at_any_call_of_a_first_installation_is_repaired_by_the_next),
        cmocka_unit_test(a_stop_while_switching_to_the_next_pack_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
