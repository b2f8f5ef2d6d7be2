// SPDX-License-Identifier: GPL-3.0-or-later
// The heads of a kiosk's audit chain, as the district takes and keeps them. The chains are the
// kiosk's own, each in a store of its own.
#include "office_bench.h"
#include "yimen/audit/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/sqlite.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { DAY_MS = 86400000, UNSAID = -1, NEWEST = 1 << 20 };

// Two histories of one device.
struct scene {
    struct bench bench;
    struct kiosk_store stores[2];
    struct audit_log logs[2];
};
enum { TRUE_ONE, OTHER };

static void open_log(struct scene *scene, int which)
{
    struct bench *bench = &scene->bench;
    char path[128];
    snprintf(path, sizeof path, "%s/kiosk%d.db", bench->folder, which);
    const struct sqlite_kiosk_store_options options = {.path = path, .crypto = &bench->crypto};
    assert_int_equal(sqlite_kiosk_store_open(&options, &scene->stores[which], NULL), ERR_OK);
    scene->logs[which] = (struct audit_log){.store = &scene->stores[which],
                                            .crypto = &bench->crypto,
                                            .clock = &bench->clock.clock,
                                            .signing_secret = bench->device_secret};
}

static int setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    bench_open(&scene->bench);
    open_log(scene, TRUE_ONE);
    open_log(scene, OTHER);
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    struct scene *scene = *state;
    static const char *const ends[] = {"", "-wal", "-shm", ".ballast", "-ballast"};
    for (int which = 0; which < 2; which++) {
        char path[160];
        sqlite_kiosk_store_close(&scene->stores[which]);
        for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
            snprintf(path, sizeof path, "%s/kiosk%d.db%s", scene->bench.folder, which, ends[i]);
            unlink(path);
        }
    }
    bench_close(&scene->bench);
    free(scene);
    return 0;
}

// Entries up to this one; `detail` is what the histories differ in.
static void grow(struct scene *scene, int which, int64_t until, const char *detail)
{
    const struct audit_log *log = &scene->logs[which];
    struct audit_head head;
    assert_int_equal(audit_log_head(log, &head, NULL), ERR_OK);
    for (int64_t at = head.sequence; at < until; at++)
        assert_int_equal(audit_log_append(log, "case.saved", "", "", detail, NULL), ERR_OK);
}

struct answered {
    bool frozen;
    int64_t sequence; // up to where the district has the audit
    int status;
};

static struct answered post(struct scene *scene, json_t *beat)
{
    char *body = json_dumps(beat, JSON_COMPACT);
    json_decref(beat);
    const struct bench_answer *answer =
        bench_ask(&scene->bench, "POST", "/v1/heartbeat", body, NULL);
    free(body);
    json_t *said = json_loads(answer->body, 0, NULL);
    const struct answered out = {json_is_true(json_object_get(said, "frozen")),
                                 json_integer_value(json_object_get(said, "audit_sequence")),
                                 answer->status};
    json_decref(said);
    return out;
}

static json_t *beat_of(const struct audit_head *head, int64_t after, const char *entries,
                       size_t length)
{
    char hash[2 * AUDIT_HASH + 1], signature[2 * CRYPTO_SIGNATURE + 1];
    audit_hex(head->hash, AUDIT_HASH, hash);
    audit_hex(head->signature, CRYPTO_SIGNATURE, signature);
    json_t *beat =
        json_pack("{s:i, s:s, s:I, s:s, s:[]}", "saves", 1, "audit_head", hash, "audit_sequence",
                  (json_int_t)head->sequence, "audit_signature", signature, "unsent");
    if (after == UNSAID)
        return beat;
    char *hex = malloc(2 * length + 1);
    audit_hex((const unsigned char *)entries, length, hex);
    json_object_set_new(beat, "audit_after", json_integer(after));
    json_object_set_new(beat, "audit_entries", json_string(hex));
    free(hex);
    return beat;
}

// What a kiosk with this history tells to a district that has it up to `after`.
static struct answered tell(struct scene *scene, int which, int64_t after)
{
    struct strbuf lines;
    struct audit_head head;
    strbuf_init(&lines, 1 << 20);
    assert_int_equal(
        audit_log_since(&scene->logs[which], after == UNSAID ? NEWEST : after, &lines, &head, NULL),
        ERR_OK);
    struct answered out = post(scene, beat_of(&head, after, strbuf_text(&lines), lines.length));
    strbuf_free(&lines);
    return out;
}

// What staff are shown.
static json_t *shown(struct scene *scene)
{
    struct strbuf out;
    strbuf_init(&out, 1 << 20);
    assert_int_equal(district_devices(scene->bench.district, &out, NULL), ERR_OK);
    json_t *list = json_loads(strbuf_text(&out), 0, NULL);
    strbuf_free(&out);
    return list;
}

static bool is_forked(struct scene *scene)
{
    json_t *list = shown(scene);
    const json_t *forked = json_object_get(json_array_get(list, 0), "audit_forked");
    bool is = json_string_value(forked)[0] != '\0';
    json_decref(list);
    return is;
}

static bool stands_still(struct scene *scene)
{
    json_t *list = shown(scene);
    bool is = json_is_true(json_object_get(json_array_get(list, 0), "audit_still"));
    json_decref(list);
    return is;
}

struct counting {
    const char *event;
    int count;
};

static enum err count_event(void *context, int64_t sequence, const char *line,
                            const uint8_t hash[CRYPTO_HASH])
{
    struct counting *counting = context;
    (void)sequence, (void)hash;
    counting->count += strstr(line, counting->event) != NULL;
    return ERR_OK;
}

static int alarms(struct scene *scene, const char *event)
{
    struct counting counting = {event, 0};
    const struct district_store *store = &scene->bench.store;
    assert_int_equal(store->ops->audit_each(store->self, count_event, &counting, NULL), ERR_OK);
    return counting.count;
}

static void expect(struct answered got, bool frozen, int64_t sequence)
{
    assert_int_equal(got.status, 200);
    assert_int_equal(got.frozen, frozen);
    assert_int_equal(got.sequence, sequence);
}

static void a_chain_grows_by_the_entries_between(void **state)
{
    struct scene *scene = *state;
    grow(scene, TRUE_ONE, 10, "one");
    expect(tell(scene, TRUE_ONE, UNSAID), false, 10); // the first continues nothing
    expect(tell(scene, TRUE_ONE, 10), false, 10);
    grow(scene, TRUE_ONE, 12, "one");
    expect(tell(scene, TRUE_ONE, 10), false, 12);
    expect(tell(scene, TRUE_ONE, 12), false, 12);
    grow(scene, TRUE_ONE, 12 + 2 * AUDIT_LOG_SINCE, "one"); // after a week without a line
    expect(tell(scene, TRUE_ONE, 12), false, 12 + AUDIT_LOG_SINCE);
    expect(tell(scene, TRUE_ONE, 12 + AUDIT_LOG_SINCE), false, 12 + 2 * AUDIT_LOG_SINCE);
    assert_false(is_forked(scene));
}

// A case of this kiosk arrives.
static void hand_in(struct scene *scene)
{
    struct bench_submission *made = calloc(1, sizeof *made);
    const struct bench_record record = {.instance = "uuid:1", .receipt = "370212001251123170019"};
    bench_submission(&scene->bench, &record, made);
    assert_int_equal(bench_post(&scene->bench, made, 0, made->envelope.count)->status, 201);
    bench_submission_free(made);
    free(made);
}

// It writes down each case that was received from it: who acts and writes nothing hides something.
static void an_audit_that_stands_still_while_cases_come_is_an_alarm(void **state)
{
    struct scene *scene = *state;
    grow(scene, TRUE_ONE, 10, "one");
    expect(tell(scene, TRUE_ONE, UNSAID), false, 10);
    fake_clock_pass(&scene->bench.clock, DAY_MS);
    expect(tell(scene, TRUE_ONE, 10), false, 10); // a day without a visit is none
    expect(tell(scene, TRUE_ONE, 10), false, 10);
    hand_in(scene);
    fake_clock_pass(&scene->bench.clock, DAY_MS - 1);
    expect(tell(scene, TRUE_ONE, 10), false, 10);
    expect(tell(scene, TRUE_ONE, 10), false, 10);
    assert_int_equal(alarms(scene, "device.audit-still"), 0);
    fake_clock_pass(&scene->bench.clock, 1);
    for (int i = 0; i < 4; i++)
        expect(tell(scene, TRUE_ONE, 10), false, 10);
    assert_int_equal(alarms(scene, "device.audit-still"), 1);
    assert_true(stands_still(scene));
    grow(scene, TRUE_ONE, 12, "one");
    expect(tell(scene, TRUE_ONE, 10), false, 12);
    assert_false(stands_still(scene));
}

static void a_kiosk_whose_line_was_away_for_days_is_no_alarm(void **state)
{
    struct scene *scene = *state;
    grow(scene, TRUE_ONE, 10, "one");
    expect(tell(scene, TRUE_ONE, UNSAID), false, 10);
    fake_clock_pass(&scene->bench.clock, 1);
    hand_in(scene);
    grow(scene, TRUE_ONE, 11, "one");
    fake_clock_pass(&scene->bench.clock, 3 * (int64_t)DAY_MS);
    expect(tell(scene, TRUE_ONE, UNSAID), false, 10); // started anew, it hears from where on first
    expect(tell(scene, TRUE_ONE, 10), false, 11);
    fake_clock_pass(&scene->bench.clock, 3 * (int64_t)DAY_MS);
    expect(tell(scene, TRUE_ONE, 11), false, 11);
    expect(tell(scene, TRUE_ONE, 11), false, 11);
    assert_int_equal(alarms(scene, "device.audit-still"), 0);
}

static void what_shows_nothing_moves_nothing_and_condemns_nobody(void **state)
{
    struct scene *scene = *state;
    grow(scene, TRUE_ONE, 10, "one");
    expect(tell(scene, TRUE_ONE, UNSAID), false, 10);
    grow(scene, TRUE_ONE, 15, "one");
    expect(tell(scene, TRUE_ONE, UNSAID), false, 10); // an older program
    expect(tell(scene, TRUE_ONE, 3), false, 10);      // from where it last knew
    json_t *unsigned_one = json_pack("{s:i, s:s, s:i, s:[]}", "saves", 1, "audit_head", "aabb",
                                     "audit_sequence", 99, "unsent");
    expect(post(scene, unsigned_one), false, 10);
    assert_false(is_forked(scene));
    expect(tell(scene, TRUE_ONE, 10), false, 15);
}

// Each is told after the true history up to entry 12.
static void another_history(void **state, int until, int64_t after, bool with_true_entries,
                            bool forked)
{
    struct scene *scene = *state;
    struct audit_head head, kept;
    struct strbuf lines;
    grow(scene, TRUE_ONE, 12, "one");
    expect(tell(scene, TRUE_ONE, UNSAID), false, 12);
    assert_int_equal(audit_log_head(&scene->logs[TRUE_ONE], &kept, NULL), ERR_OK);
    grow(scene, TRUE_ONE, until, "one");
    grow(scene, OTHER, until, "another");
    strbuf_init(&lines, 1 << 20);
    assert_int_equal(audit_log_since(&scene->logs[OTHER], after, &lines, &head, NULL), ERR_OK);
    struct audit_head unused;
    if (with_true_entries) {
        strbuf_clear(&lines);
        assert_int_equal(audit_log_since(&scene->logs[TRUE_ONE], after, &lines, &unused, NULL),
                         ERR_OK);
    }
    expect(post(scene, beat_of(&head, after, strbuf_text(&lines), lines.length)), true, 12);
    assert_int_equal(is_forked(scene), forked);
    assert_int_equal(alarms(scene, "device.forked"), forked);
    strbuf_clear(&lines);
    assert_int_equal(district_heads(scene->bench.district, &lines, NULL), ERR_OK);
    assert_int_equal(audit_head_parse(strbuf_text(&lines), &head, NULL), ERR_OK);
    assert_memory_equal(&head, &kept, sizeof kept); // the old one
    strbuf_free(&lines);
    if (forked) // until staff have looked
        expect(tell(scene, TRUE_ONE, 12), true, 12);
}

static void a_longer_chain_of_another_history_is_a_fork(void **state)
{
    another_history(state, 15, 12, false, true);
}

static void its_head_over_the_true_entries_too(void **state)
{
    another_history(state, 15, 12, true, true);
}

static void one_as_long_too(void **state)
{
    another_history(state, 12, 12, false, true);
}

static void a_shorter_one_went_back(void **state)
{
    struct scene *scene = *state;
    grow(scene, TRUE_ONE, 12, "one");
    expect(tell(scene, TRUE_ONE, UNSAID), false, 12);
    grow(scene, OTHER, 5, "another");
    expect(tell(scene, OTHER, 12), true, 12);
    assert_false(is_forked(scene)); // shown when it has grown beyond
    grow(scene, OTHER, 20, "another");
    expect(tell(scene, OTHER, 12), true, 12);
    assert_true(is_forked(scene));
}

static void a_stranger_tells_nothing(void **state)
{
    struct scene *scene = *state;
    uint8_t key[CRYPTO_PUBLIC], stranger[CRYPTO_SECRET];
    scene->bench.crypto.ops->sign_keypair(scene->bench.crypto.self, key, stranger);
    grow(scene, TRUE_ONE, 3, "one");
    scene->logs[TRUE_ONE].signing_secret = stranger;
    assert_int_equal(tell(scene, TRUE_ONE, 0).status, 400);
}

static void staff_let_a_store_that_was_made_anew_begin_again(void **state)
{
    struct scene *scene = *state;
    struct district *district = scene->bench.district;
    const char *device = scene->bench.device.id;
    struct strbuf out;
    another_history(state, 15, 12, false, true);
    assert_int_equal(district_accept_audit(district, device, "2001", " ", NULL), ERR_INPUT);
    assert_int_equal(district_accept_audit(district, "nobody", "2001", "disk", NULL),
                     ERR_NOT_FOUND);
    assert_true(is_forked(scene));
    assert_int_equal(
        district_accept_audit(district, device, "2001", "the disk broke, a new store", NULL),
        ERR_OK);
    assert_false(is_forked(scene));
    assert_int_equal(alarms(scene, "device.audit-accepted"), 1);
    assert_int_equal(district_accept_audit(district, device, "2001", "again", NULL), ERR_NOT_FOUND);
    expect(tell(scene, OTHER, 12), true, 15); // its numbers may repeat: closed until enrolled
    strbuf_init(&out, 1 << 16);
    assert_int_equal(district_heads(district, &out, NULL), ERR_OK);
    assert_non_null(strstr(strbuf_text(&out), "YIMEN-AUDIT/1 12 ")); // of the same day
    assert_non_null(strstr(strbuf_text(&out), "YIMEN-AUDIT/1 15 "));
    strbuf_free(&out);
}

static void the_last_head_of_a_day_is_kept_and_can_be_checked(void **state)
{
    struct scene *scene = *state;
    struct bench *bench = &scene->bench;
    struct strbuf out;
    struct audit_head read, told;
    grow(scene, TRUE_ONE, 3, "one");
    expect(tell(scene, TRUE_ONE, 0), false, 3);
    grow(scene, TRUE_ONE, 5, "one");
    assert_int_equal(audit_log_head(&scene->logs[TRUE_ONE], &told, NULL), ERR_OK);
    expect(tell(scene, TRUE_ONE, 3), false, 5);
    fake_clock_pass(&bench->clock, DAY_MS);
    grow(scene, TRUE_ONE, 9, "one");
    expect(tell(scene, TRUE_ONE, 5), false, 9);
    strbuf_init(&out, 4096);
    assert_int_equal(district_heads(bench->district, &out, NULL), ERR_OK);
    assert_null(strstr(strbuf_text(&out), "YIMEN-AUDIT/1 3 ")); // the day went on
    assert_non_null(strstr(strbuf_text(&out), "YIMEN-AUDIT/1 9 "));
    assert_int_equal(audit_head_parse(strbuf_text(&out), &read, NULL), ERR_OK);
    assert_memory_equal(&read, &told, sizeof read);
    assert_int_equal(audit_head_check(&bench->crypto, bench->device.public_key, &read, NULL),
                     ERR_OK);
    strbuf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define ON_SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
        ON_SCENE(a_chain_grows_by_the_entries_between),
        ON_SCENE(what_shows_nothing_moves_nothing_and_condemns_nobody),
        ON_SCENE(an_audit_that_stands_still_while_cases_come_is_an_alarm),
        ON_SCENE(a_kiosk_whose_line_was_away_for_days_is_no_alarm),
        ON_SCENE(a_longer_chain_of_another_history_is_a_fork),
        ON_SCENE(its_head_over_the_true_entries_too),
        ON_SCENE(one_as_long_too),
        ON_SCENE(a_shorter_one_went_back),
        ON_SCENE(a_stranger_tells_nothing),
        ON_SCENE(staff_let_a_store_that_was_made_anew_begin_again),
        ON_SCENE(the_last_head_of_a_day_is_kept_and_can_be_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
