// SPDX-License-Identifier: GPL-3.0-or-later
// Rare names all the way: from the screen into the record, the receipt, the sealed submission and
// the district's opened record, not one byte of them changed, dropped or in the way.
#include "office_bench.h"
#include "unit/session/scene.h"

#include "yimen/weave/pack_form.h"
#include "yimen/base/text.h"
#include "yimen/case/tracking.h"
#include "yimen/driver/paper.h"
#include "yimen/driver/sqlite.h"
#include "yimen/receipt/receipt.h"

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EXPENDITURE "forms/expenditure_relief.xml"

static const struct {
    const char *name, *masked;
    bool may_lack_glyph; ///< then a box is drawn in its place, and only there
} names[] = {
    {"䶮", "䶮**", false},                      // extension A
    {"王𠮷", "王**", false},                    // plane 2
    {"𰻝面", "𰻝**", true},                // plane 3
    {"\xEE\xA0\xA1三", "\xEE\xA0\xA1**", true}, // private use: a card's own character
    {"阿卜杜热合曼·买买提艾力·艾合麦提江·阿不都克热木·吐尔逊江", "阿**", false}, // 30 letters
    {"O'Brien <b>&amp;\"x\"", "O**", false},
};

// cairo 1.16 loses 768 bytes with each PDF; a kiosk makes none.
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libcairo\n";
}

/// The kiosk's queue in the bench's folder, enrolled as the bench's device.
struct queue {
    struct bench *bench;
    char path[160];
    struct kiosk_store store;
    struct outbox *outbox;
    struct outbox_reply reply;
};

static void take_reply(void *context, struct outbox_reply *reply)
{
    struct queue *queue = context;
    outbox_reply_clear(&queue->reply);
    queue->reply = *reply;
}

static void ask(struct queue *queue, struct outbox_request *request)
{
    outbox_step(queue->outbox, request, take_reply, queue);
    if (queue->reply.kind == OUTBOX_FAILED || queue->reply.kind == OUTBOX_SAVE_FAILED)
        fail_msg("%s", queue->reply.why);
}

static void open_queue(struct queue *queue, struct bench *bench)
{
    static const uint8_t root[CRYPTO_KEY] = {1, 2, 3};
    struct fail why = {0};
    *queue = (struct queue){.bench = bench};
    snprintf(queue->path, sizeof queue->path, "%s/kiosk.db", bench->folder);
    const struct sqlite_kiosk_store_options store = {.path = queue->path, .crypto = &bench->crypto};
    const struct outbox_options options = {
        .store = &queue->store,
        .crypto = &bench->crypto,
        .clock = &bench->clock.clock,
        .counter = bench->device.counter,
        .incarnation = bench->device.incarnation,
        .district_host = "district.example",
        .sealing_key = bench->sealing_public.data,
        .sealing_key_length = bench->sealing_public.length,
        .sealing_key_id = "seal-1",
        .signing_secret = bench->device_secret,
        .device_key_id = bench->device.key_id,
        .root_secret = root,
    };
    if (sqlite_kiosk_store_open(&store, &queue->store, &why) ||
        outbox_open(&options, &queue->outbox, &why))
        fail_msg("%s", why.text);
    ask(queue, NULL);
}

static void close_queue(struct queue *queue)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".ballast"};
    char path[200];
    outbox_reply_clear(&queue->reply);
    outbox_close(queue->outbox);
    sqlite_kiosk_store_close(&queue->store);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(path, sizeof path, "%s%s", queue->path, ends[i]);
        (void)unlink(path);
    }
}

// ------------------------------------------------------------------ the stages

// A whole visit by a person of that name; what is handed in is saved for real. `typed` is the part
// of it that has keys.
static struct scene *on_the_screen(const char *typed, const char *name, struct queue *queue)
{
    struct scene *scene = scene_new();
    fill_expenditure(scene);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    touch_ref(scene, INTENT_JUMP, "visit:identity");
    ON(scene, SCREEN_IDENTITY);
    touch_text(scene, INTENT_NAME, typed);
    if (!text_equal(typed, name))
        draw_character(scene, "name");
    assert_string_equal(look(scene)->name, name);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    bool seen = false;
    for (size_t i = 0; i < look(scene)->answer_count; i++)
        seen |= text_equal(look(scene)->answers[i].shown, name);
    assert_true(seen);
    touch(scene, INTENT_BACK);
    reach_signature(scene);
    draw_signature(scene);
    scene->store_for_real = queue->outbox;
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    return scene;
}

static void on_the_receipt(const struct receipt_facts *facts, const struct scene *scene,
                           const char *masked, bool may_lack_glyph)
{
    struct arena *arena = arena_new(0);
    struct paper_document document;
    struct paper_output out = {0};
    struct paper paper;
    struct fail why = {0};
    bool seen = false;
    assert_string_equal(facts->masked_name, masked);
    receipt_compose(facts, scene->texts, scene->catalogue, arena, &document);
    for (size_t i = 0; i < document.count; i++)
        seen |= document.items[i].text && strstr(document.items[i].text, masked);
    assert_true(seen);
    if (paper_open(NULL, &paper, &why) != ERR_OK)
        fail_msg("%s", why.text);
    strbuf_init(&out.pdf, 8 << 20);
    if (paper.ops->render(paper.self, &document, &out, &why) != ERR_OK)
        fail_msg("%s", why.text);
    if (out.missing_glyphs && !may_lack_glyph)
        fail_msg("%s prints as a box", masked);
    strbuf_free(&out.pdf);
    paper_close(&paper);
    arena_free(arena);
}

static void at_the_district(struct queue *queue, const char *name)
{
    struct bench *bench = queue->bench;
    struct outbox_request next = {.kind = OUTBOX_NEXT, .from = OUTBOX_FROM_SYNC};
    char number[LIMIT_RECEIPT_NUMBER];
    ask(queue, &next);
    assert_int_equal(queue->reply.kind, OUTBOX_ITEM);
    const struct outbox_item *item = queue->reply.item;
    text_copy(number, sizeof number, item->number);
    const struct bench_answer *answer = bench_post_item(bench, item);
    if (answer->status != 201)
        fail_msg("%d %s", answer->status, answer->body);
    struct outbox_request sent = {
        .kind = OUTBOX_SENT, .from = OUTBOX_FROM_SYNC, .outcome = SEND_RECEIVED};
    text_copy(sent.instance, sizeof sent.instance, item->instance);
    ask(queue, &sent);
    int opened = 0;
    struct strbuf shown;
    struct fail why = {0};
    strbuf_init(&shown, 4 << 20);
    assert_int_equal(district_open_waiting(bench->district, &opened, &why), ERR_OK);
    assert_int_equal(opened, 1);
    if (district_show(bench->district, number, "tester", "a test", &shown, &why) != ERR_OK)
        fail_msg("%s", why.text);
    json_t *root = json_loadb(strbuf_text(&shown), shown.length, 0, NULL);
    json_t *record = json_object_get(root, "record");
    json_t *applicant = json_object_get(record, "applicant");
    assert_string_equal(json_string_value(json_object_get(applicant, "name")), name);
    json_decref(root);
    strbuf_free(&shown);
}

static void begin(struct bench *bench, struct queue *queue)
{
    struct strbuf form;
    bench_open(bench);
    strbuf_init(&form, LIMIT_FORM_BYTES);
    assert_int_equal(pack_form_read(&bench->assets, EXPENDITURE, &form, NULL), ERR_OK);
    assert_int_equal(district_publish_form(bench->district, form.data, form.length, NULL), ERR_OK);
    strbuf_free(&form);
    open_queue(queue, bench);
}

static void end(struct bench *bench, struct queue *queue)
{
    close_queue(queue);
    bench_close(bench);
    // What the libraries keep for the whole process is given back, so that real leaks show.
    cairo_debug_reset_static_data();
    FcFini();
}

// What whoever asks there with receipt and second factor is told, at any counter.
static void as_its_owner_asks(struct bench *bench, const struct receipt_facts *facts)
{
    char body[200], number[LIMIT_RECEIPT_NUMBER];
    struct tracking code;
    assert_int_equal(tracking_parse(facts->qr_text, &code, number, NULL), ERR_OK);
    snprintf(body, sizeof body, "{\"number\":\"%s\",\"factor\":\"0029\",\"token\":\"%s\"}",
             facts->number, code.token);
    const struct bench_answer *answer = bench_ask(bench, "POST", "/v1/lookup", body, NULL);
    json_t *root = json_loads(answer->body, 0, NULL), *told = json_object_get(root, "case");
    assert_int_equal(answer->status, 200);
    assert_string_equal(json_string_value(json_object_get(told, "masked_name")),
                        facts->masked_name);
    assert_string_equal(json_string_value(json_object_get(told, "drawn")), facts->drawn);
    json_decref(root);
}

static void as_a_clerk_opens_it(struct bench *bench, const char *number)
{
    struct strbuf shown, picture;
    struct fail why = {0};
    char name[LIMIT_FILE_NAME] = "";
    strbuf_init(&shown, 4 << 20);
    strbuf_init(&picture, 1 << 20);
    assert_int_equal(district_show(bench->district, number, "tester", "a test", &shown, &why),
                     ERR_OK);
    json_t *root = json_loadb(strbuf_text(&shown), shown.length, 0, NULL), *file;
    size_t index;
    json_array_foreach(json_object_get(root, "files"), index, file)
    {
        const char *each = json_string_value(json_object_get(file, "name"));
        if (text_starts(each, "character-"))
            text_copy(name, sizeof name, each);
    }
    const json_t *visit = json_object_get(json_object_get(root, "record"), "visit");
    const char *list = json_string_value(json_object_get(visit, "characters"));
    assert_true(text_starts(list, "/data/applicant/name:"));
    assert_string_equal(list + strlen("/data/applicant/name:"), name);
    assert_int_equal(district_show_file(bench->district, number, name, "tester", &picture, &why),
                     ERR_OK);
    assert_non_null(
        strstr(strbuf_text(&picture), "M100 100L500 100M300 50L300 600M50 400L550 400\""));
    json_decref(root);
    strbuf_free(&shown);
    strbuf_free(&picture);
}

static void a_character_that_no_keyboard_has_arrives_with_its_picture(void **state)
{
    (void)state;
    static struct bench bench;
    struct queue queue;
    begin(&bench, &queue);
    struct scene *scene = on_the_screen("张", "张" DRAWN_SIGN, &queue);
    assert_int_equal(drawn_count(scene->facts.drawn), 1);
    on_the_receipt(&scene->facts, scene, "张**" DRAWN_SIGN, false);
    at_the_district(&queue, "张" DRAWN_SIGN);
    as_a_clerk_opens_it(&bench, scene->facts.number);
    as_its_owner_asks(&bench, &scene->facts);
    scene_free(scene);
    end(&bench, &queue);
}

static void a_rare_name_arrives_byte_for_byte(void **state)
{
    (void)state;
    static struct bench bench;
    struct queue queue;
    begin(&bench, &queue);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct scene *scene = on_the_screen(names[i].name, names[i].name, &queue);
        on_the_receipt(&scene->facts, scene, names[i].masked, names[i].may_lack_glyph);
        at_the_district(&queue, names[i].name);
        scene_free(scene);
    }
    end(&bench, &queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rare_name_arrives_byte_for_byte),
        cmocka_unit_test(a_character_that_no_keyboard_has_arrives_with_its_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
